/**
 * Defects in the handling of poison that the series left standing, each shown on both sides (nvdimm-and-firmware.md 5,
 * 6, 10.6, 10.8, 11.6, 15.1, 18.4).
 */
import type { Scenario } from '../scenario.ts';
import { onBothSides, sameOnBothSides as same } from './equal-images.ts';

const DEFECTS = 'poison: standing defects';

const REGION = '/sys/bus/nd/devices/region0/badblocks';
const SCRUB_FILE = '/sys/bus/nd/devices/ndbus0/nfit/scrub';

const VOLATILE_BOUND = 'the volatile range is bound only after the series; its media poison stays unknown';

const defects: readonly Scenario[] = [
  {
    name: '18.4.14 o a raw write hides that nothing was cleared',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 5, 15.1 o, 18.4.14 (standing defect)',
    shows: 'the error code is compared as a huge number: the write succeeds, the next read does not',
    workload: [
      'boot adr clwb nfit=pmem',
      'detach pmem0',
      'platform clear-unit 4096',
      'poison pmem0 @512 512',
      'raw write pmem0 @512 512',
      'raw read pmem0 @512 512',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['-EIO', '0'] }),
  },
  same(
    DEFECTS,
    '18.4.15 q poison at the end of a region',
    '6.4, 15.1 q, 18.4.15',
    'a clear that ends with the region is not taken off its table; the disk is clean',
    [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @2096640 512',
      'bio write pmem0 @2096640 512 fua',
      'sysfs read pmem0/badblocks',
      `sysfs read ${REGION}`,
    ],
    { results: ['"4095 1\\n"', '""', '512'] },
  ),
  same(
    DEFECTS,
    '18.4.16 v a poison record of 1 MiB',
    '11.6, 15.1 v, 18.4.16',
    'its pieces are stored in falling order: lookups miss all but some',
    ['boot adr clwb nfit=pmem', 'poison pmem0 @0 1M', 'sysfs read pmem0/badblocks'],
    { results: ['"1536 512\\n1024 512\\n512 512\\n0 512\\n"'] },
  ),
  same(
    DEFECTS,
    '15.1 v sysfs store of 1500 sectors',
    '11.6, 15.1 v',
    'after it, every one of them counts as good',
    [
      'boot adr clwb nfit=pmem',
      'sysfs write pmem0/badblocks "0 1500"',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @0 512',
      'bio read pmem0 @400K 512',
      'bio read pmem0 @700K 512',
    ],
    { results: ['512', '512', '512', '"1024 476\\n512 512\\n0 512\\n"', '6'] },
  ),
  same(
    DEFECTS,
    '15.1 w a range over three entries',
    '11.6, 15.1 w',
    'only two are merged: sectors 35 and 37 to 43 count as good',
    [
      'boot adr clwb nfit=pmem',
      'sysfs write pmem0/badblocks "32 1"',
      'sysfs write pmem0/badblocks "34 1"',
      'sysfs write pmem0/badblocks "36 1"',
      'sysfs write pmem0/badblocks "32 12"',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @17920 512',
      'bio read pmem0 @18944 512',
    ],
    { results: ['512', '512', '"32 3\\n36 1\\n"'] },
  ),
  same(
    DEFECTS,
    '18.4.17 l poison over the end of a sector',
    '6.2, 15.1 l, 18.4.17',
    '4.12.0 rounds the length alone: the second sector is not marked',
    ['boot adr clwb nfit=pmem', 'poison pmem0 @0x1f0 32', 'sysfs read pmem0/badblocks'],
    { results: ['"0 1\\n"'] },
  ),
  same(
    DEFECTS,
    '15.1 r a machine check inside a line',
    '10.8, 15.1 r',
    'the address is rounded up: at the end of a sector the wrong one is marked (a read reports whole lines)',
    [
      'boot adr clwb nfit=pmem',
      'machine-check pmem0 @4584',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @4608 512',
    ],
    { results: ['-EIO', '"9 1\\n"'] },
  ),
  {
    name: '15.1 s a machine check in a volatile range',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 10.8, 15.1 s (standing defect)',
    shows: VOLATILE_BOUND,
    workload: [
      'boot adr clwb nfit=volatile',
      'machine-check pmem0 @0',
      'sysfs read pmem0/badblocks',
      `sysfs write ${SCRUB_FILE} "1"`,
      'sysfs read pmem0/badblocks',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENOENT', '1', '-ENOENT', '-ENODEV'] },
    after: { lost: 'none', results: ['""', '1', '""', '0'] },
  },
  {
    name: '15.1 s a read of poison in a volatile range',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 5, 10.8, 15.1 s (standing defect)',
    shows: 'after, when a driver binds: the machine check is not recorded, and the next read faults again',
    workload: [
      'boot adr clwb nfit=volatile',
      'media-poison pmem0 @0 512',
      'bio read pmem0 @0 512',
      'sysfs read pmem0/badblocks',
      'detach pmem0',
      'raw read pmem0 @0 512',
      'raw read pmem0 @0 512',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV', '-ENODEV', '-ENODEV', '-ENOENT', '-ENODEV', '-ENODEV'] },
    after: { lost: 'none', results: ['-EFAULT', '-EFAULT', '0', '""', '-EIO', '0'] },
  },
  same(
    DEFECTS,
    '15.1 x a revalidation only adds',
    '2.8, 15.1 x (by design)',
    'bad sectors that nobody reports any more stay in the table of the disk',
    [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @0 512',
      'clear-error pmem0 @0 512',
      `sysfs write ${SCRUB_FILE} "1"`,
      'sysfs read pmem0/badblocks',
    ],
    { results: ['"0 1\\n"'] },
  ),
  same(
    DEFECTS,
    '15.1 z a second record with the same start',
    '6.1, 15.1 z',
    'the shorter one replaces the longer: after re-attaching the rest counts as good',
    [
      'boot adr clwb nfit=pmem',
      'detach pmem0',
      'poison pmem0 @0 4096',
      'poison pmem0 @0 512',
      'attach pmem0',
      'sysfs read pmem0/badblocks',
    ],
    { results: ['"0 1\\n"'] },
  ),
  same(
    DEFECTS,
    '15.1 C clearing what was only put in by hand',
    '6.1, 15.1 C',
    'the bus knows no poison at all, and warns once that its list is empty',
    [
      'boot adr clwb nfit=pmem',
      'sysfs write pmem0/badblocks "0 1"',
      'bio write pmem0 @0 512 fua',
      'sysfs write pmem0/badblocks "0 1"',
      'bio write pmem0 @0 512 fua',
    ],
    { results: ['512', '3', '512', '3'], log: ['warning WARN: nvdimm_forget_poison: empty list'] },
  ),
  same(
    DEFECTS,
    '15.1 B bad blocks of a region without driver',
    '4.7, 15.1 B',
    'the file reads a page that went with the driver',
    [
      'boot adr clwb nfit=pmem',
      'poison pmem0 @0 512',
      'sysfs write /sys/bus/nd/drivers/nd_region/unbind "region0"',
      `sysfs read ${REGION}`,
    ],
    { results: ['oops: use after free of the badblocks page of a region', '7', '0'] },
  ),
  same(
    DEFECTS,
    '15.1 F firmware scrub that overflowed',
    '10.6, 15.1 F',
    'an end address is taken for a length: the ranges behind count as scrubbed, their poison stays unknown',
    [
      'boot adr clwb nfit=pmem-three,ars=overflow',
      'media-poison pmem0 @0 512',
      'media-poison pmem2 @0 512',
      'crash',
      'sysfs read pmem0/badblocks',
      'sysfs read pmem2/badblocks',
    ],
    { results: ['""', '"0 1\\n"'] },
  ),
];

export const poisonDefectScenarios: readonly Scenario[] = defects;
