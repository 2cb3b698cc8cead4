/**
 * BTT, pfn and dax devices over namespaces: what they cost, what poison does to them, and how they come back
 * (nvdimm-and-firmware.md 2.8, 7.4, 9.1, 12, 15.1, 16.4, 18.4.20).
 */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const BTT = 'personalities: BTT';
const PFN = 'personalities: pfn and dax devices';

/**
 * 20 MiB with 4096-byte sectors (9.1): raw 20967424, without info blocks and log 20942848; 5107 internal blocks of
 * 4096 + 4 bytes, 4851 external ones. Data begins at 8192; the free block of lane 0 is the first behind the external.
 */
const EXTERNAL_BLOCKS = 4851;
const FREE_BLOCK = 8192 + EXTERNAL_BLOCKS * 4096;

/**
 * 20 MiB with 512-byte sectors: 40578 internal blocks of 512 + 4 bytes, 40322 external ones. Their map takes 40 pages
 * (161288 bytes) before the 16 KiB of the log and the last page.
 */
const MAP_OF_SMALL_SECTORS = 20 * 2 ** 20 - 4096 - 16384 - 40 * 4096;

const btt: readonly Scenario[] = [
  {
    name: '18.4.20 one BTT sector',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 9.1, 12, 18.4.20',
    shows:
      'data, two halves of a log entry, map: four raw writes, each flushed; a fence less for each copy after',
    workload:
      'boot adr clwb pmem0=20M\npersonality pmem0 btt 4096\nbio write pmem0s @0 4096\nbio read pmem0s @0 4096',
    acked: 'equal',
    synced: 'equal',
    // The second copy of the info block is the last page, at 20967424; the log is the 16 KiB before it, from 20951040,
    // and the first write takes slot 2 of the lane's 64 bytes (+ 32); the map is the 20 KiB before the log.
    before: {
      lost: 'none',
      events: ['', `n${FREE_BLOCK}:8*512 S S S n20951072:8 S S S n20951080:8 S S S n20930560:4 S S S`],
      results: ['4096', '4096', '0'],
    },
    after: {
      lost: 'none',
      events: ['', `n${FREE_BLOCK}:8*512 S S n20951072:8 S S n20951080:8 S S n20930560:4 S S`],
      results: ['4096', '4096', '0'],
    },
  },
  {
    name: '18.4.20 poison under a free BTT block',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 9.1, 15.3 (d9b83c756953), 16.4 btt-errors, 18.4.20',
    shows: 'the write may not clear (it can not sleep): -EIO for ever, and the map stays as it was',
    workload: [
      'boot adr clwb pmem0=20M',
      'personality pmem0 btt 4096',
      `poison pmem0 @${FREE_BLOCK} 512`,
      'bio write pmem0s @0 4096',
      'bio write pmem0s @0 4096',
      'bio read pmem0s @0 4096',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['4096', '-EIO', '-EIO', '0', '0'] }),
  },
  {
    name: '15.1 n rw_page over a BTT hides errors',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 9.1, 15.1 n (standing defect of 4.12.0)',
    shows: 'the same poisoned free block: the page write reports success, and the page was not written',
    workload: [
      'boot adr clwb pmem0=20M',
      'personality pmem0 btt 4096',
      `poison pmem0 @${FREE_BLOCK} 512`,
      'page write pmem0s @0',
      'bio write pmem0s @0 4096',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['-EIO', '0'] }),
  },
  {
    name: '15.1 G a trimmed sector ends the read of a page',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 9.1, 15.1 G (standing defect)',
    shows: 'the first sector is zero as it must be; sectors 2 to 8 are never filled, and the read succeeds',
    workload: [
      'boot adr clwb pmem0=20M',
      'personality pmem0 btt 512',
      'bio write pmem0s @0 4096',
      'page read pmem0s @0',
      'detach pmem0',
      `raw write pmem0 @${MAP_OF_SMALL_SECTORS} 4 bytes 00000080`,
      'attach pmem0',
      'page read pmem0s @0',
      'bio read pmem0s @512 3584',
    ].join('\n'),
    ...onBothSides({
      lost: 'none',
      results: ['3584', '0', '0', '0', '0', '0', '4096', '0'],
      data: ['3584 stored', '4096 zero', '', '', '', '4096 stored'],
    }),
  },
  {
    name: 'a BTT takes no flushes',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 9.1',
    shows: 'its queue has no write cache: the block layer answers; every write was flushed on its own',
    workload: [
      'boot adr clwb pmem0=20M',
      'personality pmem0 btt 512',
      'sysfs read pmem0s/queue/write_cache',
      'flush pmem0s',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['0', '"write through\\n"', '0'], events: ['', ''] }),
  },
  {
    name: 'sizes of a BTT',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 9.1 (20 MiB: 0x13b0400 bytes)',
    shows: 'what the regression suite expects of a 20 MiB namespace with 512-byte sectors',
    workload: 'boot adr clwb pmem0=20M\npersonality pmem0 btt 512\nsysfs read pmem0s/size',
    // 0x13b0400 / 512
    ...onBothSides({ lost: 'none', results: ['"40322\\n"'] }),
  },
  {
    name: 'a BTT comes back after power failure',
    theme: BTT,
    source: 'nvdimm-and-firmware.md 2.8, 9.1, 16.3 (autodetect)',
    shows: 'the plain namespace finds the info block and steps back; the sector is there whole',
    workload: [
      'boot adr clwb pmem0=20M',
      'personality pmem0 btt 4096',
      'bio write pmem0s @8192 4096',
      'crash',
      'sysfs list /sys/block',
      'sysfs read /sys/bus/nd/devices/namespace0.0/mode',
      'bio read pmem0s @8192 4096',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['4096', '"safe\\n"', '"pmem0s"'] }),
  },
];

