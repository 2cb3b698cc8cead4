/** Room on a dimm (nvdimm-and-firmware.md 7.2): where memory and block windows take it, and where they do not. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DpaRules,
  allocateDpa,
  growDpaAllocation,
  resourcesOf,
  shrinkDpaAllocation,
} from '#kernel/drivers/nvdimm/dpa.ts';
import type { NdMapping, NdRegion, NvdimmDriverData } from '#kernel/drivers/nvdimm/nd.ts';
import { ENXIO } from '#kernel/errno.ts';
import { newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/hardware/machine.ts';

const MIB = 2 ** 20;

/** No memory region beside it: nothing to clip, nothing to reserve. */
const ALONE: DpaRules = { clipAliased: () => undefined, reserveFreePmem: () => 0 };

let data: NvdimmDriverData;
let region: NdRegion;

beforeEach(() => {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [],
    flushHints: [],
  });
  const kernel = newKernel(machine, []);
  data = { area: new Uint8Array(0), nsCurrent: -1, nsNext: -1, dpa: [] };
  const nvdimm = { name: 'nmem0', flushHints: [], aliasing: true, unarmed: false, driverData: data };
  const mapping: NdMapping = { nvdimm, start: 0, sizeBytes: 32 * MIB };
  const bus = { kernel, name: 'ndbus0', providerName: 'test', poison: [], regions: [] };
  region = { kernel, bus, name: 'region0', mappings: [mapping] } as unknown as NdRegion;
});

const grow = (owner: string, mebibytes: number): number =>
  growDpaAllocation(region, owner, mebibytes * MIB, ALONE);

const taken = (owner: string): number[][] =>
  resourcesOf(data, owner).map(({ start, sizeBytes }) => [start / MIB, sizeBytes / MIB]);

describe('room for memory', () => {
  it('should begin at the start of the mapping, and follow what is there', () => {
    expect(grow('pmem-a', 4)).toBe(0);
    expect(grow('pmem-b', 8)).toBe(0);
    expect([taken('pmem-a'), taken('pmem-b')]).toEqual([[[0, 4]], [[4, 8]]]);
  });

  it('should be in one piece: it grows only into what lies next to it', () => {
    grow('pmem-a', 4);
    grow('pmem-b', 4);
    // 24 MiB are free, none of them behind a.
    expect(grow('pmem-a', 4)).toBe(-ENXIO);
    expect(grow('pmem-b', 4)).toBe(0);
    expect(taken('pmem-b')).toEqual([[4, 8]]);
  });

  it('should take a hole that is large enough', () => {
    grow('pmem-a', 4);
    grow('pmem-b', 4);
    grow('pmem-c', 4);
    shrinkDpaAllocation(region, 'pmem-b', 4 * MIB);
    grow('pmem-d', 8);
    grow('pmem-e', 4);
    expect([taken('pmem-d'), taken('pmem-e')]).toEqual([[[12, 8]], [[4, 4]]]);
  });
});

describe('room for block windows', () => {
  it('should begin at the end of the mapping and go down', () => {
    grow('blk-a', 4);
    grow('blk-b', 8);
    expect([taken('blk-a'), taken('blk-b')]).toEqual([[[28, 4]], [[20, 8]]]);
  });

  it('should be taken in pieces, and joined where they touch', () => {
    grow('pmem-x', 20);
    grow('blk-a', 4);
    grow('blk-b', 4);
    grow('blk-a', 4);
    expect(taken('blk-a')).toEqual([
      [20, 4],
      [28, 4],
    ]);
    shrinkDpaAllocation(region, 'blk-b', 4 * MIB);
    grow('blk-a', 4);
    expect(taken('blk-a')).toEqual([[20, 12]]);
  });

  it('should be given back from the lowest byte of the highest piece on', () => {
    grow('blk-a', 8);
    shrinkDpaAllocation(region, 'blk-a', 3 * MIB);
    expect(taken('blk-a')).toEqual([[27, 5]]);
  });

  it('should not be given when the dimm is full', () => {
    grow('pmem-a', 20);
    expect(grow('blk-a', 16)).toBe(-ENXIO);
  });
});

describe('what labels say is taken', () => {
  it('should not be taken twice', () => {
    expect(allocateDpa(data, 'pmem-a', 0, 4096)).toBeDefined();
    expect(allocateDpa(data, 'blk-b', 4095, 4096)).toBeUndefined();
    expect(allocateDpa(data, 'blk-b', 4096, 4096)).toBeDefined();
  });
});
