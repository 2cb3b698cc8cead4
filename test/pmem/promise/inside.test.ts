/** A power failure inside an operation: what a BTT recovers to, and trees that do not let it. */
import { afterAll, describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { crashInside, type InsideReport } from '#pmem/promise/inside.ts';
import { someImages } from '#pmem/promise/some-images.ts';
import type { Boot } from '#pmem/run/run.ts';
import { BASE, machineAfter } from '../../machine/oracle/sets.ts';
import { Mutants } from './mutants.ts';

const mutants = new Mutants();
afterAll(() => mutants.remove());

const reportsOf = (boot: Boot, text: string, bound?: number): InsideReport[] =>
  crashInside(boot, parseWorkload(text), bound);

const BTT = 'boot adr pmem0=17M / personality pmem0 btt 512';

describe('a power failure inside a write to a BTT', () => {
  it('should leave every sector old or new, and a free list that eats no neighbour', () => {
    const reports = reportsOf(after, `${BTT} / bio write pmem0s @0 512 / bio write pmem0s @0 1024`);
    expect(reports.map(({ index, findings }) => [index, findings])).toEqual([
      [0, []],
      [1, []],
      [2, []],
    ]);
    // nvdimm-and-firmware.md 9.1: a sector is data, two halves of a log entry and a map entry, each fenced.
    for (const { images, isComplete } of reports) {
      expect(images).toBeGreaterThan(8);
      expect(isComplete).toBe(false);
    }
  });

  it('should be found to tear sectors where raw writes are not flushed', async () => {
    const unflushed = await mutants.load({
      file: 'drivers/nvdimm/claim.ts',
      from: '  nvdimmFlush(namespace.region);\n',
      to: '',
    });
    const reports = reportsOf(unflushed, `${BTT} / bio write pmem0s @0 512 / bio write pmem0s @0 512`);
    const found = reports.flatMap(({ findings }) =>
      findings.map(({ rule, index, disk }) => [rule, index, disk]),
    );
    expect(found).toContainEqual(['sector', 2, 'pmem0s']);
  });

  it('should also be looked at through a mapped device', () => {
    const text = `${BTT} / dm dm-0 linear 64K pmem0s@512 / bio write dm-0 @0 512`;
    expect(reportsOf(after, text).at(-1)).toMatchObject({ index: 2, findings: [] });
  });

  it('should not be tried where nothing is left to interpret', () => {
    expect(reportsOf(after, 'bio write pmem0 @0 512 / store pmem0:/f @0 8 / fsync pmem0:/f')).toEqual([]);
  });

  it('should keep what was acknowledged where nobody vouches for it out of the verdict', () => {
    const text =
      'boot none pmem0=17M / personality pmem0 btt 512 / bio write pmem0s @0 512 / bio write pmem0s @0 512';
    expect(reportsOf(after, text, 20).flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('a power failure while a namespace gets a personality', () => {
  for (const what of ['btt 512', 'pfn ram'])
    it(`should leave one that can be used: ${what}`, () => {
      const reports = reportsOf(after, `boot adr pmem0=17M / personality pmem0 ${what}`, 16);
      expect(reports).toMatchObject([{ index: 0, findings: [] }]);
    });
});

/** The first bytes of 32 words of which those in `[from, to)` are new. */
const words = (from: number, to: number): string =>
  Array.from({ length: 32 }, (_, at) => (at >= from && at < to ? 17 : 0)).join();

describe('images of a set, some of them', () => {
  const setting = persistencySetting('adr');
  const setOf = (trace: string) => crashHistory(machineAfter(trace, 'adr'), setting).anywhere();

  it('should be all while there are few', () => {
    // Two words that persist one without the other: four images.
    const { images, isComplete } = someImages(setOf('n0:8=11 n64:8=22'), 60);
    expect(isComplete).toBe(true);
    const contents = images.map((image) => [image.get(BASE)?.[0], image.get(BASE + 64)?.[0]].join(' '));
    expect(contents.sort()).toEqual(['0 0', '0 34', '17 0', '17 34']);
  });

  it('should be distinct, possible, and no more than about the bound when there are many', () => {
    const set = setOf(Array.from({ length: 32 }, (_, word) => `n${word * 8}:8=11`).join(' '));
    const { images, isComplete } = someImages(set, 20);
    expect(isComplete).toBe(false);
    expect(images.length).toBeLessThanOrEqual(30);
    for (const image of images) expect(set.contains(image)).toBe(true);
    const texts = images.map((image) => [...image.values()].map((bytes) => bytes[0]).join());
    expect(new Set(texts).size).toBe(images.length);
    // Nothing, everything, and the first word alone are among them.
    for (const corner of [words(0, 0), words(0, 32), words(0, 1), words(1, 32)])
      expect(texts).toContain(corner);
  });

  it('should be the same every time', () => {
    const trace = Array.from({ length: 20 }, (_, word) => `n${word * 8}:8=11`).join(' ');
    expect(someImages(setOf(trace), 16)).toEqual(someImages(setOf(trace), 16));
  });
});
