/** Which steps of a workload count as promising durability, wherever whole images are compared. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { promisesOf } from '#pmem/promise/promise.ts';
import { compareWorkload } from '#pmem/compare/compare-workload.ts';

/** The steps that promise, counted from 0. */
function promising(text: string): number[] {
  return promisesOf(parseWorkload(text)).flatMap((isPromise, index) => (isPromise ? [index] : []));
}

describe('what promises durability', () => {
  // POSIX fsync, msync and O_DSYNC; the block layer's text on PREFLUSH and FUA; nvdimm-and-firmware.md 2.8, 4.7, 5.
  const rows: readonly (readonly [workload: string, ...steps: number[]])[] = [
    ['store pmem0:/f @0 8 / fsync pmem0:/f', 1],
    ['msync pmem0:/f @0 4K / msync pmem0:/f @0 4K async', 0],
    ['dax write pmem0:/f @0 iov 8 / dax write pmem0:/f @0 iov 8 sync', 1],
    ['bio write pmem0 @0 512 / bio write pmem0 @0 512 fua / flush pmem0', 1, 2],
    ['detach pmem0 / raw write pmem0 @0 8 / attach pmem0 / shutdown pmem0', 0, 1, 3],
    ['sysfs write /sys/bus/nd/devices/region0/deep_flush "1"', 0],
    ['boot adr pmem0=17M / personality pmem0 btt 512 / bio write pmem0s @0 512 / page write pmem0s @0', 1, 2],
    ['store pmem0:/f @0 8 / load pmem0:/f @0 8 / crash / zeroout pmem0 @0 512'],
  ];
  for (const [workload, ...steps] of rows)
    it(`should be ${steps.length === 0 ? 'none' : `step ${steps.join(' and ')}`} of: ${workload}`, () => {
      expect(promising(workload)).toEqual(steps);
    });
});

describe('who does not vouch', () => {
  const rows: readonly (readonly [why: string, workload: string])[] = [
    ['volatile memory', 'boot adr pmem0=2M,volatile / fsync pmem0:/f'],
    ['a RAM disk', 'boot adr ram0=2M pmem0=2M / fsync ram0:/f'],
    ['a range without dimms', 'boot adr pmem0=2M pmem1=2M,no-dimm / flush pmem1'],
    ['a platform without ADR and hints', 'boot none pmem0=2M / fsync pmem0:/f'],
    ['one dimm without hints', 'boot none pmem0=2M,hints=1+0 / fsync pmem0:/f'],
    ['a kernel without the pmem api', 'boot no-pmem-api pmem0=2M / fsync pmem0:/f'],
    ['a cache that is declared away', 'sysfs write pmem0/queue/write_cache "write through" / flush pmem0'],
    [
      'a mapped device over a cache that is declared away',
      'sysfs write pmem0/queue/write_cache "write through" / dm dm-0 linear 1M pmem0@0 / flush dm-0',
    ],
  ];
  for (const [why, workload] of rows)
    it(`should be: ${why}`, () => {
      expect(promising(workload)).toEqual([]);
    });

  it('should not silence a sibling', () => {
    expect(promising('boot adr pmem0=2M pmem1=2M,no-dimm / flush pmem0')).toEqual([0]);
    expect(promising('boot none pmem0=2M pmem1=2M,hints=2 / flush pmem1')).toEqual([0]);
    expect(promising('boot none nfit=pmem-hints / flush pmem0')).toEqual([0]);
  });

  it('should be nobody on eADR, where the declaration is true', () => {
    const text = 'boot eadr pmem0=2M / sysfs write pmem0/queue/write_cache "write through" / flush pmem0';
    expect(promising(text)).toEqual([1]);
  });

  it('should stay so for a life: the images have what was written then', () => {
    const declared = 'sysfs write pmem0/queue/write_cache "write through"';
    const again = 'sysfs write pmem0/queue/write_cache "write back"';
    expect(promising(`${declared} / ${again} / flush pmem0`)).toEqual([]);
    expect(promising(`${declared} / crash / flush pmem0`)).toEqual([2]);
  });
});

describe('a write with PREFLUSH alone', () => {
  // memory-and-dax.md 15 B20: after patch 1 a write bio without FUA ends without fence, so its own data may be lost.
  it('should not be held to its own data', () => {
    const workload = parseWorkload('bio write pmem0 @8192 4096 preflush');
    const report = compareWorkload({ before, after }, workload);
    expect(report.comparison.acked).toBe('weaker');
    expect(report.synced).toBe('equal');
  });

  it('should promise the whole image when it has FUA too, or no data of its own', () => {
    expect(promising('bio write pmem0 @0 512 preflush')).toEqual([]);
    expect(promising('bio write pmem0 @0 512 preflush fua')).toEqual([0]);
    expect(promising('bio write pmem0 @0 0 preflush')).toEqual([0]);
  });
});
