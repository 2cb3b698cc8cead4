/** Files in sysfs: what they take and what they refuse (nvdimm-and-firmware.md 4.7, 11.4, 11.6, 16.5, 18.4.11). */
import type { Scenario } from '../scenario.ts';
import { onBothSides, sameOnBothSides } from './equal-images.ts';

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
    ...onBothSides({ lost: 'none', results }),
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
    ...onBothSides(side),
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
  const side = { lost: 'none', results: ['-EACCES', `"${table}"`, result] };
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
    ...onBothSides(side),
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
    synced: 'equal',
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
    ...onBothSides({ lost: 'none', results: ['"write back\\n"'] }),
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
    ...onBothSides({
      lost: 'none',
      results: [
        '"badblocks queue/dax queue/logical_block_size queue/physical_block_size queue/write_cache ro size"',
        '-ENOENT',
      ],
    }),
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
    ...onBothSides({ lost: 'none', results: ['"0\\n"', '0', '0', '"1\\n"', '1'] }),
  },
];

const BUS = '/sys/bus/nd/devices/ndbus0';
const NAMESPACE = '/sys/bus/nd/devices/namespace0.0';
const DEVICES = 'sysfs: buses, dimms and namespaces';

const devices: readonly Scenario[] = [
  sameOnBothSides(
    DEVICES,
    'hw_error_scrub has a machine check scrub everything',
    '10.6, 10.8',
    'with 1, the other bad places are found along with the reported one; other values are refused',
    [
      'boot adr clwb nfit=pmem',
      'media-poison pmem0 @8192 512',
      `sysfs write ${BUS}/nfit/hw_error_scrub "2"`,
      `sysfs write ${BUS}/nfit/hw_error_scrub "1"`,
      `sysfs read ${BUS}/nfit/hw_error_scrub`,
      'machine-check pmem0 @4096',
      'sysfs read pmem0/badblocks',
      `sysfs read ${BUS}/nfit/scrub`,
    ],
    { results: ['"2\\n"', '"8 1\\n16 1\\n"', '0', '"1\\n"', '1', '-EINVAL', '0'] },
  ),
  sameOnBothSides(
    DEVICES,
    'identity of a dimm',
    '10.1, 4.7; golden/real-firmware (byte order)',
    'vendor and serial number are shown as big-endian numbers, the format code as little-endian one',
    [
      'boot adr clwb nfit=pmem',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/vendor',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/serial',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/format',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/handle',
      'sysfs read /sys/bus/nd/devices/nmem0/available_slots',
      'sysfs write /sys/bus/nd/devices/nmem0/nfit/handle "1"',
    ],
    // Vendor 0x8086 and serial number 0x1001 in the table.
    { results: ['-EACCES', '-ENXIO', '"0x1\\n"', '"0x0301\\n"', '"0x01100000\\n"', '"0x8680\\n"'] },
  ),
  sameOnBothSides(
    DEVICES,
    'dimms of the mock',
    '16.1 (1015 slots), 16.3, 17.3, 17.5',
    'two formats on the first bus; flags, and label slots of a 128 KiB area',
    [
      'boot adr clwb nfit=mock0 nfit=mock1',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/formats',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/format',
      'sysfs read /sys/bus/nd/devices/nmem0/nfit/format1',
      'sysfs read /sys/bus/nd/devices/nmem0/available_slots',
      'sysfs read /sys/bus/nd/devices/nmem3/nfit/handle',
      'sysfs read /sys/bus/nd/devices/nmem6/nfit/flags',
      'sysfs read /sys/bus/nd/devices/nmem5/nfit/format1',
    ],
    {
      results: [
        '-ENOENT',
        '"map_fail \\n"',
        '"0x101\\n"',
        '"1015\\n"',
        '"0x0301\\n"',
        '"0x0201\\n"',
        '"2\\n"',
      ],
    },
  ),
  sameOnBothSides(
    DEVICES,
    'force_raw looks past a personality',
    '4.7, 16.3 (raw mode forced)',
    'with force_raw the driver binds to the plain namespace, whatever the media says',
    [
      'boot adr clwb pmem0=16M',
      'personality pmem0 pfn ram',
      'detach pmem0',
      `sysfs write ${NAMESPACE}/force_raw "y"`,
      'attach pmem0',
      `sysfs read ${NAMESPACE}/mode`,
      'detach pmem0',
      `sysfs write ${NAMESPACE}/force_raw "0"`,
      'attach pmem0',
      `sysfs read ${NAMESPACE}/mode`,
    ],
    { results: ['"memory\\n"', '0', '1', '0', '"raw\\n"', '0', '1', '0', '0'] },
  ),
  sameOnBothSides(
    DEVICES,
    'binding and unbinding by name',
    '4.9, 6.6',
    'what is bound can not be bound again, what is not there neither: -ENODEV; init_namespaces needs a driver',
    [
      'boot adr clwb nfit=pmem',
      'sysfs write /sys/bus/nd/drivers/nd_pmem/bind "namespace0.0"',
      'sysfs write /sys/bus/nd/drivers/nd_pmem/unbind "namespace0.0"',
      'sysfs write /sys/bus/nd/drivers/nd_pmem/unbind "namespace0.0"',
      'sysfs write /sys/bus/nd/drivers/nd_region/bind "region7"',
      `sysfs read ${REGION}/init_namespaces`,
      'sysfs write /sys/bus/nd/drivers/nd_region/unbind "region0"',
      `sysfs read ${REGION}/init_namespaces`,
      `sysfs read ${NAMESPACE}/mode`,
      'sysfs write /sys/bus/nd/drivers/nd_region/bind "region0"',
      'sysfs list /sys/block',
    ],
    {
      results: ['"pmem0"', '7', '-ENOENT', '-ENXIO', '7', '"1/1\\n"', '-ENODEV', '-ENODEV', '12', '-ENODEV'],
    },
  ),
];

export const sysfsScenarios: readonly Scenario[] = [
  ...writeCache,
  ...booleans,
  ...badblocks,
  ...switches,
  ...devices,
];
