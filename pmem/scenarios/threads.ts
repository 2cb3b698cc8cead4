/** Threads that run at the same time (persistency.md 4.5; memory-and-dax.md 2, 9.1, 9.4, 15 B5). */
import type { Trees } from '../run/run.ts';
import { type ThreadScenario, type ThreadScenarioResult, runThreadScenarios } from '../run/threads.ts';

const WRITE_AND_SYNC = (offset: number): string => `dax write pmem0:/f @${offset} iov 4,12\nfsync pmem0:/f`;

export const threadScenarios: readonly ThreadScenario[] = [
  {
    name: 'a store that races fsync',
    source: 'memory-and-dax.md 9.4 (W0*64 S S), persistency.md 4.5',
    shows:
      'a store of another thread may be lost although both it and fsync have returned: nothing orders them',
    threads: ['store pmem0:/f @8 8', 'store pmem0:/f @0 8\nfsync pmem0:/f'],
    // At any time either of two stores to one line may have come first: none, one, the other, both. The store of the
    // thread that syncs is written back and fenced; the other may come after the write-back of its line.
    expected: {
      'any time': ['equal', 4, 4],
      'thread 1 operation 1': ['equal', 4, 4],
      'thread 2 operation 2': ['equal', 2, 2],
      'all returned': ['equal', 2, 2],
    },
  },
  {
    name: 'the same stores before fsync',
    source: 'memory-and-dax.md 9.4',
    shows: 'without the race fsync keeps its promise for both',
    threads: ['store pmem0:/f @8 8\nstore pmem0:/f @0 8\nfsync pmem0:/f'],
    // Cached stores of one line persist in order: three prefixes, and all of it once fsync has returned.
    expected: { 'any time': ['equal', 3, 3], 'all returned': ['equal', 1, 1] },
  },
  {
    name: 'two writers share a line',
    source: 'memory-and-dax.md 20 E3 (n0:8*512 S)',
    shows: 'aligned halves do not disturb each other: each is durable when its write returns',
    threads: ['dax write pmem0:/f @0 iov 32', 'dax write pmem0:/f @32 iov 32'],
    // Four non-temporal words each, in any subset until the fence of their own thread.
    expected: {
      'any time': ['equal', 256, 256],
      'thread 1 operation 1': ['equal', 16, 16],
      'all returned': ['equal', 1, 1],
    },
  },
  {
    name: 'two writers with inner edges in one line',
    source: 'memory-and-dax.md 15 B5, segments 4,4092: bytes 4 to 7 are stored through the cache',
    shows: 'before, neither fsync writes the inner edges back; after, each write does',
    threads: [WRITE_AND_SYNC(0), WRITE_AND_SYNC(16)],
    // A write is 4 bytes past the cache, a fence, 4 cached bytes in order and, unordered with them, a word past the
    // cache: 1 + (1 + 4) * 2 = 11 images. Synced: the cached bytes in any prefix before (5), all there after (1).
    expected: {
      'any time': ['equal', 121, 121],
      'thread 1 operation 2': ['stronger', 55, 11],
      'all returned': ['stronger', 25, 1],
    },
  },
  {
    name: 'fsync of another thread does not stand in for the edge',
    source: 'memory-and-dax.md 15 B5, 9.4',
    shows: 'it writes the line back too, but perhaps before the edge was stored',
    threads: [WRITE_AND_SYNC(0), 'store pmem0:/f @16 8\nfsync pmem0:/f'],
    // Synced: before, the 4 cached bytes in any prefix when the write-back of the other thread came too early; the
    // other thread's store is always there. After, all is there.
    expected: { 'all returned': ['stronger', 5, 1] },
  },
];

/** All scenarios of several CPUs, run on both sides. */
export function threadScenarioResults(trees: Trees): ThreadScenarioResult[] {
  return runThreadScenarios(trees, threadScenarios);
}
