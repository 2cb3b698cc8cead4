/**
 * Tests of the ndctl regression suite as scenarios, each under its name (nvdimm-and-firmware.md 16; docs/NDCTL.md says
 * which are here and why others are not). Sizes, offsets and expected results are the originals'. On the mock topology
 * regions 0 to 4 are the block windows of its five dimms; region 5 lies on the first two, 6 on the first four, 7 on the
 * last. None of them tells the two sides apart: that is what the cover letter says of the suite.
 */
import { readScenarios } from '../file/parse.ts';
import type { Scenario } from '../scenario.ts';

const DEVICES = '/sys/bus/nd/devices';
const DRIVERS = '/sys/bus/nd/drivers';
const MOCK = 'boot adr clwb nfit=mock0';

const SAME = `
lost: none
images before -> after: equal`;

/** The text of a scenario from the lines of a test, each with the result it must have; a power failure has none. */
function ndctl(
  name: string,
  source: string,
  shows: string,
  lines: readonly string[],
  boot = MOCK,
  whole = SAME,
): string {
  const headers = [`scenario: ndctl ${name}`, `source: nvdimm-and-firmware.md ${source}`, `shows: ${shows}`];
  return [...headers, boot, ...lines, whole].join('\n');
}

/** What a read of a sysfs file of a device of the nd bus must give. */
function reads(path: string, value: string | number): string {
  return `sysfs read ${DEVICES}/${path} => ${JSON.stringify(`${value}\n`)}`;
}

/** A write to such a file that must be taken. */
function writes(path: string, value: string | number): string {
  return `sysfs write ${DEVICES}/${path} "${value}" => ${`${value}`.length}`;
}

/** Binding or unbinding a device, which must succeed. */
function drives(action: 'bind' | 'unbind', driver: string, device: string): string {
  return `sysfs write ${DRIVERS}/${driver}/${action} "${device}" => ${device.length}`;
}

/** Binding a device, which must fail: that is all that sysfs says of a failed probe. */
const bindFails = (driver: string, device: string): string =>
  `sysfs write ${DRIVERS}/${driver}/bind "${device}" => -ENODEV`;

const MIB = 2 ** 20;
const REGIONS = [0, 1, 2, 3, 4, 5, 6, 7].map((id) => `region${id}`);

/** Disables all regions, wipes all labels, enables all regions: how most of the tests begin. */
const zeroLabels: readonly string[] = [
  ...REGIONS.map((region) => drives('unbind', 'nd_region', region)),
  ...[0, 1, 2, 3, 4].map((id) => `zero-labels nmem${id} => 0`),
  ...REGIONS.map((region) => drives('bind', 'nd_region', region)),
];

