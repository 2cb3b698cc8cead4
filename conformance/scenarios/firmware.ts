/**
 * Regions from firmware tables: which ranges become which regions, who binds to them, what is warned about, and the
 * switches a disk comes up with (nvdimm-and-firmware.md 3, 4, 8, 10, 17, 18.4).
 */
import type { Scenario, SideExpectation } from '../scenario.ts';

const DECISIONS = 'firmware: the decision table';
const RANGES = 'firmware: types of range';
const HINTS = 'firmware: flush hints';
const MOCK = 'firmware: the mock topology';
const DEFECTS = 'firmware: standing defects';

const WARNING = 'warning namespace0.0: unable to guarantee persistence of writes';

/** One row of the decision table of section 3: what a volatile region and a pmem region come up as. */
interface DecisionRow {
  readonly name: string;
  readonly table: string;
  readonly hasFlush: '"1\\n"' | '"0\\n"' | '-ENOENT';
  /** The queue's write cache after the series; before it is always on, where there is a disk. */
  readonly writeCache: 'write back' | 'write through';
  readonly warns: boolean;
  readonly boundBefore: boolean;
}

const DECISION_ROWS: readonly DecisionRow[] = [
  {
    name: 'pmem, hints',
    table: 'pmem-hints',
    hasFlush: '"1\\n"',
    writeCache: 'write back',
    warns: false,
    boundBefore: true,
  },
  {
    name: 'pmem, a dimm without hints',
    table: 'pmem',
    hasFlush: '"0\\n"',
    writeCache: 'write back',
    warns: false,
    boundBefore: true,
  },
  {
    name: 'pmem, no dimm',
    table: 'pmem-bare',
    hasFlush: '-ENOENT',
    writeCache: 'write back',
    warns: true,
    boundBefore: true,
  },
  {
    name: 'volatile, hints',
    table: 'volatile-hints',
    hasFlush: '"1\\n"',
    writeCache: 'write through',
    warns: false,
    boundBefore: false,
  },
  {
    name: 'volatile, a dimm without hints',
    table: 'volatile',
    hasFlush: '"0\\n"',
    writeCache: 'write through',
    warns: false,
    boundBefore: false,
  },
  {
    name: 'volatile, no dimm',
    table: 'volatile-bare',
    hasFlush: '-ENOENT',
    writeCache: 'write through',
    warns: true,
    boundBefore: false,
  },
];

const decisions: readonly Scenario[] = DECISION_ROWS.map((row) => ({
  name: `decision table: ${row.name}`,
  theme: DECISIONS,
  source: 'nvdimm-and-firmware.md 3 (decision table), 4.4, 4.8',
  shows: 'who is warned, and which write cache the queue advertises; before, every disk has one',
  workload: [
    `boot adr clwb nfit=${row.table}`,
    'sysfs read /sys/bus/nd/devices/region0/deep_flush',
    'sysfs read pmem0/queue/write_cache',
  ].join('\n'),
  acked: 'equal',
  synced: 'equal',
  before: {
    lost: 'none',
    results: [row.boundBefore ? '"write back\\n"' : '-ENOENT', row.hasFlush],
    log: row.warns && row.boundBefore ? [WARNING] : [],
  },
  after: {
    lost: 'none',
    results: [`"${row.writeCache}\\n"`, row.hasFlush],
    log: row.warns ? [WARNING] : [],
  },
}));

const configurations: readonly Scenario[] = [
  {
    name: 'decision table: dimm without hints, no pmem api',
    theme: DECISIONS,
    source: 'nvdimm-and-firmware.md 3, 4.4, 13.11, 18.4.6',
    shows: 'patch 11: a kernel that can not flush its caches no longer counts as safe; deep_flush goes',
    workload: 'boot no-pmem-api nfit=pmem\nsysfs read /sys/bus/nd/devices/region0/deep_flush',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['"0\\n"'], log: [] },
    after: { lost: 'none', results: ['-ENOENT'], log: [WARNING] },
  },
  {
    name: 'decision table: hints, no pmem api',
    theme: DECISIONS,
    source: 'nvdimm-and-firmware.md 3, 13.11',
    shows: 'also where flush hints are there',
    workload: 'boot no-pmem-api nfit=pmem-hints\nsysfs read /sys/bus/nd/devices/region0/deep_flush',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['"1\\n"'], log: [] },
    after: { lost: 'none', results: ['-ENOENT'], log: [WARNING] },
  },
  {
    name: 'decision table: no flushcache helpers',
    theme: DECISIONS,
    source: 'nvdimm-and-firmware.md 3',
    shows: 'the warning appears in every row, deep_flush stays',
    workload: 'boot no-flushcache nfit=pmem-hints\nsysfs read /sys/bus/nd/devices/region0/deep_flush',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['"1\\n"'], log: [] },
    after: { lost: 'none', results: ['"1\\n"'], log: [WARNING] },
  },
  {
    name: '18.4.5 e820 region',
    theme: DECISIONS,
    source: 'nvdimm-and-firmware.md 8, 18.4.5, 7.2',
    shows: 'the warning always; deep_flush hidden; struct pages, so its mode is memory; FUA still flushes',
    workload: [
      'boot adr clwb e820=2M',
      'bio write pmem0 @0 512 fua',
      'sysfs read /sys/bus/nd/devices/region0/deep_flush',
      'sysfs read /sys/bus/nd/devices/namespace0.0/mode',
      'sysfs read /sys/bus/nd/devices/ndbus0/provider',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['"e820\\n"', '"memory\\n"', '-ENOENT', '512'],
      events: ['', '', '', 'n0:8*64 S S S'],
      log: [WARNING],
    },
    after: {
      lost: 'none',
      results: ['"e820\\n"', '"memory\\n"', '-ENOENT', '512'],
      events: ['', '', '', 'n0:8*64 S S'],
      log: [WARNING],
    },
  },
];

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
    acked: 'equal',
    synced: 'equal',
    before: side,
    after: side,
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

