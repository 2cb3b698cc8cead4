/** What sysfs files make of text: a scenario for each row of nvdimm-and-firmware.md 4.7, 11.4, 11.5, 11.6. */
import { readScenarios } from '../file/parse.ts';
import type { Scenario } from '../scenario.ts';

const SAME = `
lost: none
images before -> after: equal
`;

/** nvdimm-and-firmware.md 11.4: what is written, from which state, and what comes of it. */
const WRITE_CACHE_ROWS: readonly (readonly [text: string, result: string, becomes: string])[] = [
  ['write back', '10', 'write back'],
  ['write backwards', '15', 'write back'],
  ['write through', '13', 'write through'],
  ['write throughput', '16', 'write through'],
  ['none', '4', 'write through'],
  ['nonesuch', '8', 'write through'],
  ['Write back', '-EINVAL', ''],
  [' write back', '-EINVAL', ''],
  ['write', '-EINVAL', ''],
  ['1', '-EINVAL', ''],
  ['', '-EINVAL', ''],
];

/** One row from each state, so that "set" and "left alone" can be told apart. */
const writeCacheText = ([text, result, becomes]: (typeof WRITE_CACHE_ROWS)[number]): string => `
scenario: write_cache parser: '${text}'
source: nvdimm-and-firmware.md 11.4, 18.4.11
shows: the beginning decides, nothing is trimmed, what is refused changes nothing
  boot adr clwb nfit=pmem
  sysfs write pmem0/queue/write_cache "${text}" => ${result}
  sysfs read pmem0/queue/write_cache => "${becomes || 'write back'}\\n"
  sysfs write pmem0/queue/write_cache "write through" => 13
  sysfs write pmem0/queue/write_cache "${text}" => ${result}
  sysfs read pmem0/queue/write_cache => "${becomes || 'write through'}\\n"
${SAME}`;

const REGION = '/sys/bus/nd/devices/region0';

/** Text for a boolean file and what comes of it: strtobool looks at the first characters only. */
const BOOLEAN_ROWS: readonly (readonly [text: string, isTrue: boolean | undefined])[] = [
  ['1', true],
  ['y', true],
  ['Yes', true],
  ['on', true],
  ['On', true],
  ['0', false],
  ['n', false],
  ['No', false],
  ['off', false],
  ['OFF', false],
  ['o', undefined],
  ['2', undefined],
  ['true', undefined],
  ['', undefined],
];

const booleanText = ([text, isTrue]: (typeof BOOLEAN_ROWS)[number]): string => `
scenario: boolean parser: '${text}'
source: nvdimm-and-firmware.md 4.7, 11.5 (strtobool)
shows: read_only takes both values; deep_flush flushes for true and refuses false
  boot adr clwb nfit=pmem-hints
  sysfs write ${REGION}/read_only "${text}" => ${isTrue === undefined ? '-EINVAL' : text.length}
    does: nothing
  sysfs read ${REGION}/read_only => "${isTrue === true ? 1 : 0}\\n"
    does: nothing
  sysfs write ${REGION}/deep_flush "${text}" => ${isTrue === true ? text.length : '-EINVAL'}
    does: ${isTrue === true ? 'S Hnmem0.0 S' : 'nothing'}
${SAME}`;

/** nvdimm-and-firmware.md 11.6: text for a badblocks file and the table it gives. */
const BADBLOCKS_ROWS: readonly (readonly [text: string, result: string, table: string])[] = [
  ['8 1', '3', '8 1\\n'],
  ['8 0', '-EINVAL', ''],
  ['8 -1', '-EINVAL', ''],
  ['8', '-EINVAL', ''],
  ['8 1 2', '-EINVAL', ''],
  ['8 1x', '-EINVAL', ''],
  ['x', '-EINVAL', ''],
  ['2055 4294967299', '15', '2055 3\\n'],
];

const badblocksText = ([text, result, table]: (typeof BADBLOCKS_ROWS)[number]): string => `
scenario: badblocks parser: '${text}'
source: nvdimm-and-firmware.md 11.6
shows: sector and length; the length is cut to 32 bits; the region file can not be written
  boot adr clwb nfit=pmem
  sysfs write pmem0/badblocks "${text}" => ${result}
  sysfs read pmem0/badblocks => "${table}"
  sysfs write ${REGION}/badblocks "8 1" => -EACCES
${SAME}`;

export function sysfsParserScenarios(): Scenario[] {
  const texts = [
    ...WRITE_CACHE_ROWS.map(writeCacheText),
    ...BOOLEAN_ROWS.map(booleanText),
    ...BADBLOCKS_ROWS.map(badblocksText),
  ];
  return readScenarios(['theme: sysfs: parsers', ...texts].join('\n'), 'sysfs-parsers.ts');
}