const libndctl: readonly string[] = [
  ndctl(
    'libndctl: dimms',
    '16.3',
    'identities of the dimms of both buses',
    [
      reads('nmem0/nfit/handle', '0x0'),
      reads('nmem1/nfit/handle', '0x1'),
      reads('nmem2/nfit/handle', '0x100'),
      reads('nmem3/nfit/handle', '0x101'),
      reads('nmem3/nfit/phys_id', '0x3'),
      reads('nmem0/nfit/subsystem_vendor', '0x0000'),
      reads('nmem0/nfit/formats', 2),
      reads('nmem0/nfit/format', '0x0201'),
      reads('nmem0/nfit/format1', '0x0301'),
      reads('nmem0/available_slots', 1015),
      reads('nmem5/nfit/handle', '0x10000'),
      reads('nmem5/nfit/phys_id', '0x0'),
      reads('nmem5/nfit/formats', 1),
      reads('nmem5/nfit/format', '0x0101'),
      reads('nmem5/nfit/flags', 'save_fail restore_fail flush_fail not_armed smart_event '),
      reads('region8/available_size', 0),
      reads('ndbus0/provider', 'nfit_test.0'),
      reads('ndbus0/commands', 'ars_cap ars_start ars_status clear_error '),
      reads('ndbus0/nfit/revision', 1),
      reads('ndbus1/provider', 'nfit_test.1'),
    ],
    'boot adr clwb nfit=mock0 nfit=mock1',
  ),
  ndctl(
    'libndctl: regions and namespaces',
    '16.3, 9.1',
    'block windows get what memory left; all come back from existing labels',
    [
      reads('region5/available_size', 32 * MIB),
      reads('region6/available_size', 64 * MIB),
      'create-namespace region5 18M raw => 0',
      'create-namespace region6 20M raw => 0',
      reads('region0/available_size', 18 * MIB),
      reads('region1/available_size', 18 * MIB),
      reads('region2/available_size', 27 * MIB),
      reads('region3/available_size', 27 * MIB),
      'create-namespace region0 7M sector 512 raw => 0',
      'create-namespace region0 11M sector 512 raw => 0',
      reads('region0/available_size', 0),
      'bio write ndblk0.1 @0 4096 => 4096',
      'bio read ndblk0.1 @0 4096 => 4096',
      'create-namespace region2 27M sector 512 btt 512 => 0',
      // A BTT over 27 MiB has 0x1aa2600 bytes.
      `sysfs read ndblk2.0s/size => "${0x1aa2600 / 512}\\n"`,
      'crash best',
      reads('namespace5.0/size', 18 * MIB),
      reads('namespace6.0/size', 20 * MIB),
      // Numbered by where they begin: the 11 MiB have what region 5 left from 9 MiB on, the 7 MiB are at 25 MiB.
      reads('namespace0.0/size', 11 * MIB),
      reads('namespace0.1/size', 7 * MIB),
      'sysfs list /sys/block => "ndblk0.0 ndblk0.1 ndblk2.0s pmem5 pmem6"',
    ],
  ),
  ndctl(
    'libndctl: personalities',
    '16.3, 9.1',
    'BTT sizes of the 18 and 20 MiB namespaces; device-dax and pfn with struct pages in RAM; seeds advance',
    [
      'create-namespace region5 18M raw => 0',
      'create-namespace region6 20M raw => 0',
      reads('region5/dax_seed', 'dax5.0'),
      'personality pmem5 dax ram align 4K => 0',
      reads('region5/dax_seed', 'dax5.1'),
      reads('dax5.0/namespace', 'namespace5.0'),
      reads('namespace5.0/mode', 'dax'),
      'personality pmem5 pfn ram align 4K => 0',
      reads('region5/pfn_seed', 'pfn5.1'),
      reads('pfn5.0/mode', 'ram'),
      reads('namespace5.0/mode', 'memory'),
      'bio write pmem5 @0 4096 fua => 4096',
      'personality pmem5 btt 512 => 0',
      reads('region5/btt_seed', 'btt5.1'),
      reads('btt5.0/size', 0x11b4400),
      'bio write pmem5s @0 4096 => 4096',
      'bio read pmem5s @0 4096 => 4096',
      'personality pmem6 btt 512 => 0',
      reads('btt6.0/size', 0x13b0400),
      'personality pmem6 raw => 0',
      reads('namespace6.0/mode', 'raw'),
    ],
  ),
];

