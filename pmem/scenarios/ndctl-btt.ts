/**
 * Scripts of ndctl about BTTs, as far as they go over one namespace (nvdimm-and-firmware.md 16.4): check-namespace of
 * btt-check.sh, and btt-errors.sh, which this kernel fails.
 *
 * 32 MiB with 4096-byte sectors (9.1): 33550336 bytes behind the first page, 33525760 without info blocks and log; 8176
 * internal blocks of 4096 + 4 bytes, 7920 external ones (32440320 bytes, the size in the script's own comment). Data
 * begins at 8192; the map takes 8 pages before the 16 KiB of the log; the copy of the info block is the last page.
 */
import type { Scenario } from '../scenario.ts';
import { sameOnBothSides } from './equal-images.ts';

const CHECK = 'ndctl btt-check.sh';
const ERRORS = 'ndctl btt-errors.sh';

const RAW_SIZE = 32 * 2 ** 20;
const INFO2 = RAW_SIZE - 4096;
/** The script's seek: behind it one page of the map, 4 of the log and the copy of the info block. */
const LAST_MAP_PAGE = (RAW_SIZE / 4096 - 4 - 2) * 4096;
const LAST_SECTOR = 7919 * 4096;
const MAP = RAW_SIZE - (1 + 4 + 8) * 4096;
/**
 * Where the first write goes: lane 0 begins with the first internal block behind the external ones, so the map entry of
 * the sector is then 0xc0001ef0, and its data lie at (entry & 0x3fffffff) * 4096 from the first block.
 */
const FIRST_WRITTEN = (0xc000_1ef0 & 0x3fff_ffff) * 4096 + 8192;

const BTT = ['boot adr clwb pmem0=32M', 'personality pmem0 btt 4096'];

/** post_repair_test, on the first and the last sector. */
const INPUT_AND_OUTPUT = [
  'attach pmem0',
  'sysfs list /sys/block',
  'bio write pmem0s @0 4096',
  `bio write pmem0s @${LAST_SECTOR} 4096`,
  'bio read pmem0s @0 4096',
  `bio read pmem0s @${LAST_SECTOR} 4096`,
];
const WORKS = ['4096', '4096', '4096', '4096', '"pmem0s"', '0'];

const check: readonly Scenario[] = [
  sameOnBothSides(
    CHECK,
    'ndctl btt-check.sh (a): a BTT that was written to',
    '9.1, 16.4',
    'nothing is found, and nothing changes',
    [...BTT, 'bio write pmem0s @8192 4096', 'detach pmem0', 'check-namespace pmem0', ...INPUT_AND_OUTPUT],
    { results: [...WORKS, '""', '0'] },
  ),
  sameOnBothSides(
    CHECK,
    'ndctl btt-check.sh (b): a namespace with a driver',
    '16.4',
    'is refused; with force the driver goes for the time of the check and comes back',
    [...BTT, 'check-namespace pmem0', 'check-namespace pmem0 force', 'sysfs list /sys/block'],
    { results: ['"pmem0s"', '""', '-EBUSY "namespace0.0: check aborted, namespace online\\n"'] },
  ),
  sameOnBothSides(
    CHECK,
    'ndctl btt-check.sh (c): no copy of the info block',
    '9.1, 16.4',
    'the driver does not miss it; the check names it, and the repair brings it back',
    [
      ...BTT,
      'detach pmem0',
      `raw write pmem0 @${INFO2} 4096 bytes 00`,
      'check-namespace pmem0',
      'check-namespace pmem0 repair',
      'check-namespace pmem0',
      ...INPUT_AND_OUTPUT,
    ],
    {
      results: [
        ...WORKS,
        '""',
        '"Arena 0: Restoring BTT info2\\n"',
        '"Arena 0: BTT info2 needs to be restored\\n"',
        '0',
        '0',
      ],
    },
  ),
  sameOnBothSides(
    CHECK,
    'ndctl btt-check.sh (d): no info block',
    '9.1, 16.4',
    'it is restored from its copy; without repair the BTT can not be used',
    [
      ...BTT,
      'detach pmem0',
      'raw write pmem0 @0 8192 bytes 00',
      'check-namespace pmem0',
      'check-namespace pmem0 repair',
      'check-namespace pmem0',
      ...INPUT_AND_OUTPUT,
    ],
    {
      results: [
        ...WORKS,
        '""',
        '"Restoring BTT info block at offset 0x1000\\n"',
        '-ENXIO "BTT info block at offset 0x1000 needs to be restored\\n"',
        '0',
      ],
    },
  ),
  sameOnBothSides(
    CHECK,
    'ndctl btt-check.sh (e): a page of the map scribbled over',
    '9.1, 16.4',
    'all its blocks are the same one: no repair, though the driver takes it; a new BTT is clean',
    [
      ...BTT,
      'detach pmem0',
      `raw write pmem0 @${LAST_MAP_PAGE} 4096 bytes 1e1e00c0`,
      'check-namespace pmem0',
      'check-namespace pmem0 repair',
      'attach pmem0',
      'sysfs list /sys/block',
      'personality pmem0 btt 4096',
      'check-namespace pmem0 force',
    ],
    {
      results: [
        '""',
        '0',
        '"pmem0s"',
        '0',
        ...Array.from(
          { length: 2 },
          () =>
            '-ENXIO "arena 0: internal block 0x1e1e is referenced by two map/log entries\\n' +
            'arena 0: bitmap error: internal blocks are incorrectly referenced\\n"',
        ),
      ],
    },
  ),
];

const errors: readonly Scenario[] = [
  sameOnBothSides(
    ERRORS,
    'ndctl btt-errors.sh: poison under a data block',
    '9.1, 15.3 (d9b83c756953), 16.4 (standing defect before 4.15)',
    'a write goes to another block and clears nothing; the bad one is the next free one: -EIO for ever',
    [
      ...BTT,
      'bio write pmem0s @0 4096',
      `poison pmem0 @${FIRST_WRITTEN} 4096`,
      'bio read pmem0s @0 4096',
      'bio write pmem0s @0 4096',
      'bio read pmem0s @0 4096',
      'bio write pmem0s @0 4096',
      'bio write pmem0s @4096 4096',
      'detach pmem0',
      'attach pmem0',
      'bio write pmem0s @0 4096',
      'bio read pmem0s @0 4096',
      'sysfs read /sys/bus/nd/devices/region0/badblocks',
    ],
    {
      results: [
        `"${FIRST_WRITTEN / 512} 8\\n"`,
        '4096',
        '-EIO',
        '0',
        '0',
        '-EIO',
        '-EIO',
        '4096',
        '4096',
        '-EIO',
        '0',
        '4096',
      ],
    },
  ),
  sameOnBothSides(
    ERRORS,
    'ndctl btt-errors.sh: poison under the map',
    '9.1, 16.4',
    'the 128 sectors whose entries lie there can be neither read nor written; the next one can',
    [
      ...BTT,
      'detach pmem0',
      `poison pmem0 @${MAP} 512`,
      'attach pmem0',
      'bio read pmem0s @0 4096',
      `bio read pmem0s @${127 * 4096} 4096`,
      'bio write pmem0s @0 4096',
      `bio read pmem0s @${128 * 4096} 4096`,
      `bio write pmem0s @${128 * 4096} 4096`,
    ],
    { results: ['4096', '4096', '-EIO', '-EIO', '-EIO', '0', '0', '0'] },
  ),
];

export const ndctlBttScenarios: readonly Scenario[] = [...check, ...errors];
