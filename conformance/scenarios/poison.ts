/**
 * Poison from the media to the tables and back: scrubs, notifications, clears that fail or stop half way
 * (nvdimm-and-firmware.md 2, 5, 6, 10.6, 10.8, 16.5, 18.4).
 */
import type { Scenario } from '../scenario.ts';
import { sameOnBothSides as same } from './same-on-both-sides.ts';

const CLEARING = 'poison: clearing';
const SCRUB = 'poison: scrub and notification';

const REGION = '/sys/bus/nd/devices/region0/badblocks';
const SCRUB_FILE = '/sys/bus/nd/devices/ndbus0/nfit/scrub';

const clearing: readonly Scenario[] = [
  {
    name: '18.4.13 a clear that stops half way',
    theme: CLEARING,
    source: 'nvdimm-and-firmware.md 2.2, 2.3, 6.3, 18.4.13',
    shows: '-EIO with the data in place; the sectors that were cleared, from the start, are off every list',
    workload: [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @0 4096',
      'platform clear-limit 1024',
      'bio write pmem0 @0 4096',
      'sysfs read pmem0/badblocks',
      `sysfs read ${REGION}`,
      'bio read pmem0 @0 1024',
      'bio read pmem0 @1024 512',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['-EIO', '1024', '"2 6\\n"', '"2 6\\n"', '-EIO'],
      events: ['', '', '', '', 'n0:8*512 S M O0*64 M n0:8*512 S'],
    },
    after: {
      lost: 'none',
      results: ['-EIO', '1024', '"2 6\\n"', '"2 6\\n"', '-EIO'],
      events: ['', '', '', '', 'n0:8*512 M O0*64 M n0:8*512'],
    },
  },
  same(
    CLEARING,
    '16.5 a clear that fails',
    '2.2, 6.3, 16.5',
    'the sectors stay on the lists, the write fails, and the next read is refused',
    [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @512 512',
      'platform clear-fails 1',
      'bio write pmem0 @512 512 fua',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @512 512',
    ],
    { results: ['-EIO', '"1 1\\n"', '-EIO'] },
  ),
  same(
    CLEARING,
    '16.5 a clear unit above a sector',
    '6.3, 16.5, 18.4.14',
    'a write of one sector can never clear; one of a whole unit can',
    [
      'boot adr clwb nfit=pmem',
      'platform clear-unit 4096',
      'poison pmem0 @0 512',
      'bio write pmem0 @0 512 fua',
      'bio write pmem0 @0 4096 fua',
      'sysfs read pmem0/badblocks',
    ],
    { results: ['""', '4096', '-EIO'] },
  ),
  same(
    CLEARING,
    'a write clears disk and region',
    '6.3, 6.4',
    'the disk, the region and the bus all forget; re-attaching brings nothing back (clear.sh)',
    [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @4096 4096',
      'bio write pmem0 @4096 4096 fua',
      'sysfs read pmem0/badblocks',
      `sysfs read ${REGION}`,
      'detach pmem0',
      'attach pmem0',
      'sysfs read pmem0/badblocks',
    ],
    { results: ['""', '0', '0', '""', '""', '4096'] },
  ),
  same(
    CLEARING,
    'a legacy region pretends to clear',
    '6.3, 8',
    'a bus without commands says that all is cleared: the table empties, the media stays bad',
    [
      'boot adr clwb e820=2M',
      'sysfs write pmem0/badblocks "8 1"',
      'bio read pmem0 @4096 512',
      'bio write pmem0 @4096 512 fua',
      'sysfs read pmem0/badblocks',
    ],
    { results: ['""', '512', '-EIO', '3'] },
  ),
  same(
    CLEARING,
    '15.1 y user space clears behind the disk',
    '6.3, 15.1 y',
    'bus and region forget; the table of the attached disk does not',
    [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @0 512',
      'clear-error pmem0 @0 512',
      `sysfs read ${REGION}`,
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @0 512',
      'detach pmem0',
      'attach pmem0',
      'bio read pmem0 @0 512',
    ],
    { results: ['512', '0', '0', '-EIO', '"0 1\\n"', '""', '512'] },
  ),
  same(
    CLEARING,
    'user space can not clear on a legacy bus',
    '8',
    'the bus takes no commands',
    ['boot adr clwb e820=2M', 'clear-error pmem0 @0 512'],
    { results: ['-ENOTTY'] },
  ),
  {
    name: '15.2 d poison cleared on a volatile region',
    theme: CLEARING,
    source: 'nvdimm-and-firmware.md 4.9, 6.2, 6.4, 13.12, 15.2 d',
    shows: 'after, the disk has a table and clears it; the region never had one',
    workload: [
      'boot adr clwb nfit=volatile',
      'poison pmem0 @0 512',
      'bio read pmem0 @0 512',
      'bio write pmem0 @0 512',
      'sysfs read pmem0/badblocks',
      `sysfs read ${REGION}`,
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENOENT', '-ENOENT', '-ENODEV', '-ENODEV', '-ENODEV'], log: [] },
    after: { lost: 'none', results: ['-ENOENT', '""', '512', '-EIO', '0'], log: [] },
  },
];

const scrub: readonly Scenario[] = [
  same(
    SCRUB,
    '18.4.22 poison reported while attached',
    '2.8, 18.4.22',
    'a notification adds to the tables: reads fail from there on without re-attaching',
    [
      'boot adr clwb nfit=pmem',
      'bio read pmem0 @4096 512',
      'poison pmem0 @4096 512',
      'bio read pmem0 @4096 512',
    ],
    { results: ['-EIO', '0', '512'] },
  ),
  same(
    SCRUB,
    'media poison is found by the next scrub',
    '10.6',
    'what is wrong with the media and what the kernel knows are two things until the scrub',
    [
      'boot adr clwb nfit=pmem',
      'media-poison pmem0 @4096 512',
      'sysfs read pmem0/badblocks',
      `sysfs write ${SCRUB_FILE} "1"`,
      'sysfs read pmem0/badblocks',
      `sysfs read ${REGION}`,
      `sysfs read ${SCRUB_FILE}`,
      `sysfs write ${SCRUB_FILE} "2"`,
    ],
    { results: ['-EINVAL', '"2\\n"', '"8 1\\n"', '"8 1\\n"', '1', '""', '0'] },
  ),
  same(
    SCRUB,
    'the scrub at boot',
    '10.6',
    'poison outlives a power failure; the next kernel knows it before anything is read',
    [
      'boot adr clwb nfit=pmem',
      'media-poison pmem0 @8192 4096',
      'crash',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @8192 512',
    ],
    { results: ['-EIO', '"16 8\\n"'] },
  ),
  same(
    SCRUB,
    'a scrub with more than fits',
    '10.6',
    'the result says that it overflowed; the driver has it go on until it has all',
    [
      'boot adr clwb nfit=pmem',
      'platform ars-records 1',
      'media-poison pmem0 @0 512',
      'media-poison pmem0 @4096 512',
      'media-poison pmem0 @8192 512',
      `sysfs write ${SCRUB_FILE} "1"`,
      'sysfs read pmem0/badblocks',
    ],
    { results: ['"0 1\\n8 1\\n16 1\\n"'] },
  ),
  same(
    SCRUB,
    'a rescan of the mock finds its error again',
    '17.2',
    'every scrub finds 4 KiB in the middle of a range, also where it was cleared',
    [
      'boot adr clwb nfit=mock1',
      'sysfs read pmem0/badblocks',
      'bio write pmem0 @16M 4096 fua',
      'sysfs read pmem0/badblocks',
      `sysfs write ${SCRUB_FILE} "1"`,
      'sysfs read pmem0/badblocks',
    ],
    { results: ['"32768 8\\n"', '1', '""', '4096', '"32768 8\\n"'] },
  ),
  same(
    SCRUB,
    'a machine check while reading',
    '2.2, 5',
    'a copy that hits poison fails: -EIO through the disk, -EFAULT raw; the table is not told',
    [
      'boot adr clwb nfit=pmem',
      'media-poison pmem0 @4096 512',
      'bio read pmem0 @4096 512',
      'sysfs read pmem0/badblocks',
      'detach pmem0',
      'raw read pmem0 @4096 512',
      'raw read pmem0 @8192 512',
    ],
    { results: ['0', '-EFAULT', '0', '""', '-EIO'] },
  ),
  same(
    SCRUB,
    'a machine check on a line boundary',
    '10.8',
    'the line becomes a record, region and disk are told',
    [
      'boot adr clwb nfit=pmem',
      'machine-check pmem0 @4160',
      'sysfs read pmem0/badblocks',
      `sysfs read ${REGION}`,
      'bio read pmem0 @4096 512',
    ],
    { results: ['-EIO', '"8 1\\n"', '"8 1\\n"', '0'] },
  ),
];

export const poisonScenarios: readonly Scenario[] = [...clearing, ...scrub];