const labels: readonly string[] = [
  ndctl(
    'dsm-fail',
    '16.1',
    'a dimm whose label area can not be asked for keeps all its regions from being enabled, and no others',
    [
      ...REGIONS.map((region) => drives('unbind', 'nd_region', region)),
      'fail-commands nmem0 0x10 => 0',
      drives('unbind', 'nvdimm', 'nmem0'),
      bindFails('nvdimm', 'nmem0'),
      bindFails('nd_region', 'region0'),
      drives('bind', 'nd_region', 'region1'),
      drives('bind', 'nd_region', 'region2'),
      bindFails('nd_region', 'region5'),
      bindFails('nd_region', 'region6'),
      drives('bind', 'nd_region', 'region7'),
      'fail-commands nmem0 0 => 0',
      drives('bind', 'nvdimm', 'nmem0'),
      ...['region0', 'region5', 'region6'].map((region) => drives('bind', 'nd_region', region)),
    ],
  ),
  ndctl(
    'multi-pmem',
    '16.1; test/multi-pmem.c',
    'four namespaces come back with their uuids; block windows gain nothing until the highest is destroyed',
    [
      ...zeroLabels,
      ...[0, 1, 2, 3].map(() => 'create-namespace region6 16M raw => 0'),
      ...[0, 1, 2, 3].map((id) => reads(`namespace6.${id}/size`, 16 * MIB)),
      drives('unbind', 'nd_region', 'region6'),
      drives('bind', 'nd_region', 'region6'),
      'sysfs list /sys/block => "pmem6 pmem6.1 pmem6.2 pmem6.3"',
      // Four of them take all 16 MiB that the region has of each dimm.
      reads('region0/available_size', 16 * MIB),
      'destroy-namespace namespace6.1 => 0',
      reads('region0/available_size', 16 * MIB),
      'destroy-namespace namespace6.2 => 0',
      reads('region0/available_size', 16 * MIB),
      'destroy-namespace namespace6.3 => 0',
      reads('region0/available_size', 16 * MIB + 3 * 4 * MIB),
      `sysfs read ${DEVICES}/namespace6.3/size => -ENOENT`,
    ],
  ),
  ndctl(
    'create.sh',
    '16.1; test/create.sh',
    'memory: raw, memory, sector mode; then block windows: raw, sector mode',
    [
      ...zeroLabels,
      'create-namespace region5 32M raw => 0',
      reads('namespace5.0/mode', 'raw'),
      'personality pmem5 pfn pmem => 0',
      reads('namespace5.0/mode', 'memory'),
      'personality pmem5 btt 4096 => 0',
      reads('namespace5.0/mode', 'safe'),
      reads('btt5.0/sector_size', '512 520 528 [4096] 4104 4160 4224 '),
      'destroy-namespace namespace5.0 => 0',
      'create-namespace region0 32M sector 512 raw => 0',
      reads('namespace0.0/mode', 'raw'),
      'personality ndblk0.0 btt 4096 => 0',
      reads('namespace0.0/mode', 'safe'),
      reads('btt0.0/sector_size', '512 520 528 [4096] 4104 4160 4224 '),
      // The mock never flushes what goes through its windows: an orderly reboot in place of the module's unloading.
      'crash best',
      reads('namespace0.0/mode', 'safe'),
    ],
  ),
  ndctl(
    'blk-exhaust.sh',
    '16.1; test/blk-exhaust.sh',
    'two memory namespaces of the largest size, and still two on block windows',
    [
      ...zeroLabels,
      'create-namespace region5 32M pfn pmem => 0',
      'create-namespace region6 64M pfn pmem => 0',
      reads('region0/available_size', 0),
      'create-namespace region2 16M sector 512 raw => 0',
      'create-namespace region3 16M sector 512 raw => 0',
      'create-namespace region2 4K sector 512 raw => -ENOSPC',
    ],
  ),
  ndctl(
    'parent-uuid',
    '16.1; test/parent-uuid.c',
    'a BTT is found again when the namespace has the same uuid, and not with another; on real block windows',
    [
      ...blkNamespace('00010203-0405-0607-0809-0a0b0c0d0e10'),
      'personality ndblk0.0 btt 512 => 0',
      'destroy-namespace namespace0.0 => 0',
      ...blkNamespace('00010203-0405-0607-0809-0a0b0c0d0e10'),
      reads('namespace0.0/mode', 'safe'),
      'destroy-namespace namespace0.0 => 0',
      ...blkNamespace('11111111-0405-0607-0809-0a0b0c0d0e10'),
      reads('namespace0.0/mode', 'raw'),
    ],
    'boot adr clwb nfit=windows',
  ),
  ndctl(
    'blk-ns',
    '16.1, 16.4; test/blk_namespaces.c',
    'two namespaces of two pieces each: data at the start, over the border of the pieces, at the end',
    [
      ...zeroLabels,
      'create-namespace region0 8M sector 512 raw => 0',
      'create-namespace region0 8M sector 512 raw => 0',
      'destroy-namespace namespace0.0 => 0',
      'create-namespace region0 16M sector 512 raw => 0',
      'destroy-namespace namespace0.1 => 0',
      'create-namespace region0 16M sector 512 raw => 0',
      reads('namespace0.2/dpa_extents', 2),
      ...['ndblk0.2', 'ndblk0.3'].flatMap((disk) =>
        // 16 MiB are 4096 pages: the first, the two in the middle, the last.
        ['@0 4096', `@${8 * MIB - 4096} 4096,4096`, `@${16 * MIB - 4096} 4096`].flatMap((place): string[] => {
          const size = place.includes(',') ? '8192' : '4096';
          return [`bio write ${disk} ${place} => ${size}`, `bio read ${disk} ${place} => ${size}`];
        }),
      ),
    ],
  ),
  ndctl(
    'pmem-ns',
    '16.1, 16.4; test/pmem_namespaces.c',
    'a namespace over all of a region: its first and its last page',
    [
      ...zeroLabels,
      'create-namespace region5 32M raw => 0',
      'bio write pmem5 @0 4096 => 4096',
      `bio write pmem5 @${32 * MIB - 4096} 4096 => 4096`,
      'bio read pmem5 @0 4096 => 4096',
      `bio read pmem5 @${32 * MIB - 4096} 4096 => 4096`,
    ],
    MOCK,
    // Its plain writes are completed by a fence before the series, and not after it (12).
    `lost before: none
lost after: pmem5:0-4095,${32 * MIB - 4096}-${32 * MIB - 1}
images before -> after: acknowledged weaker, synced equal`,
  ),
];

