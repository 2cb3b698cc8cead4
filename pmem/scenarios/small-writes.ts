/** Single user segments: small, unaligned, and what happens at the edges of lines (memory-and-dax.md 3.10, 15 B3, 17, 20). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const THEME = 'one user segment';

/** The 21 places and sizes of defect B3: both sides must be right; the as-posted variant is not. */
const B3_PAIRS: readonly (readonly [offset: number, size: number])[] = [
  [58, 7],
  [59, 6],
  [59, 7],
  [60, 5],
  [60, 6],
  [60, 7],
  [61, 4],
  [61, 5],
  [61, 6],
  [61, 7],
  [62, 3],
  [62, 4],
  [62, 5],
  [62, 6],
  [62, 7],
  [63, 2],
  [63, 3],
  [63, 4],
  [63, 5],
  [63, 6],
  [63, 7],
];

const crossing: Scenario[] = B3_PAIRS.map(([offset, size]) => ({
  name: `B3 ${size} bytes at line offset ${offset}`,
  theme: THEME,
  source: 'memory-and-dax.md 15 B3',
  shows: 'a small write across a line writes back both lines',
  workload: `dax write pmem0:/f @${offset} iov ${size}\nfsync pmem0:/f`,
  // One aligned 4-byte piece is non-temporal at offset 60; copy fence, then two write-backs, then two fences.
  ...onBothSides({ lost: 'none', cost: [offset === 60 ? 1 : 0, 2, 3] }),
}));

export const smallWriteScenarios: readonly Scenario[] = [
  {
    name: 'T1 4 bytes at line offset 62',
    theme: THEME,
    source: 'memory-and-dax.md 17 T1',
    shows: 'the vector that the series as posted lost for three years',
    workload: 'boot adr clwb pmem0=2M\ndax write pmem0:/f @62 iov 4\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none', events: ['S S', 'c62:1*4 S W0*2'] }),
  },
  ...crossing,
  {
    name: 'E1 100 bytes at 5, then fsync',
    theme: THEME,
    source: 'memory-and-dax.md 20 E1',
    shows: 'head and tail through the cache, the rest past it; fsync finds nothing dirty and only flushes',
    workload: 'dax write pmem0:/f @5 iov 100\nfsync pmem0:/f',
    ...onBothSides({
      lost: 'none',
      events: ['S S', 'c5:1*3 n8:8*12 c104:1 S W0 W64'],
      results: ['0', '100'],
    }),
  },
  {
    name: 'E1 before its fsync',
    theme: THEME,
    source: 'memory-and-dax.md 20 E1, 15 B19',
    shows: 'the write-backs of the edges come after the fence: nothing has completed them when write returns',
    workload: 'dax write pmem0:/f @5 iov 100',
    ...onBothSides({ lost: 'pmem0:5-7,104' }),
  },
  {
    name: 'E3 4096 aligned bytes',
    theme: THEME,
    source: 'memory-and-dax.md 20 E3',
    shows: 'an aligned write is durable when it returns, on both sides',
    workload: 'dax write pmem0:/f @0 iov 4096',
    ...onBothSides({ lost: 'none', events: ['n0:8*512 S'] }),
  },
  {
    name: 'O_DSYNC write at 60',
    theme: THEME,
    source: 'memory-and-dax.md 10; golden/real-kernel pwrite_O_DSYNC',
    shows: 'a synchronous write is the write and then the fsync path',
    workload: 'dax write pmem0:/f @60 iov 8 sync',
    ...onBothSides({ lost: 'none', events: ['c60:1*4 n64:4 S W0*2 S S'] }),
  },
  {
    name: 'new block before the write',
    theme: THEME,
    source: 'golden/real-kernel pwrite_into_hole; memory-and-dax.md 9.2',
    shows: 'a hole gets a zeroed block first: block writes, fenced before the series only',
    workload: 'create pmem0:/h 64K hole\ndax write pmem0:/h @100 iov 8\nfsync pmem0:/h',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['S S', 'n0:8*512 S c100:1*4 n104:4 S W64'] },
    after: { lost: 'none', events: ['S S', 'n0:8*512 c100:1*4 n104:4 S W64'] },
  },
];
