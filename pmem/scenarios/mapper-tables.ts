/** Device-mapper: a new table on a device in use, and the standing defects of lookups (memory-and-dax.md 8.1, 8.6, 15). */
import type { Scenario, SideExpectation } from '../scenario.ts';
import { equalImages } from './equal-images.ts';

const RELOAD = 'device-mapper: a new table';
const DEFECTS = 'device-mapper: standing defects';

const reloads: readonly Scenario[] = [
  equalImages(
    RELOAD,
    'file on another member',
    'memory-and-dax.md 8.1, 15 B14',
    'between two operations a swap is harmless: each looks its target up anew',
    [
      'boot adr clwb pmem0=1M pmem1=1M',
      'dm dm-0 linear 1M pmem0@0',
      'dax write dm-0:/f @0 iov 4096',
      'dm dm-0 linear 1M pmem1@0',
      'dax write dm-0:/f @0 iov 4096',
      'fsync dm-0:/f',
    ],
    { events: ['S S', 'pmem1@n0:8*512 S', '', 'pmem0@n0:8*512 S'] },
  ),
  equalImages(
    RELOAD,
    'from dax to not dax',
    'memory-and-dax.md 8.6; table_load of the kernel',
    'refused: the type of a mapped device is that of its first table; the old table stays',
    [
      'boot adr clwb pmem0=1M axonram0=1M',
      'dm dm-0 linear 1M pmem0@0',
      'dm dm-0 linear 1M axonram0@0',
      'dax write dm-0:/f @0 iov 8',
    ],
    { results: ['8', '-EINVAL', '0'], events: ['pmem0@n0:8 S'] },
  ),
  equalImages(
    RELOAD,
    'from not dax to dax',
    'memory-and-dax.md 8.6; table_load of the kernel',
    'allowed, but the queue flag is set at the first load only',
    [
      'boot adr clwb pmem0=1M axonram0=1M',
      'dm dm-0 linear 1M axonram0@0',
      'dm dm-0 linear 1M pmem0@0',
      'sysfs read dm-0/queue/dax',
      'dax write dm-0:/f @0 iov 8',
    ],
    { results: ['8', '"0\\n"', '0', '0'], events: ['pmem0@n0:8 S'] },
  ),
  equalImages(
    RELOAD,
    'from dax to nothing but errors',
    'memory-and-dax.md 8.5, 8.6; dm_table_determine_type of the kernel',
    'allowed: a table without members keeps the type; the flag is never cleared',
    [
      'dm dm-0 linear 2M pmem0@0',
      'dax write dm-0:/f @0 iov 8',
      'dm dm-0 error 2M',
      'sysfs read dm-0/queue/dax',
      'dax write dm-0:/f @0 iov 8',
    ],
    { results: ['-EIO', '"1\\n"', '0', '8', '0'] },
  ),
  equalImages(
    RELOAD,
    'write cache of the members',
    'memory-and-dax.md 8.7',
    'the mapped queue is computed when a table is bound, and not again when a member is switched',
    [
      'dm dm-0 linear 2M pmem0@0',
      'sysfs write pmem0/queue/write_cache "write through"',
      'sysfs read dm-0/queue/write_cache',
      'dm dm-0 linear 2M pmem0@0',
      'sysfs read dm-0/queue/write_cache',
    ],
    { results: ['"write through\\n"', '0', '"write back\\n"', '13', '0'] },
  ),
  equalImages(
    RELOAD,
    'nested tables after a reboot',
    'memory-and-dax.md 8.1',
    'tables are loaded again members first, also when the lower one got its last table later',
    [
      'boot adr clwb pmem0=1M pmem1=1M',
      'dm dm-0 linear 1M pmem0@0',
      'dm dm-1 linear 1M pmem1@0',
      'dm dm-0 linear 1M dm-1@0',
      'crash',
      'dax write dm-0:/f @0 iov 8',
    ],
    { results: ['8'], events: ['pmem1@n0:8 S'] },
  ),
];

/** A standing defect: the same loss on both sides. */
function defect(
  name: string,
  source: string,
  shows: string,
  lines: readonly string[],
  before: SideExpectation,
  after = before,
): Scenario {
  const plain = equalImages(DEFECTS, name, `memory-and-dax.md ${source} (standing defect)`, shows, lines, {});
  return { ...plain, before, after };
}

/** A table of `count` pages, one a target. */
const pagesOf = (count: number): string =>
  Array.from({ length: count }, (_, page) => `linear 4K pmem0@${page * 4}K`).join(' ');

/** A dirty page beyond the end of a table that replaced a larger one. */
const dirtyBeyond = (targetCount: number): string[] => [
  'dm dm-0 linear 64K pmem0@0',
  'create dm-0:/f 64K',
  'store dm-0:/f @40K 8',
  `dm dm-0 ${pagesOf(targetCount)}`,
  'fsync dm-0:/f',
];

const defects: readonly Scenario[] = [
  defect(
    'B14 a mapping from before the swap',
    '9.3, 15 B14',
    'the process still stores to the old member; fsync finds the page on the new one, and succeeds',
    [
      'boot adr clwb pmem0=1M pmem1=1M',
      'dm dm-0 linear 1M pmem0@0',
      'store dm-0:/f @0 8',
      'fsync dm-0:/f',
      'dm dm-0 linear 1M pmem1@0',
      'store dm-0:/f @8 8',
      'fsync dm-0:/f',
    ],
    { lost: 'pmem0:8-15', events: ['pmem1@W0*64 S S', 'pmem0@c8:8', '', 'pmem0@W0*64 S S', 'pmem0@c0:8'] },
  ),
  defect(
    'B14 from pmem to a RAM disk under a dirty page',
    '8.7, 9.4, 15 B14',
    'fsync writes lines of the RAM disk back, after the series none at all; the dirty ones are on pmem',
    [
      'boot adr clwb pmem0=1M ram0=1M',
      'dm dm-0 linear 1M pmem0@0',
      'store dm-0:/f @0 8',
      'dm dm-0 linear 1M ram0@0',
      'fsync dm-0:/f',
    ],
    { lost: 'pmem0:0-7', results: ['0'], events: ['ram0@W0*64'] },
    { lost: 'pmem0:0-7', results: ['0'], events: [''] },
  ),
  defect(
    'B13 dirty page beyond 7 targets',
    '8.1, 16.8',
    'the lookup lands on an unused slot of the only node: -EIO',
    dirtyBeyond(7),
    { lost: 'pmem0:40960-40967', results: ['-EIO'] },
  ),
  defect(
    'B13 dirty page beyond 8 targets',
    '8.1, 15 B13',
    'the node has no unused slot: the lookup runs past the array of targets',
    dirtyBeyond(8),
    {
      lost: 'pmem0:40960-40967',
      results: ['oops: dm_table_find_target: read past the targets (B13)'],
    },
  ),
];

export const mapperTableScenarios: readonly Scenario[] = [...reloads, ...defects];