/** The namespace of parent-uuid: 18 MiB on the first region of block windows, with that uuid; its last step binds it. */
function blkNamespace(uuid: string): string[] {
  return [
    writes('namespace0.0/uuid', uuid),
    writes('namespace0.0/size', 18874368),
    writes('namespace0.0/sector_size', 512),
    drives('bind', 'nd_blk', 'namespace0.0'),
  ];
}

/** Sizes that dpa-alloc gives its four namespaces in turn: 4 KiB more each round, until no label is left. */
function growth(slots: number): string[] {
  return Array.from({ length: slots }, (_, index) => {
    const round = 2 + Math.floor(index / 4);
    return writes(`namespace0.${index % 4}/size`, 4096 * round);
  });
}

const dpaAlloc: readonly string[] = [
  ndctl(
    'dpa-alloc',
    '16.1; test/dpa-alloc.c',
    'label slots run out one extent at a time, the last can still be changed, and what is freed is merged',
    [
      ...zeroLabels,
      reads('nmem0/available_slots', 1015),
      ...[0, 1, 2, 3].flatMap((id) => [
        'create-namespace region0 4M sector 512 raw => 0',
        drives('unbind', 'nd_blk', `namespace0.${id}`),
        writes(`namespace0.${id}/size`, 4096),
      ]),
      reads('nmem0/available_slots', 1011),
      ...growth(1011),
      reads('nmem0/available_slots', 0),
      // The 1,011th was the 253rd growth of the third: its last piece grows, which needs no label.
      writes('namespace0.2/size', 4096 * 255),
      writes('namespace0.2/size', 4096 * 254),
      drives('unbind', 'nd_region', 'region0'),
      drives('bind', 'nd_region', 'region0'),
      // 1011 growths are 253 for three of them and 252 for the last: 1015 pages in all, whoever has which.
      reads('region0/available_size', 32 * MIB - 4096 * 1015),
      ...[1, 2, 3].map((id) => writes(`namespace0.${id}/size`, 0)),
      writes('namespace0.0/size', 4096 * 1015),
      reads('namespace0.0/dpa_extents', 1),
      reads('nmem0/available_slots', 1014),
    ],
  ),
];

const dataPath: readonly string[] = [
  ndctl(
    'clear.sh',
    '16.4',
    'the error in the middle of the namespace moves by the data offset of a pfn device, and a write clears it',
    [
      ...zeroLabels,
      'create-namespace region5 32M raw => 0',
      // 2 * 32768 sectors are the size of the namespace.
      'sysfs read pmem5/badblocks => "32768 8\\n"',
      'bio read pmem5 @16M 4096 => -EIO',
      'personality pmem5 pfn pmem => 0',
      // The region begins at 0x1000005000: with 8 KiB and 2 MiB of struct pages the next 2 MiB begin at 0x1000400000,
      // so data begins 0x3fb000 bytes or 8152 sectors into the namespace.
      'sysfs read pmem5/size => "57384\\n"',
      'sysfs read pmem5/badblocks => "24616 8\\n"',
      `bio write pmem5 @${24616 * 512} 4096 => 4096`,
      'sysfs read pmem5/badblocks => ""',
      ...REGIONS.map((region) => drives('unbind', 'nd_region', region)),
      ...REGIONS.map((region) => drives('bind', 'nd_region', region)),
      'sysfs read pmem5/badblocks => ""',
    ],
  ),
  ndctl(
    'dax-errors.sh',
    '16.4',
    'a bad page of a mapped file is a SIGBUS; a punched hole of whole sectors clears it',
    [
      ...zeroLabels,
      'create-namespace region5 32M raw => 0',
      'sysfs read pmem5/badblocks => "32768 8\\n"',
      'zeroout pmem5 @16M 4096 => 0',
      'sysfs read pmem5/badblocks => ""',
      // A file of four pages in place of the image on ext4; it starts at sector 0.
      'create pmem5:/image 16K => 0',
      'sysfs write pmem5/badblocks "0 8" => 3',
      'bio read pmem5 @0 4096 => -EIO',
      'load pmem5:/image @0 4096 => -EFAULT',
      'bio write pmem5 @0 4096 => 4096',
      'sysfs write pmem5/badblocks "1 1" => 3',
      'bio read pmem5 @0 4096 => -EIO',
      'punch pmem5:/image @512 512 => 0',
      'sysfs read pmem5/badblocks => ""',
    ],
  ),
  ndctl(
    'daxdev-errors.sh',
    '16.4, 6.3, 6.4',
    'device-dax: the platform clears the error past the disk, and the region forgets it',
    [
      ...zeroLabels,
      'create-namespace region6 64M dax ram align 4K => 0',
      reads('namespace6.0/mode', 'dax'),
      // Half of 64 MiB is sector 65536.
      `sysfs read ${DEVICES}/region6/badblocks => "65536 8\\n"`,
      'clear-error pmem6 @32M 4096 => 4096',
      `sysfs read ${DEVICES}/region6/badblocks => ""`,
    ],
  ),
  ndctl(
    'dax-dev',
    '16.1, 7.2',
    'the victim that device-dax tests take: the first namespace of a legacy region, which says that it is memory',
    [
      reads('namespace0.0/mode', 'memory'),
      reads('namespace0.0/holder', ''),
      'personality pmem0 dax ram align 4K => 0',
      reads('namespace0.0/mode', 'dax'),
      'personality pmem0 raw => 0',
      reads('namespace0.0/mode', 'memory'),
    ],
    'boot adr clwb e820=64M',
  ),
];

