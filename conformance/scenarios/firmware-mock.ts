/** The mock topology of the ndctl regression suite: both its buses (nvdimm-and-firmware.md 10.4, 16.3, 17). */
import type { Scenario } from '../scenario.ts';

const MOCK = 'firmware: the mock topology';
const DEFECTS = 'firmware: standing defects';

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
        '-ENXIO',
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
        '-ENXIO',
      ],
    },
  },
];

const labels: readonly Scenario[] = [
  {
    name: 'mock: a labelled namespace after power failure',
    theme: MOCK,
    source: 'nvdimm-and-firmware.md 7.2, 16.3 (second run from existing labels)',
    shows: 'the dimms keep the label: the namespace comes back with its uuid, and its data',
    workload: [
      'boot adr clwb nfit=mock0',
      'sysfs write /sys/bus/nd/devices/namespace5.0/uuid "00112233-4455-6677-8899-aabbccddeeff"',
      'sysfs write /sys/bus/nd/devices/namespace5.0/size "18874368"',
      'sysfs write /sys/bus/nd/drivers/nd_pmem/bind "namespace5.0"',
      'bio write pmem5 @0 4096 fua',
      'crash',
      'sysfs list /sys/block',
      'sysfs read /sys/bus/nd/devices/namespace5.0/uuid',
      'sysfs read /sys/bus/nd/devices/namespace5.0/size',
      region(5, 'available_size'),
      region(5, 'namespace_seed'),
      'bio read pmem5 @0 4096',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: [
        '4096',
        '"namespace5.1\\n"',
        '"14680064\\n"',
        '"18874368\\n"',
        '"00112233-4455-6677-8899-aabbccddeeff\\n"',
        '"pmem5"',
      ],
    },
    after: {
      lost: 'none',
      results: [
        '4096',
        '"namespace5.1\\n"',
        '"14680064\\n"',
        '"18874368\\n"',
        '"00112233-4455-6677-8899-aabbccddeeff\\n"',
        '"pmem5"',
      ],
    },
  },
];

export const mockScenarios: readonly Scenario[] = [...mock, ...labels];
