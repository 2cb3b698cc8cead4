/** Block windows: what a piece costs, what means nothing to them, and their standing defect (9.2, 12, 15.1 u). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const WINDOWS = 'block windows';

const SOURCE = 'nvdimm-and-firmware.md 9.2, 12';

/** A namespace of half the dimm: block windows take the highest addresses, so it begins at 16 MiB. */
const half = (table: string): string =>
  `boot adr clwb nfit=${table}\ncreate-namespace region0 16M sector 512 raw`;

/** The control word moves the window, and a flush makes sure that it did. */
const POINT = 'nmem0-registers@c0:8 S S';

/** Sixteen lines of 256 bytes of a page from `start` on, each with what follows it. */
function lines(start: number, behind: string): string {
  return Array.from({ length: 16 }, (_, line) => `nmem0@n${start + line * 256}:8*32${behind}`).join(' ');
}

export const blockWindowScenarios: readonly Scenario[] = [
  {
    name: 'a page through a block window',
    theme: WINDOWS,
    source: SOURCE,
    shows:
      'control word and flush, data, flush: durable when it returns; the copy has a fence of its own before',
    workload: `${half('windows')}\nbio write ndblk0.0 @0 4096\nbio read ndblk0.0 @0 4096`,
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['4096', '4096', '0'],
      events: [`${POINT} M nmem0@O16777216*64 M`, `${POINT} nmem0@n16777216:8*512 S S S`],
    },
    after: {
      lost: 'none',
      results: ['4096', '4096', '0'],
      events: [`${POINT} M nmem0@O16777216*64 M`, `${POINT} nmem0@n16777216:8*512 S S`],
    },
  },
  {
    name: 'PREFLUSH and FUA mean nothing to block windows',
    theme: WINDOWS,
    source: SOURCE,
    shows: 'the queue has no write cache: the same instructions as without them, and an empty flush has none',
    workload: `${half('windows')}\nbio write ndblk0.0 @4096 4096 preflush fua\nflush ndblk0.0\nsysfs read ndblk0.0/queue/write_cache`,
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['"write through\\n"', '0', '4096'],
      events: ['', '', `${POINT} nmem0@n16781312:8*512 S S S`],
    },
    after: {
      lost: 'none',
      results: ['"write through\\n"', '0', '4096'],
      events: ['', '', `${POINT} nmem0@n16781312:8*512 S S`],
    },
  },
  {
    name: 'a page through an interleaved block window',
    theme: WINDOWS,
    source: SOURCE,
    shows: 'one copy for each interleave line of 256 bytes: sixteen fences before, none after',
    workload: `${half('windows-interleaved')}\nbio write ndblk0.0 @0 4096`,
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['4096', '0'], events: [`${POINT} ${lines(16777216, ' S')} S S`] },
    after: { lost: 'none', results: ['4096', '0'], events: [`${POINT} nmem0@n16777216:8*512 S S`] },
  },
  {
    name: 'more than the window is large',
    theme: WINDOWS,
    source: SOURCE,
    shows: 'a segment is a page at most, so five pages move the window five times',
    workload: `${half('windows')}\nbio write ndblk0.0 @0 20480`,
    acked: 'equal',
    synced: 'equal',
    // Five times a control word with its flush, 512 stores, and a flush: 5 * 4 fences, and before one for each copy.
    // Binding looked for a BTT: another flush, and 64 lines dropped before they were read.
    before: { lost: 'none', results: ['20480', '0'], cost: [2560, 64, 27] },
    after: { lost: 'none', results: ['20480', '0'], cost: [2560, 64, 22] },
  },
  {
    name: 'raw bytes through a block window',
    theme: WINDOWS,
    source: SOURCE,
    shows:
      'what a BTT uses: durable when it returns; poison has no address there, so nothing can be said of it',
    workload: [
      half('windows'),
      'poison ndblk0.0 @0 512',
      'detach ndblk0.0',
      'raw write ndblk0.0 @16 64',
      'raw read ndblk0.0 @16 64',
      'raw read ndblk0.0 @16M 64',
    ].join('\n'),
    ...onBothSides({
      lost: 'none',
      results: ['-EFAULT', '0', '0', '0', '-EOPNOTSUPP', '0'],
      log: ['warning WARN: nd_blk: request out of range'],
    }),
  },
  {
    name: 'a segment over the border of two pieces',
    theme: WINDOWS,
    source: SOURCE,
    shows:
      'a namespace of two pieces: what crosses from one to the other is refused, with a warning the first time',
    workload: [
      'boot adr clwb nfit=windows',
      'create-namespace region0 8M sector 512 raw',
      'create-namespace region0 8M sector 512 raw',
      'destroy-namespace namespace0.0',
      'create-namespace region0 24M sector 512 raw',
      // Its pieces are the 16 MiB below the second namespace and the 8 MiB above it.
      'sysfs read /sys/bus/nd/devices/namespace0.2/dpa_extents',
      `bio write ndblk0.2 @${16 * 2 ** 20 - 2048} 4096`,
      `bio write ndblk0.2 @${16 * 2 ** 20 - 2048} 4096`,
      `bio write ndblk0.2 @${16 * 2 ** 20 - 2048} 2048,2048`,
    ].join('\n'),
    ...onBothSides({
      lost: 'none',
      results: ['4096', '-EIO', '-EIO', '"2\\n"', '0', '0', '0', '0'],
      log: ['warning WARN: nd_blk: illegal request'],
    }),
  },
  {
    name: 'sectors with room for integrity data',
    theme: WINDOWS,
    source: 'nvdimm-and-firmware.md 9.2, 16.3; drivers/nvdimm/blk.c',
    shows: 'sectors of 520 and 4160 bytes lie on multiples of 64 and hold 512 and 4096 of data',
    workload: [
      'boot adr clwb nfit=windows',
      'create-namespace region0 16M sector 520 raw',
      'create-namespace region0 16M sector 4160 raw',
      'sysfs read /sys/bus/nd/devices/namespace0.0/sector_size',
      'sysfs read ndblk0.0/size',
      'sysfs read ndblk0.1/size',
      'sysfs read ndblk0.1/queue/logical_block_size',
    ].join('\n'),
    // 16777216 / 576 = 29127.1; 16777216 / 4160 = 4032.98, of 8 sectors each.
    ...onBothSides({
      lost: 'none',
      results: ['"4096\\n"', '"32256\\n"', '"29127\\n"', '"512 [520] 528 4096 4104 4160 4224 \\n"', '0', '0'],
    }),
  },
  {
    name: 'a namespace on block windows that grew is gone after a reboot',
    theme: 'firmware: standing defects',
    source: 'drivers/nvdimm/namespace_devs.c and label.c of v4.12, read (standing defect)',
    shows: 'its piece grows downwards unmarked: the old label is given back, no new one is written',
    workload: [
      half('windows'),
      'detach ndblk0.0',
      `sysfs write /sys/bus/nd/devices/namespace0.0/size "${16 * 2 ** 20 + 4096}"`,
      'sysfs read /sys/bus/nd/devices/namespace0.0/size',
      'crash best',
      'sysfs read /sys/bus/nd/devices/namespace0.0/size',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['"0\\n"', `"${16 * 2 ** 20 + 4096}\\n"`, '8', '0', '0'] }),
  },
  {
    name: '15.1 u the offset of a window is added twice',
    theme: 'firmware: standing defects',
    source: 'nvdimm-and-firmware.md 9.2, 15.1 u (standing defect)',
    shows:
      'the window begins 4096 bytes into its range: everything lands 4096 bytes behind its place on the dimm',
    workload: `${half('windows-offset')}\nbio write ndblk0.0 @0 4096\nbio read ndblk0.0 @0 4096`,
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['4096', '4096', '0'],
      events: [`${POINT} M nmem0@O16781312*64 M`, `${POINT} nmem0@n16781312:8*512 S S S`],
    },
    after: {
      lost: 'none',
      results: ['4096', '4096', '0'],
      events: [`${POINT} M nmem0@O16781312*64 M`, `${POINT} nmem0@n16781312:8*512 S S`],
    },
  },
];