const later: readonly string[] = [
  ndctl(
    'inject-error.sh',
    '16.2, 16.4 (4.15)',
    'nobody is told of the error before a scrub; eight blocks from 42 on are written clean',
    [
      'media-poison pmem0 @21504 4096 => 0',
      'sysfs read pmem0/badblocks => ""',
      writes('ndbus0/nfit/scrub', 1),
      'sysfs read pmem0/badblocks => "42 8\\n"',
      'zeroout pmem0 @21504 4096 => 0',
      'sysfs read pmem0/badblocks => ""',
    ],
    'boot adr clwb nfit=pmem',
  ),
  ndctl(
    'sector-mode.sh',
    '16.2, 16.4',
    'a read-only region made writable: sector mode, dax, sector mode again',
    [
      writes('region0/read_only', 0),
      'personality pmem0 btt 4096 => 0',
      reads('namespace0.0/mode', 'safe'),
      'personality pmem0 dax ram align 4K => 0',
      reads('namespace0.0/mode', 'dax'),
      'personality pmem0 btt 4096 => 0',
      reads('namespace0.0/mode', 'safe'),
    ],
    'boot adr clwb nfit=mock1',
  ),
  ndctl('multi-dax.sh', '16.2, 16.4', 'two device-dax namespaces in one region', [
    ...zeroLabels,
    'create-namespace region5 16M dax ram align 4K => 0',
    'create-namespace region5 16M dax ram align 4K => 0',
    reads('namespace5.0/mode', 'dax'),
    reads('namespace5.1/mode', 'dax'),
    reads('dax5.1/namespace', 'namespace5.1'),
    reads('region5/available_size', 0),
  ]),
  ndctl(
    'max_available_extent_ns.sh',
    '16.2, 16.4 (4.19)',
    'the middle one of three quarters goes; on this kernel half of the region is said to be free, in two pieces',
    [
      ...zeroLabels,
      'create-namespace region5 8M raw => 0',
      'create-namespace region5 8M raw => 0',
      'create-namespace region5 8M raw => 0',
      'destroy-namespace namespace5.1 => 0',
      reads('region5/available_size', 16 * MIB),
      'create-namespace region5 8M raw => 0',
      reads('region5/available_size', 8 * MIB),
    ],
  ),
  `
scenario: ndctl dm.sh, with the store and power failure that it lacks
source: nvdimm-and-firmware.md 16.2, 16.4, 15.2-c
shows: fs-dax over dm-linear over two disks: what was synced is there after power failure
  boot adr clwb pmem0=4M,pages pmem1=4M,pages
  dm dm-0 linear 4M pmem0@0 linear 4M pmem1@0
  create dm-0:/f 6M => 0
  store dm-0:/f @5M 8 => 0
  fsync dm-0:/f => 0
  crash
  dax read dm-0:/f @5M iov 8 => 8
${SAME}`,
];

/** All of them, under their themes. */
export function ndctlScenarios(): Scenario[] {
  const suite = ['theme: ndctl: regression suite (v57)', ...libndctl, ...labels, ...dpaAlloc, ...dataPath];
  const text = [...suite, 'theme: ndctl: tests that came later', ...later].join('\n\n');
  return readScenarios(text, 'ndctl.ts');
}