const hints: readonly Scenario[] = [
  {
    name: '18.4.19 two of four dimms share a hint',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 4.2, 18.4.19',
    shows: 'an address is stored to once: three hint stores for four dimms',
    workload: 'boot adr clwb nfit=shared-hint\nflush pmem0',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['S Hnmem0.0 Hnmem1.0 Hnmem2.0 S'] },
    after: { lost: 'none', events: ['S Hnmem0.0 Hnmem1.0 Hnmem2.0 S'] },
  },
  {
    name: 'a shared hint drains both dimms',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 18.2',
    shows: 'without ADR, a dimm whose hint was dropped is covered by its twin',
    workload: 'boot none clwb nfit=shared-hint\nbio write pmem0 @0 4096 fua',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none' },
    after: { lost: 'none' },
  },
  {
    name: '15.1 d a dimm with hints and one without',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 4.2, 15.1 d (standing defect)',
    shows: 'the region driver follows the missing hint into NULL when it activates the region',
    workload: 'boot adr clwb nfit=mixed-dimms\nsysfs list /sys/block',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['oops: NULL dereference of flush_wpq[0]'] },
    after: { lost: 'none', results: ['oops: NULL dereference of flush_wpq[0]'] },
  },
  {
    name: '18.4.10 PREFLUSH on a volatile region with hints',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 11.2, 12, 18.4.10',
    shows:
      'after, the queue has no write cache: the block layer strips PREFLUSH and FUA, no hint is stored to',
    workload: 'boot adr clwb nfit=volatile-hints\nbio write pmem0 @0 512 preflush fua\nflush pmem0',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV', '-ENODEV'] },
    after: { lost: 'none', results: ['0', '512'], events: ['', 'pmem0@n0:8*64'] },
  },
  {
    name: '18.4.21 removing a volatile disk',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 2.8, 12, 18.4.21',
    shows: 'one flush with its hint stores, although nothing is promised',
    workload: 'boot adr clwb nfit=volatile-hints\ndetach pmem0',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV'], events: [''] },
    after: { lost: 'none', results: ['0'], events: ['S Hnmem0.0 S'] },
  },
  {
    name: 'deep_flush of a volatile region with hints',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 4.7, 12',
    shows: 'the file can be written, and flushes: the one way to reach the hints of such a region',
    workload: [
      'boot adr clwb nfit=volatile-hints',
      'sysfs write /sys/bus/nd/devices/region1/deep_flush "1"',
      'sysfs write /sys/bus/nd/devices/region1/deep_flush "0"',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-EINVAL', '1'], events: ['', 'S Hnmem0.0 S'] },
    after: { lost: 'none', results: ['-EINVAL', '1'], events: ['', 'S Hnmem0.0 S'] },
  },
  {
    name: '15.1 A deep_flush of a region without driver',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 4.7, 15.1 A (standing defect)',
    shows: 'the flush looks for hints in driver data that is not there',
    workload: [
      'boot adr clwb nfit=pmem-hints',
      'sysfs write /sys/bus/nd/drivers/nd_region/unbind "region0"',
      'sysfs write /sys/bus/nd/devices/region0/deep_flush "1"',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['oops: NULL dereference of nd_region drvdata', '7'] },
    after: { lost: 'none', results: ['oops: NULL dereference of nd_region drvdata', '7'] },
  },
];

const region = (id: number, file: string): string => `sysfs read /sys/bus/nd/devices/region${id}/${file}`;

