/** Lookup, the type of a table, and what a mapped queue takes from its members (memory-and-dax.md 8.1, 8.6, 8.7). */
import { describe, expect, it } from 'vitest';
import { memoryKernel } from '../block/support/memory-kernel.ts';
import { errors, linear, member, origin, striped, tableOf } from './support/tables.ts';
import {
  dmTableFindTarget,
  dmTableIsDax,
  dmTableSetRestrictions,
  dmTableSupportsDax,
  newDmTable,
  tableSectors,
} from '#kernel/drivers/md/dm-table.ts';
import { EINVAL } from '#kernel/errno.ts';

const dax = member({ dax: true });
const plain = member();

describe('newDmTable', () => {
  it('should refuse a gap between targets', () => {
    const kernel = memoryKernel();
    const [first] = tableOf(linear(dax)).targets;
    if (first === undefined) throw new Error('no target');
    const behindGap = { ...first, beginSector: 1025 };
    expect(newDmTable(kernel, [first, behindGap])).toBe(-EINVAL);
    expect(kernel.log.map(({ text }) => text)).toEqual(['table: Gap in table']);
  });
});

describe('dmTableFindTarget', () => {
  it('should find the target that holds a sector, at its first and its last', () => {
    const table = tableOf(linear(dax), errors);
    expect(dmTableFindTarget(table, 1023)?.type.name).toBe('linear');
    expect(dmTableFindTarget(table, 1024)?.type.name).toBe('error');
    expect(dmTableFindTarget(table, 2047)?.type.name).toBe('error');
  });

  it.each([
    [1, 'finds none'],
    [7, 'finds none'],
    [8, 'runs past the array'],
    [9, 'finds none'],
    [16, 'runs past the array'],
  ])('should show B13 beyond the end of %i targets: %s', (count, what) => {
    const table = tableOf(...Array.from({ length: count }, () => linear(dax)));
    const find = (): unknown => dmTableFindTarget(table, tableSectors(table));
    if (what === 'finds none') expect(find()).toBeUndefined();
    else expect(find).toThrow('B13');
  });
});

describe('the type of a table', () => {
  it.each([
    ['linear over a dax member', tableOf(linear(dax)), true],
    ['linear over another', tableOf(linear(plain)), false],
    ['a stripe with one dax member (B12)', tableOf(striped(plain, dax)), true],
    ['a stripe without', tableOf(striped(plain, plain)), false],
    ['two targets, one of them without dax', tableOf(linear(dax), linear(plain)), false],
    ['an origin over a dax member', tableOf(origin(dax)), true],
    ['errors, which have no members', tableOf(errors), false],
    ['a dax member and errors', tableOf(linear(dax), errors), false],
  ])('should say of %s that its dax support is %s', (_what, table, expected) => {
    expect(dmTableSupportsDax(table)).toBe(expected);
    expect(dmTableIsDax(table, false)).toBe(expected);
  });

  it('should be that of the device for a table without members, and only for it', () => {
    expect(dmTableIsDax(tableOf(errors, errors), true)).toBe(true);
    expect(dmTableIsDax(tableOf(linear(dax), errors), true)).toBe(false);
  });
});

describe('dmTableSetRestrictions', () => {
  const withCache = member({ writeCache: true, fua: true });

  it.each([
    ['any member with a write cache', tableOf(linear(plain), linear(withCache)), true, true],
    ['no such member', tableOf(striped(plain, plain)), false, false],
    ['FUA only with a write cache', tableOf(linear(member({ fua: true }))), false, false],
    ['an origin', tableOf(origin(withCache)), true, true],
    ['errors', tableOf(errors), false, false],
  ])('should give the queue a write cache and FUA by %s', (_what, table, writeCache, fua) => {
    const { disk } = member();
    dmTableSetRestrictions(table, disk);
    expect(disk.queue).toMatchObject({ writeCache, fua });
  });

  it('should take the largest blocks, add up the sectors, and leave the dax flag alone', () => {
    const { disk } = member();
    dmTableSetRestrictions(tableOf(linear(dax), linear(member({ dax: true, logicalBlockSize: 4096 }))), disk);
    expect(disk.queue).toMatchObject({ logicalBlockSize: 4096, dax: false });
    expect(disk.capacitySectors).toBe(2048);
  });
});
