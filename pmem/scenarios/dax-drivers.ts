/**
 * The dax drivers that the series does not touch: axonram, dcssblk and brd (memory-and-dax.md 7.4, 9.2, 11, 13). Their
 * memory is volatile, so nothing can be lost; what the series changes is what they pay.
 */
import type { Scenario } from '../scenario.ts';
import { equalImages } from './equal-images.ts';

const THEME = 'other dax drivers';

const AXONRAM = 'boot adr clwb axonram0=1M';
const DCSSBLK = 'boot adr clwb dcssblk0=1M';

const copies: readonly Scenario[] = [
  equalImages(
    THEME,
    'write of two pages to axonram memory',
    'memory-and-dax.md 11, 12 patch 3, 13',
    'direct access reaches to the end of the memory, so it is one copy; after, an ordinary one',
    [AXONRAM, 'dax write axonram0:/f @0 iov 8192'],
    { events: ['n0:8*1024 S'] },
    { events: ['c0:8192'] },
  ),
  equalImages(
    THEME,
    'unaligned write to a dcssblk segment',
    'memory-and-dax.md 11, 12 patch 3, 20 E1',
    'before, the edges of the copy are written back like those of pmem (E1); after, nothing is',
    [DCSSBLK, 'dax write dcssblk0:/f @5 iov 100'],
    { events: ['c5:1*3 n8:8*12 c104:1 S W0 W64'] },
    { events: ['c5:100'] },
  ),
  equalImages(
    THEME,
    'write of kernel memory to a dcssblk segment',
    'memory-and-dax.md 11, 12 patch 3, 13',
    'before, every line that a cached copy of kernel segments filled is written back; after, none',
    [DCSSBLK, 'dax write dcssblk0:/f @0 kvec 128'],
    { events: ['c0:128 W0*2'] },
    { events: ['c0:128'] },
  ),
];

const syncs: readonly Scenario[] = [
  equalImages(
    THEME,
    'fsync on axonram memory',
    'memory-and-dax.md 11, 12 patch 6, 17 T8',
    '64 useless write-backs before, none after; the queue has no write cache, so no flush either way',
    [AXONRAM, 'store axonram0:/f @0 8', 'fsync axonram0:/f'],
    { events: ['W0*64', 'c0:8'] },
    { events: ['', 'c0:8'] },
  ),
  equalImages(
    THEME,
    'msync on a dcssblk segment',
    'memory-and-dax.md 11, 12 patch 6, 17 T8',
    'as fsync',
    [DCSSBLK, 'store dcssblk0:/f @4096 8', 'msync dcssblk0:/f @4096 8'],
    { events: ['W4096*64', 'c4096:8'] },
    { events: ['', 'c4096:8'] },
  ),
  equalImages(
    THEME,
    'fsync on a dcssblk segment with the write cache switched on',
    'memory-and-dax.md 7.4, 8.8',
    'the gate of step 13 is open, and still nothing is written back: the driver has no flush operation',
    [
      DCSSBLK,
      'sysfs write dcssblk0/queue/write_cache "write back"',
      'store dcssblk0:/f @0 8',
      'fsync dcssblk0:/f',
    ],
    { events: ['W0*64', 'c0:8'] },
    { events: ['', 'c0:8'] },
  ),
  equalImages(
    THEME,
    'no huge mapping of axonram memory',
    'memory-and-dax.md 9.3, 11',
    'it has no struct pages: where pmem would be mapped 2 MiB at once, one page is dirty',
    [
      'boot adr clwb axonram0=8M',
      'create axonram0:/b 4M align 2M',
      'store axonram0:/b @0 8',
      'fsync axonram0:/b',
    ],
    { events: ['W0*64', 'c0:8'] },
    { events: ['', 'c0:8'] },
  ),
];

const zeroing: readonly Scenario[] = [
  equalImages(
    THEME,
    'zeroing part of a block of axonram memory',
    'memory-and-dax.md 9.2, 12 patch 7, 17 T10',
    'the write-back of the two cleared lines goes at step 7',
    [AXONRAM, 'punch axonram0:/f @100 50'],
    { events: ['c100:8 c142:8 c104:40 W64*2'] },
    { events: ['c100:8 c142:8 c104:40'] },
  ),
  equalImages(
    THEME,
    'zeroing one sector of axonram memory',
    'memory-and-dax.md 9.2, 20 E10',
    'a whole logical block of 512 bytes goes through a bio: one plain memcpy on both sides',
    [AXONRAM, 'zero-in-place axonram0:/f @512 512'],
    { events: ['c512:512'] },
  ),
  equalImages(
    THEME,
    'zeroing one sector of a dcssblk segment',
    'memory-and-dax.md 9.2, 11, 20 E10',
    'part of a logical block of 4096 bytes: cleared in place, 8 lines written back before',
    [DCSSBLK, 'zero-in-place dcssblk0:/f @512 512'],
    { events: ['c512:8 c1016:8 c520:504 W512*8'] },
    { events: ['c512:8 c1016:8 c520:504'] },
  ),
  equalImages(
    THEME,
    'zeroing one page of a dcssblk segment',
    'memory-and-dax.md 9.2, 20 E10',
    'a whole logical block goes through a bio on both sides',
    [DCSSBLK, 'zero-in-place dcssblk0:/f @4096 4096'],
    { events: ['c4096:4096'] },
  ),
];

const queues: readonly Scenario[] = [
  equalImages(
    THEME,
    'axonram offers dax to a file system only',
    'memory-and-dax.md 7.2, 8.6, 11',
    'QUEUE_FLAG_DAX is never set, but the mount looks for the dax device alone',
    [
      AXONRAM,
      'sysfs read axonram0/queue/dax',
      'sysfs read axonram0/queue/write_cache',
      'dax write axonram0:/f @0 iov 8',
    ],
    { results: ['8', '"write through\\n"', '"0\\n"'] },
  ),
  equalImages(
    THEME,
    'blocks of a dcssblk segment',
    'memory-and-dax.md 11',
    'O_DIRECT and zeroing by bios are refused below 4096 bytes',
    [
      DCSSBLK,
      'sysfs read dcssblk0/queue/dax',
      'sysfs read dcssblk0/queue/logical_block_size',
      'bio write dcssblk0 @512 4096',
      'bio write dcssblk0 @0 512',
      'zeroout dcssblk0 @0 512',
      'bio write dcssblk0 @4096 4096',
    ],
    { results: ['4096', '-EINVAL', '-EINVAL', '-EINVAL', '"4096\\n"', '"1\\n"'], events: ['c4096:4096'] },
  ),
  equalImages(
    THEME,
    'FUA write and flush of axonram memory',
    'memory-and-dax.md 7.4, 10, 11',
    'a plain memcpy: without a write cache the block core takes FUA and flush away',
    [AXONRAM, 'bio write axonram0 @0 4096 fua', 'flush axonram0'],
    { results: ['0', '4096'], events: ['', 'c0:4096'] },
  ),
  equalImages(
    THEME,
    'a RAM disk without CONFIG_BLK_DEV_RAM_DAX',
    'memory-and-dax.md 7.2, 11',
    'it has no dax device: the mount is refused',
    ['boot adr clwb no-ram-dax ram0=1M', 'sysfs read ram0/queue/dax', 'dax write ram0:/f @0 iov 8'],
    { results: ['-EOPNOTSUPP', '"0\\n"'], log: ['error ram0: error: device does not support dax'] },
  ),
];

export const daxDriverScenarios: readonly Scenario[] = [...copies, ...syncs, ...zeroing, ...queues];
