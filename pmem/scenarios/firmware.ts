/**
 * The decision table: what a disk comes up as by type of region, dimms and flush hints (nvdimm-and-firmware.md 3, 4, 8,
 * 18.4): who is warned, and which write cache is advertised.
 */
import type { Scenario } from '../scenario.ts';

const DECISIONS = 'firmware: the decision table';

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

export const firmwareScenarios: readonly Scenario[] = [...decisions, ...configurations];