const pfn: readonly Scenario[] = [
  {
    name: 'clear.sh: poison through a pfn device',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 16.4 clear.sh, 7.4',
    shows: 'bad sectors move by the data offset; a write clears them; nothing comes back with the region',
    workload: [
      'boot adr clwb nfit=mock1',
      'sysfs write /sys/bus/nd/devices/region0/read_only "0"',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @16M 4096',
      'personality pmem0 pfn pmem',
      'sysfs read pmem0/size',
      'sysfs read pmem0/badblocks',
      'bio write pmem0 @12M 4096',
      'sysfs read pmem0/badblocks',
      'sysfs write /sys/bus/nd/drivers/nd_region/unbind "region0"',
      'sysfs write /sys/bus/nd/drivers/nd_region/bind "region0"',
      'sysfs read pmem0/badblocks',
    ].join('\n'),
    // The first copy is fenced by the mfence of the invalidation.
    // 8 KiB and 64 bytes for each of 32768 pages (a whole section) are 2 MiB + 8 KiB: data at 4 MiB of 32 MiB.
    ...onBothSides({
      lost: 'none',
      results: ['""', '7', '7', '""', '4096', '"24576 8\\n"', '"57344\\n"', '0', '-EIO', '"32768 8\\n"', '1'],
    }),
  },
  {
    name: 'a pfn device with struct pages in RAM',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 7.4',
    shows:
      'data begins at the alignment behind the info block; mode memory; it comes back when attached again',
    workload: [
      'boot adr clwb pmem0=16M',
      'personality pmem0 pfn ram',
      'sysfs read pmem0/size',
      'sysfs read /sys/bus/nd/devices/namespace0.0/mode',
      'sysfs read /sys/bus/nd/devices/namespace0.0/holder',
      'detach pmem0',
      'attach pmem0',
      'sysfs read /sys/bus/nd/devices/namespace0.0/holder',
      'personality pmem0 raw',
      'sysfs read pmem0/size',
      'sysfs read /sys/bus/nd/devices/namespace0.0/mode',
    ].join('\n'),
    // 16 MiB less 2 MiB: 28672 sectors.
    ...onBothSides({
      lost: 'none',
      results: [
        '"raw\\n"',
        '"32768\\n"',
        '0',
        '"pfn0.0\\n"',
        '0',
        '0',
        '"pfn0.0\\n"',
        '"memory\\n"',
        '"28672\\n"',
      ],
    }),
  },
  {
    name: 'a dax device has no disk',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 7.5, 2.8',
    shows: 'the namespace is found as device-dax, and its mode says so',
    workload: [
      'boot adr clwb pmem0=16M',
      'personality pmem0 dax ram',
      'sysfs list /sys/block',
      'sysfs read /sys/bus/nd/devices/namespace0.0/mode',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['"dax\\n"', '""', '0'] }),
  },
  {
    name: 'a pfn device on a volatile region',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 7.4, 13.12',
    shows: 'patch 12: info blocks are looked for on volatile regions too',
    workload: [
      'boot adr clwb nfit=volatile-bare',
      'personality pmem0 pfn ram align 4K',
      'sysfs read /sys/bus/nd/devices/region0/pfn_seed',
      'sysfs read pmem0/queue/write_cache',
    ].join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENOENT', '-ENOENT', '-ENODEV'] },
    // The first device was the seed; the next one waits.
    after: { lost: 'none', results: ['"write through\\n"', '"pfn0.1\\n"', '0'] },
  },
  {
    name: '16.4 pfn-meta-errors: poison under the struct pages',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 7.4, 16.4 (standing defect before 48af2f7e52f4)',
    shows: 'what lies between the info block and the data is never looked at: the poison stays',
    workload: [
      'boot adr clwb pmem0=16M',
      'personality pmem0 pfn pmem',
      'poison pmem0 @1M 16K',
      'detach pmem0',
      'attach pmem0',
      'sysfs read pmem0/badblocks',
      'sysfs read /sys/bus/nd/devices/region0/badblocks',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['"2048 32\\n"', '""', '0'] }),
  },
  {
    name: '15.1 m poison in an info block',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 5, 7.4, 15.1 m (standing defect of 4.12.0)',
    shows: 'a claimed namespace can not clear: the info block can not be read, and no device is made of it',
    workload: [
      'boot adr clwb pmem0=16M',
      'personality pmem0 pfn ram',
      'poison pmem0 @4096 512',
      'detach pmem0',
      'attach pmem0',
      'sysfs read /sys/bus/nd/devices/namespace0.0/mode',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['"raw\\n"', '0', '0'] }),
  },
  {
    name: 'a pfn device beside System RAM',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 7.4',
    shows: 'the section is left to System RAM: the first 64 MiB of the namespace are padding',
    workload: [
      'boot adr clwb pmem0=192M,ram-below',
      'personality pmem0 pfn ram',
      'sysfs read pmem0/size',
      'sysfs read /sys/bus/nd/devices/pfn0.0/resource',
      'bio write pmem0 @0 4096 fua',
      'crash',
      'bio read pmem0 @0 4096',
    ].join('\n'),
    // The namespace begins at 4 GiB + 64 MiB; data behind the padding and the first 2 MiB. 126 MiB are 258048 sectors.
    ...onBothSides({ lost: 'none', results: ['4096', '4096', '"0x108200000\\n"', '"258048\\n"', '0'] }),
  },
  {
    name: '15.1 p clearing beside the bad sector',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 2.3, 15.1 p (standing defect)',
    shows: 'the platform is asked to clear 64 MiB too low: the kernel forgets the sector, the media does not',
    workload: [
      'boot adr clwb pmem0=192M,ram-below',
      'personality pmem0 pfn ram',
      // 64 MiB of padding and 2 MiB in front of the data.
      'poison pmem0 @66M 512',
      'sysfs read pmem0/badblocks',
      'bio write pmem0 @0 512 fua',
      'sysfs read pmem0/badblocks',
      'bio read pmem0 @0 512',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['-EIO', '""', '512', '"0 1\\n"', '0', '0'] }),
  },
  {
    name: '15.1 p a mapping beside the file',
    theme: PFN,
    source: 'nvdimm-and-firmware.md 2.3, 2.5, 15.1 p (standing defect)',
    shows:
      'the pfn lies 64 MiB too low: a process stores into the padding, and fsync writes other lines back',
    workload: [
      'boot adr clwb pmem0=192M,ram-below',
      'personality pmem0 pfn ram',
      'store pmem0:/f @0 8',
      'fsync pmem0:/f',
      'dax read pmem0:/f @0 iov 8',
    ].join('\n'),
    // Byte 0 of the data is 66 MiB into the namespace; 64 MiB lower is its byte 2 MiB.
    ...onBothSides({ lost: 'pmem0:2097152-2097159', results: ['8', '0', '0', '0'], data: ['8 zero'] }),
  },
];

export const personalityScenarios: readonly Scenario[] = [...btt, ...pfn];
