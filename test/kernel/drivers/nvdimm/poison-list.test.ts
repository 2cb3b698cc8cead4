/** The bus's list of poison records on both sides (nvdimm-and-firmware.md 6.1), relation by relation, and region types. */
import { describe, expect, it } from 'vitest';
import * as busAfter from '../../../../after/drivers/nvdimm/bus.ts';
import * as coreAfter from '../../../../after/drivers/nvdimm/core.ts';
import * as regionsAfter from '../../../../after/drivers/nvdimm/region_devs.ts';
import * as busBefore from '../../../../before/drivers/nvdimm/bus.ts';
import * as coreBefore from '../../../../before/drivers/nvdimm/core.ts';
import * as regionsBefore from '../../../../before/drivers/nvdimm/region_devs.ts';
import type { NvdimmBus, RegionType } from '#kernel/drivers/nvdimm/nd.ts';
import { newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/hardware/machine.ts';

function newBus(): NvdimmBus {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [],
    flushHints: [],
  });
  const kernel = newKernel(machine, ['ARCH_HAS_PMEM_API', 'ARCH_HAS_UACCESS_FLUSHCACHE']);
  return { kernel, name: 'ndbus0', providerName: 'test', poison: [], regions: [] };
}

describe.each([
  ['before', coreBefore],
  ['after', coreAfter],
] as const)('the poison list in %s/', (_side, core) => {
  const after = (records: readonly (readonly [number, number])[], start: number, length: number) => {
    const bus = newBus();
    for (const [from, size] of records) core.nvdimmBusAddPoison(bus, from, size);
    core.nvdimmForgetPoison(bus, start, length);
    return bus.poison.map((entry) => [entry.start, entry.length]);
  };

  it.each([
    ['no overlap', [[100, 10]], 200, 10, [[100, 10]]],
    ['fully covered', [[100, 10]], 90, 30, []],
    ['exactly covered', [[100, 10]], 100, 10, []],
    ['head covered', [[100, 10]], 95, 10, [[105, 5]]],
    ['tail covered', [[100, 10]], 105, 10, [[100, 5]]],
    [
      'strictly inside',
      [[100, 10]],
      103,
      4,
      [
        [100, 3],
        [107, 3],
      ],
    ],
    [
      'right half goes to the end',
      [
        [100, 10],
        [200, 10],
      ],
      103,
      4,
      [
        [100, 3],
        [200, 10],
        [107, 3],
      ],
    ],
  ] as const)('should do as the table says: %s', (_name, records, start, length, left) => {
    expect(after(records, start, length)).toEqual(left);
  });

  it('should keep overlapping records, and replace the length of one with the same start', () => {
    const bus = newBus();
    for (const [start, length] of [
      [100, 10],
      [105, 10],
      [100, 4],
    ] as const) {
      core.nvdimmBusAddPoison(bus, start, length);
    }
    expect(bus.poison).toEqual([
      { start: 100, length: 4 },
      { start: 105, length: 10 },
    ]);
  });

  it('should warn once when there is nothing to forget', () => {
    const bus = newBus();
    core.nvdimmForgetPoison(bus, 0, 512);
    core.nvdimmForgetPoison(bus, 0, 512);
    expect(bus.kernel.log).toHaveLength(1);
  });
});

const answers = (
  bus: typeof busBefore | typeof busAfter,
  regions: typeof regionsBefore | typeof regionsAfter,
  type: RegionType,
): unknown[] => {
  const nvdimm = { name: 'nmem0', flushHints: [], aliasing: true, unarmed: false };
  const mappings = [{ nvdimm, start: 0, sizeBytes: 4096 }];
  const region = regions.ndRegionCreate(newBus(), { start: 0, sizeBytes: 8192, mappings }, type)!;
  return [
    bus.toNdDeviceType(region),
    bus.ueventHasNumaNode(region),
    bus.pinsBusProvider(region),
    regions.ndRegionToNstype(region),
    regions.ndRegionAttributes.get('size')?.show(region),
  ];
};

describe('types of region', () => {
  // nvdimm-and-firmware.md 4.6, 4.7, 6.5: device type, numa node in uevents, module pinned, nstype, size.
  it.each([
    ['nd_pmem', [2, true, true, 5, '8192\n'], [2, true, true, 5, '8192\n']],
    ['nd_blk', [3, true, true, 6, '4096\n'], [3, true, true, 6, '4096\n']],
    ['nd_volatile', [0, false, false, 0, '4096\n'], [2, true, true, 5, '8192\n']],
  ] as const)('should be told apart: %s', (type, expectedBefore, expectedAfter) => {
    expect(answers(busBefore, regionsBefore, type)).toEqual(expectedBefore);
    expect(answers(busAfter, regionsAfter, type)).toEqual(expectedAfter);
  });

  it('should refuse mappings off 4 KiB, and block windows over two dimms', () => {
    for (const regions of [regionsBefore, regionsAfter]) {
      const bus = newBus();
      const nvdimm = { name: 'nmem0', flushHints: [], aliasing: false, unarmed: false };
      const odd = { start: 0, sizeBytes: 4096, mappings: [{ nvdimm, start: 512, sizeBytes: 4096 }] };
      const two = {
        start: 0,
        sizeBytes: 0,
        mappings: [0, 4096].map((start) => ({ nvdimm, start, sizeBytes: 4096 })),
      };
      expect(regions.ndRegionCreate(bus, odd, 'nd_pmem')).toBeUndefined();
      expect(regions.ndRegionCreate(bus, two, 'nd_blk')).toBeUndefined();
      expect(bus.kernel.log.map(({ text }) => text)).toEqual(['mapping0 is not 4K aligned']);
    }
  });
});
