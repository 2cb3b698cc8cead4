/** Files in sysfs: what they take and what they refuse (nvdimm-and-firmware.md 4.7, 11.4, 11.6, 16.5, 18.4.11). */
import type { Scenario } from '../scenario.ts';

const PARSERS = 'sysfs: parsers';
const SWITCH = 'sysfs: what the write-cache switch switches';

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
const writeCache: readonly Scenario[] = WRITE_CACHE_ROWS.map(([text, result, becomes]) => {
  const results = [
    `"${becomes === '' ? 'write through' : becomes}\\n"`,
    result,
    '13',
    `"${becomes === '' ? 'write back' : becomes}\\n"`,
    result,
  ];
  return {
    name: `write_cache parser: '${text}'`,
    theme: PARSERS,
    source: 'nvdimm-and-firmware.md 11.4, 18.4.11',
    shows: 'the beginning decides, nothing is trimmed, what is refused changes nothing',
    workload: [
      'boot adr clwb nfit=pmem',
      `sysfs write pmem0/queue/write_cache "${text}"`,
      'sysfs read pmem0/queue/write_cache',
      'sysfs write pmem0/queue/write_cache "write through"',
      `sysfs write pmem0/queue/write_cache "${text}"`,
      'sysfs read pmem0/queue/write_cache',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results },
    after: { lost: 'none', results },
  };
});

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

const booleans: readonly Scenario[] = BOOLEAN_ROWS.map(([text, isTrue]) => {
  const readOnly = isTrue === undefined ? '-EINVAL' : String(text.length);
  const deepFlush = isTrue === true ? String(text.length) : '-EINVAL';
  const results = [deepFlush, `"${isTrue === true ? 1 : 0}\\n"`, readOnly];
  const side = { lost: 'none', results, events: [isTrue === true ? 'S Hnmem0.0 S' : '', '', ''] };
  return {
    name: `boolean parser: '${text}'`,
    theme: PARSERS,
    source: 'nvdimm-and-firmware.md 4.7, 11.5 (strtobool)',
    shows: 'read_only takes both values; deep_flush flushes for true and refuses false',
    workload: [
      'boot adr clwb nfit=pmem-hints',
      `sysfs write ${REGION}/read_only "${text}"`,
      `sysfs read ${REGION}/read_only`,
      `sysfs write ${REGION}/deep_flush "${text}"`,
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: side,
    after: side,
  };
});

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

const badblocks: readonly Scenario[] = BADBLOCKS_ROWS.map(([text, result, table]) => {
  const side = { lost: 'none', results: ['-EPERM', `"${table}"`, result] };
  return {
    name: `badblocks parser: '${text}'`,
    theme: PARSERS,
    source: 'nvdimm-and-firmware.md 11.6',
    shows: 'sector and length; the length is cut to 32 bits; the region file can not be written',
    workload: [
      'boot adr clwb nfit=pmem',
      `sysfs write pmem0/badblocks "${text}"`,
      'sysfs read pmem0/badblocks',
      `sysfs write ${REGION}/badblocks "8 1"`,
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: side,
    after: side,
  };
});

const switches: readonly Scenario[] = [
  {
    name: '18.4.11 FUA through the switch',
    theme: SWITCH,
    source: 'nvdimm-and-firmware.md 11.2, 18.4.11, 15.2 g',
    shows: 'write through takes the fences and the hint stores away, write back brings them back',
    workload: [
      'boot adr clwb nfit=pmem-hints',
      'sysfs write pmem0/queue/write_cache "write through"',
      'bio write pmem0 @0 512 preflush fua',
      'flush pmem0',
      'sysfs write pmem0/queue/write_cache "write back"',
      'bio write pmem0 @0 512 fua',
    ].join('\n'),
    acked: 'weaker',
    synced: 'weaker',
    before: {
      lost: 'none',
      events: ['n0:8*64 S S Hnmem0.0 S', '', '', 'n0:8*64 S', ''],
    },
    after: {
      lost: 'none',
      events: ['n0:8*64 S Hnmem0.0 S', '', '', 'n0:8*64', ''],
    },
  },
  {
    name: 'the switch does not outlive the binding',
    theme: SWITCH,
    source: 'nvdimm-and-firmware.md 11.4',
    shows: 'attaching the namespace again resets it',
    workload: [
      'boot adr clwb nfit=pmem',
      'sysfs write pmem0/queue/write_cache "none"',
      'detach pmem0',
      'attach pmem0',
      'sysfs read pmem0/queue/write_cache',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['"write back\\n"'] },
    after: { lost: 'none', results: ['"write back\\n"'] },
  },
  {
    name: 'a volatile region can be switched to write back',
    theme: SWITCH,
    source: 'nvdimm-and-firmware.md 11.4, 14.5',
    shows: 'v3 has one knob: it brings cache write-backs and flushes to a volatile region',
    workload: [
      'boot adr clwb nfit=volatile-bare',
      'sysfs write pmem0/queue/write_cache "write back"',
      'store pmem0:/f @8 8',
      'fsync pmem0:/f',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV', '-ENODEV', '-ENOENT'] },
    after: { lost: 'none', results: ['0', '0', '10'], events: ['W0*64 S S', 'c8:8'] },
  },
  {
    name: 'dax/write_cache is not of this series',
    theme: SWITCH,
    source: 'nvdimm-and-firmware.md 11.5, 14.3',
    shows: 'the file came with the merged patch 13',
    workload: 'boot adr clwb nfit=pmem\nsysfs read pmem0/dax/write_cache\nsysfs list /sys/block/pmem0',
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: [
        '"badblocks queue/dax queue/logical_block_size queue/physical_block_size queue/write_cache ro size"',
        '-ENOENT',
      ],
    },
    after: {
      lost: 'none',
      results: [
        '"badblocks queue/dax queue/logical_block_size queue/physical_block_size queue/write_cache ro size"',
        '-ENOENT',
      ],
    },
  },
  {
    name: 'read_only waits for the next revalidation',
    theme: SWITCH,
    source: 'nvdimm-and-firmware.md 4.7, 6.6',
    shows: 'the attached disk keeps its state; the next attach takes the new one over',
    workload: [
      'boot adr clwb nfit=pmem-unarmed',
      `sysfs write ${REGION}/read_only "0"`,
      'sysfs read pmem0/ro',
      'detach pmem0',
      'attach pmem0',
      'sysfs read pmem0/ro',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['"0\\n"', '0', '0', '"1\\n"', '1'] },
    after: { lost: 'none', results: ['"0\\n"', '0', '0', '"1\\n"', '1'] },
  },
];

export const sysfsScenarios: readonly Scenario[] = [...writeCache, ...booleans, ...badblocks, ...switches];
