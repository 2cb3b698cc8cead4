/** How far a request may reach in a target, and targets without operations of their own (memory-and-dax.md 8.2, 8.4, 15 B16). */
import { describe, expect, it } from 'vitest';
import { dmBindTable, dmCreate } from '../../../../after/drivers/md/dm.ts';
import { daxCopyFromIter, daxDirectAccess, daxFlush } from '../../../../after/drivers/dax/super.ts';
import { iovIterInit } from '../../../../after/lib/iov_iter.ts';
import { MEMORY_START, executed, memoryKernel } from '../block/support/memory-kernel.ts';
import { errors, linear, member, striped, tableOf } from './support/tables.ts';
import { type DmTarget, type DmTargetType, maxIoLen } from '#kernel/drivers/md/dm-target.ts';

const only = (target: DmTarget | undefined): DmTarget => {
  if (target === undefined) throw new Error('no target');
  return target;
};

describe('maxIoLen', () => {
  it('should reach to the end of a linear target', () => {
    const target = only(tableOf(errors, linear(member())).targets[1]);
    expect(maxIoLen(target, 1024)).toBe(1024);
    expect(maxIoLen(target, 2047)).toBe(1);
  });

  it('should reach to the end of a chunk of a stripe', () => {
    // Chunks of 8 sectors from sector 1024 on.
    const target = only(tableOf(errors, striped(member(), member())).targets[1]);
    expect(maxIoLen(target, 1024)).toBe(8);
    expect(maxIoLen(target, 1031)).toBe(1);
    expect(maxIoLen(target, 1032)).toBe(8);
  });
});

describe('a target with direct access and nothing else (B16)', () => {
  const type: DmTargetType = {
    name: 'foreign',
    iteratesDevices: false,
    map: () => 0,
    directAccess: (_kernel, _target, pgoff, pageCount) => ({
      pages: pageCount,
      address: MEMORY_START + pgoff * 4096,
      hasStructPages: false,
    }),
  };
  const target: DmTarget = {
    beginSector: 0,
    sectorCount: 64,
    type,
    members: [],
    chunkSectors: 0,
    flushBioCount: 1,
  };

  it('should be copied to through the cache and never flushed', () => {
    const kernel = memoryKernel();
    const md = dmCreate(kernel, 'dm-0');
    dmBindTable(md, { targets: [target] });
    const { address } = daxDirectAccess(kernel, md.dax, 1, 1);
    const iter = iovIterInit({ kind: 'kvec', segments: [new Uint8Array(64)] });
    expect(daxCopyFromIter(kernel, md.dax, 1, address, 64, iter)).toBe(64);
    daxFlush(kernel, md.dax, 1, address, 64);
    expect(executed(kernel)).toBe('c4096:64');
  });

  it('should be out of reach beyond its end: no byte is copied, nothing flushed', () => {
    const kernel = memoryKernel();
    const md = dmCreate(kernel, 'dm-0');
    dmBindTable(md, { targets: [target] });
    const iter = iovIterInit({ kind: 'kvec', segments: [new Uint8Array(64)] });
    expect(daxCopyFromIter(kernel, md.dax, 8, MEMORY_START, 64, iter)).toBe(0);
    daxFlush(kernel, md.dax, 8, MEMORY_START, 64);
    expect(executed(kernel)).toBe('');
  });
});