const mock: readonly Scenario[] = [
  {
    name: 'mock: order of the regions and their cookies',
    theme: MOCK,
    source: 'nvdimm-and-firmware.md 10.4.7, 17.4',
    shows: 'block windows come first; the interleave sets have the cookies that were worked out by hand',
    workload: [
      'boot adr clwb nfit=mock0 nfit=mock1',
      region(0, 'devtype'),
      region(4, 'devtype'),
      region(5, 'set_cookie'),
      region(6, 'set_cookie'),
      region(7, 'set_cookie'),
      region(6, 'mapping3'),
      region(5, 'nstype'),
      region(0, 'nstype'),
      'sysfs list /sys/block',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: [
        '"pmem8 pmem9"',
        '"6\\n"',
        '"5\\n"',
        '"nmem3,16777216,16777216\\n"',
        '"0x2dffe0000efff\\n"',
        '"0xc0ffadb0100fefb\\n"',
        '"0x3fe000000fe\\n"',
        '"nd_blk\\n"',
        '"nd_blk\\n"',
      ],
    },
    after: {
      lost: 'none',
      results: [
        '"pmem8 pmem9"',
        '"6\\n"',
        '"5\\n"',
        '"nmem3,16777216,16777216\\n"',
        '"0x2dffe0000efff\\n"',
        '"0xc0ffadb0100fefb\\n"',
        '"0x3fe000000fe\\n"',
        '"nd_blk\\n"',
        '"nd_blk\\n"',
      ],
    },
  },
  {
    name: '15.1 t the mock virtual CD has a bogus mapping',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 10.4, 15.1 t, 17.5 (standing defect)',
    shows: 'index 0 matches the unmapped dimm, so nobody is warned; patch 12 makes the region volatile',
    workload: [
      'boot adr clwb nfit=mock0 nfit=mock1',
      region(9, 'mapping0'),
      region(9, 'deep_flush'),
      region(9, 'devtype'),
      region(9, 'badblocks'),
      'sysfs read pmem9/queue/write_cache',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['"write back\\n"', '""', '"nd_pmem\\n"', '"0\\n"', '"nmem6,0,0\\n"'],
      log: [
        'info ACPI.NFIT: nmem5 flags: save_fail restore_fail flush_fail not_armed',
        'info ACPI.NFIT: nmem6 flags: map_fail',
        'info pmem8: region8 read-only, marking pmem8 read-only',
      ],
    },
    after: {
      lost: 'none',
      results: ['"write through\\n"', '-ENOENT', '"nd_volatile\\n"', '"0\\n"', '"nmem6,0,0\\n"'],
      log: [
        'info ACPI.NFIT: nmem5 flags: save_fail restore_fail flush_fail not_armed',
        'info ACPI.NFIT: nmem6 flags: map_fail',
        'info pmem8: region8 read-only, marking pmem8 read-only',
      ],
    },
  },
  {
    name: 'mock: a namespace with a label takes room from block windows',
    theme: MOCK,
    source: 'nvdimm-and-firmware.md 16.3 (18 MiB and 20 MiB: 18 MiB left), 7.1',
    shows: 'uuid, then size, then bind; a taken uuid and a bound namespace are refused',
    workload: [
      'boot adr clwb nfit=mock0',
      'sysfs write /sys/bus/nd/devices/namespace5.0/size "18874368"',
      'sysfs write /sys/bus/nd/devices/namespace5.0/uuid "00112233-4455-6677-8899-aabbccddeeff"',
      'sysfs write /sys/bus/nd/devices/namespace5.0/size "0x1200000"',
      'sysfs write /sys/bus/nd/devices/namespace6.0/uuid "00112233-4455-6677-8899-aabbccddeeff"',
      'sysfs write /sys/bus/nd/devices/namespace6.0/uuid "10112233-4455-6677-8899-aabbccddeeff"',
      'sysfs write /sys/bus/nd/devices/namespace6.0/size "20971520"',
      'sysfs write /sys/bus/nd/drivers/nd_pmem/bind "namespace5.0"',
      'sysfs write /sys/bus/nd/devices/namespace5.0/size "0"',
      'sysfs read pmem5/size',
      region(0, 'available_size'),
      region(2, 'available_size'),
      region(5, 'available_size'),
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    // region5: 32 MiB less 18 MiB; region0: 32 MiB less 9 and 5; region2: 32 MiB less 5; 18 MiB are 36864 sectors.
    before: {
      lost: 'none',
      results: [
        '"14680064\\n"',
        '"28311552\\n"',
        '"18874368\\n"',
        '"36864\\n"',
        '-EBUSY',
        '12',
        '8',
        '36',
        '-EINVAL',
        '9',
        '36',
        '-ENODEV',
      ],
    },
    after: {
      lost: 'none',
      results: [
        '"14680064\\n"',
        '"28311552\\n"',
        '"18874368\\n"',
        '"36864\\n"',
        '-EBUSY',
        '12',
        '8',
        '36',
        '-EINVAL',
        '9',
        '36',
        '-ENODEV',
      ],
    },
  },
];

export const firmwareScenarios: readonly Scenario[] = [
  ...decisions,
  ...configurations,
  ...ranges,
  volatileFiles,
  volatileSize,
  ...refused,
  ...hints,
  ...mock,
];
