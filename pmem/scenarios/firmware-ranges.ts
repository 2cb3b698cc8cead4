/**
 * Which ranges of a firmware table become which regions, what such a region shows in sysfs, and which ranges nothing
 * can be made of (nvdimm-and-firmware.md 4.7, 4.8, 10.2 to 10.4, 13.12, 18.4).
 */
import type { Scenario, SideExpectation } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const RANGES = 'firmware: types of range';

const WARNING = 'warning namespace0.0: unable to guarantee persistence of writes';

/** What the region of a range shows: devtype, modalias, nstype, badblocks, the disk's write cache. */
function rangeScenario(
  table: string,
  name: string,
  shows: string,
  before: Omit<SideExpectation, 'lost'>,
  after: Omit<SideExpectation, 'lost'>,
): Scenario {
  const region = '/sys/bus/nd/devices/region0';
  const files = ['devtype', 'modalias', 'nstype', 'badblocks', 'resource'];
  return {
    name,
    theme: RANGES,
    source: 'nvdimm-and-firmware.md 4.7, 4.8, 10.4, 13.12',
    shows,
    workload: [
      `boot adr clwb nfit=${table}`,
      'sysfs read pmem0/queue/write_cache',
      ...files.map((file) => `sysfs read ${region}/${file}`).reverse(),
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', ...before },
    after: { lost: 'none', ...after },
  };
}

const PMEM_FILES = ['"nd_pmem\\n"', '"nd:t2\\n"', '"4\\n"', '""', '"0x1000000000\\n"'];
const VOLATILE_FILES = ['"nd_volatile\\n"', '"nd:t2\\n"', '"4\\n"', '-ENOENT', '-ENOENT'];
const WRITE_BACK = '"write back\\n"';
const WRITE_THROUGH = '"write through\\n"';

const ranges: readonly Scenario[] = [
  rangeScenario(
    'pmem',
    'a persistent range',
    'the same on both sides',
    { results: [...PMEM_FILES, WRITE_BACK] },
    { results: [...PMEM_FILES, WRITE_BACK] },
  ),
  rangeScenario(
    'volatile-bare',
    '18.4.8 a volatile range without dimms',
    'no driver binds before (nd:t0); after, a disk, with a misleading warning (15.2 f)',
    { results: ['"nd_volatile\\n"', '"nd:t0\\n"', '"0\\n"', '-ENOENT', '-ENOENT', '-ENOENT'], log: [] },
    { results: [...VOLATILE_FILES, WRITE_THROUGH], log: [WARNING] },
  ),
  rangeScenario(
    'vdisk',
    '18.4.7 a virtual disk',
    'patch 12 makes it volatile: badblocks and resource go (15.2 e); patch 14 switches its write cache off',
    { results: [...PMEM_FILES, WRITE_BACK], log: [WARNING] },
    { results: [...VOLATILE_FILES, WRITE_THROUGH], log: [WARNING] },
  ),
  rangeScenario(
    'vcd',
    '18.4.7 a virtual CD',
    'as the virtual disk',
    { results: [...PMEM_FILES, WRITE_BACK], log: [WARNING] },
    { results: [...VOLATILE_FILES, WRITE_THROUGH], log: [WARNING] },
  ),
  rangeScenario(
    'pdisk',
    'a persistent virtual disk',
    'stays what it was',
    { results: [...PMEM_FILES, WRITE_BACK], log: [WARNING] },
    { results: [...PMEM_FILES, WRITE_BACK], log: [WARNING] },
  ),
  rangeScenario(
    'pcd',
    'a persistent virtual CD',
    'stays what it was',
    { results: [...PMEM_FILES, WRITE_BACK], log: [WARNING] },
    { results: [...PMEM_FILES, WRITE_BACK], log: [WARNING] },
  ),
];

const VOLATILE_REGION_FILES = [
  'btt_seed',
  'deep_flush',
  'devtype',
  'init_namespaces',
  'mapping0',
  'mappings',
  'modalias',
  'namespace_seed',
  'nfit/range_index',
  'nstype',
  'numa_node',
  'read_only',
  'size',
];

/** nvdimm-and-firmware.md 4.7: what patch 12 adds for a range with an interleave set. */
const MEMORY_REGION_FILES = [
  ...VOLATILE_REGION_FILES,
  'available_size',
  'dax_seed',
  'pfn_seed',
  'set_cookie',
].sort();

const volatileFiles: Scenario = {
  name: 'files of a volatile region',
  theme: RANGES,
  source: 'nvdimm-and-firmware.md 4.7, 4.8, 13.12',
  shows: 'before, a region that nobody drives; patch 12 gives it seeds, a cookie and room, but no badblocks',
  workload: [
    'boot adr clwb nfit=volatile',
    'sysfs read /sys/bus/nd/devices/region0/init_namespaces',
    'sysfs read /sys/bus/nd/devices/region0/btt_seed',
    'sysfs read /sys/bus/nd/devices/region0/size',
    'sysfs list /sys/bus/nd/devices/region0',
  ].join('\n'),
  acked: 'equal',
  synced: 'equal',
  before: {
    lost: 'none',
    results: [JSON.stringify(VOLATILE_REGION_FILES.join(' ')), '"2097152\\n"', '"\\n"', '-ENXIO'],
  },
  after: {
    lost: 'none',
    results: [JSON.stringify(MEMORY_REGION_FILES.join(' ')), '"2097152\\n"', '"btt0.0\\n"', '"1/1\\n"'],
  },
};

const volatileSize: Scenario = {
  name: 'size of a volatile region without dimms',
  theme: RANGES,
  source: 'nvdimm-and-firmware.md 4.7 (size)',
  shows: 'before, the size of the only mapping, or 0; after, that of the range',
  workload: 'boot adr clwb nfit=volatile-bare\nsysfs read /sys/bus/nd/devices/region0/size',
  acked: 'equal',
  synced: 'equal',
  before: { lost: 'none', results: ['"0\\n"'] },
  after: { lost: 'none', results: ['"2097152\\n"'] },
};

/** Nothing can be done with the range: the log says why, if it says anything. */
function refusedScenario(table: string, name: string, shows: string, log: readonly string[]): Scenario {
  const side = { lost: 'none', results: ['""'], log };
  return {
    name,
    theme: RANGES,
    source: 'nvdimm-and-firmware.md 10.2, 10.3, 10.4, 18.4.9',
    shows,
    workload: `boot adr clwb nfit=${table}\nsysfs list /sys/block`,
    ...onBothSides(side),
  };
}

const refused: readonly Scenario[] = [
  refusedScenario(
    'volatile-unknown-dimm',
    '18.4.9 a volatile range whose dimm nobody else names',
    'the dimm was never created, so the range can not be registered, before and after',
    ['error ACPI.NFIT: spa1 dimm: 0x1 not found', 'error ACPI.NFIT: failed to register spa range 1'],
  ),
  refusedScenario(
    'pmem-index-0',
    'a persistent range of index 0',
    'index 0 is for virtual disks: others are ignored without a word',
    [],
  ),
  refusedScenario(
    'pmem-missing-dcr',
    'a memory map without its control region',
    'the bus gets no dimms and no regions',
    ['error ACPI.NFIT: SPA 1 missing DCR 1'],
  ),
  refusedScenario('unknown-range', 'a range of an unknown type', 'is kept, and nothing is made of it', []),
];

export const rangeScenarios: readonly Scenario[] = [...ranges, volatileFiles, volatileSize, ...refused];
