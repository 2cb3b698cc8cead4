/**
 * The decision table of nvdimm-and-firmware.md 3 with the column that user space can not see, the queue's FUA flag:
 * type of region x dimms x hints x kernel configuration, on both sides. How: a region by hand, and the disk over it.
 */
import { describe, expect, it } from 'vitest';
import { pmemAttachDisk as attachAfter } from '../../../../after/drivers/nvdimm/pmem.ts';
import * as after from '../../../../after/drivers/nvdimm/region_devs.ts';
import { pmemAttachDisk as attachBefore } from '../../../../before/drivers/nvdimm/pmem.ts';
import * as before from '../../../../before/drivers/nvdimm/region_devs.ts';
import type { NvdimmBus, RegionType } from '#kernel/drivers/nvdimm/nd.ts';
import { ENXIO } from '#kernel/errno.ts';
import { type ConfigSymbol, newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/hardware/machine.ts';

const START = 2 ** 32;

/** hasFlush, warned, write cache, FUA of a disk over such a region. */
function decisions(
  side: typeof before | typeof after,
  type: RegionType,
  hints: readonly number[],
  symbols: readonly ConfigSymbol[],
): unknown[] {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [{ name: 'pmem0', start: START, sizeBytes: 2 ** 21, kind: 'persistent', modules: [] }],
    flushHints: [],
  });
  const kernel = newKernel(machine, symbols);
  const bus: NvdimmBus = { kernel, name: 'ndbus0', providerName: 'test', poison: [], regions: [] };
  const mappings = hints.map((count, index) => ({
    nvdimm: {
      name: `nmem${index}`,
      flushHints: Array.from({ length: count }, (_, slot) => 2 ** 31 + index * 4096 + slot * 8),
      aliasing: false,
      unarmed: false,
    },
    start: 0,
    sizeBytes: 4096,
  }));
  const region = side.ndRegionCreate(bus, { start: START, sizeBytes: 2 ** 21, mappings }, type)!;
  side.ndRegionActivate(region);
  const namespace = { region, name: 'namespace0.0', id: 0, start: START, sizeBytes: 2 ** 21 };
  const layout = { dataOffset: 0, startPad: 0, pfnPad: 0, hasStructPages: false };
  const pmem = (side === before ? attachBefore : attachAfter)(namespace, 'pmem0', layout);
  if (typeof pmem === 'number') throw new Error(`attach: ${pmem}`);
  const { writeCache, fua } = pmem.disk.queue;
  return [side.nvdimmHasFlush(region), kernel.log.length === 1, writeCache, fua];
}

const BOTH: readonly ConfigSymbol[] = ['ARCH_HAS_PMEM_API', 'ARCH_HAS_UACCESS_FLUSHCACHE'];
const HINTS: readonly (readonly number[])[] = [[8], [1, 1], [0], [0, 0], []];

describe('the decision table after the series', () => {
  it.each(HINTS)('should hold for pmem regions with hints %j by dimm', (...hints) => {
    const has = hints.length === 0 ? -ENXIO : Math.sign(Math.max(...hints));
    expect(decisions(after, 'nd_pmem', hints, BOTH)).toEqual([has, has < 0, true, has === 1]);
  });

  it.each(HINTS)('should hold for volatile regions with hints %j by dimm', (...hints) => {
    const has = hints.length === 0 ? -ENXIO : Math.sign(Math.max(...hints));
    expect(decisions(after, 'nd_volatile', hints, BOTH)).toEqual([has, has < 0, false, has === 1]);
  });

  it.each(HINTS)('should warn and have no FUA without the pmem api, hints %j', (...hints) => {
    const found = decisions(after, 'nd_pmem', hints, ['ARCH_HAS_UACCESS_FLUSHCACHE']);
    expect(found).toEqual([-ENXIO, true, true, false]);
  });

  it.each(HINTS)('should warn and have no FUA without the flushcache helpers, hints %j', (...hints) => {
    const has = hints.length === 0 ? -ENXIO : Math.sign(Math.max(...hints));
    expect(decisions(after, 'nd_pmem', hints, ['ARCH_HAS_PMEM_API'])).toEqual([has, true, true, false]);
  });
});

describe('the decision table before the series', () => {
  it.each(HINTS)('should advertise write cache and FUA whatever is there, hints %j', (...hints) => {
    const has = hints.length === 0 ? -ENXIO : Math.sign(Math.max(...hints));
    for (const symbols of [BOTH, [], ['ARCH_HAS_PMEM_API' as const]]) {
      expect(decisions(before, 'nd_pmem', hints, symbols)).toEqual([has, has < 0, true, true]);
    }
  });
});
