/** Several user segments in one request, kernel and page segments, faults (memory-and-dax.md 15 B5, B6; 17; 20). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const SEGMENTS = 'several user segments';

/** memory-and-dax.md 15 B5: place, segments, bytes lost before. After the series nothing is. */
const B5_ROWS: readonly (readonly [offset: number, segments: string, lost: string])[] = [
  [0, '1,4095', 'pmem0:0-7'],
  [0, '4,4092', 'pmem0:4-7'],
  [0, '8,4088', 'none'],
  [0, '100,100', 'pmem0:100-103'],
  [0, '2047,2049', 'pmem0:2044-2047'],
  [0, '4001,95', 'pmem0:4000-4007'],
  [0, '512,3,509,3072', 'pmem0:512-519'],
  [0, '61,64,67', 'pmem0:60-63,124-127'],
  [1, '63,64', 'none'],
  [0, '8,8,8,8,8,8,8,8,8,8,8,8,8', 'none'],
  [0, '13,13,13,13,13,13,13,13', 'pmem0:12-15,24-31,36-39,52-55,64-71,76-79,88-95'],
  [0, '7,7,7,7,7,7,7,7,7,7', 'pmem0:4-27,32-55,60-63'],
];

const b5: Scenario[] = B5_ROWS.map(([offset, segments, lost]) => ({
  name: `B5 segments ${segments} at ${offset}`,
  theme: SEGMENTS,
  source: 'memory-and-dax.md 15 B5',
  shows: 'before, only the outer edges of the whole request are written back; after, those of each segment',
  workload: `dax write pmem0:/f @${offset} iov ${segments}\nfsync pmem0:/f`,
  acked: lost === 'none' && offset === 0 ? 'equal' : 'stronger',
  synced: lost === 'none' ? 'equal' : 'stronger',
  before: { lost },
  after: { lost: 'none' },
}));

const FAULTS = 'a source that faults';

/** memory-and-dax.md 15 B6: place, size, readable bytes, bytes lost on both sides (relative to the line). */
const B6_ROWS: readonly (readonly [offset: number, size: number, readable: number, lost: string])[] = [
  [0, 4096, 31, 'none'],
  [0, 4096, 32, 'none'],
  [0, 4096, 40, 'pmem0:32-39'],
  [0, 4096, 63, 'none'],
  [0, 4096, 100, 'none'],
  [0, 4096, 2053, 'none'],
  [0, 16, 12, 'pmem0:8-11'],
  [8, 4096, 63, 'pmem0:40-63'],
  [8, 16, 12, 'pmem0:16-19'],
  [1, 4096, 2053, 'pmem0:2024-2047'],
  [0, 40, 30, 'none'],
  [0, 8, 5, 'none'],
  [0, 12, 11, 'none'],
];

const b6: Scenario[] = B6_ROWS.map(([offset, size, readable, lost]) => ({
  name: `B6 ${size} bytes at ${offset}, ${readable} readable`,
  theme: FAULTS,
  source: 'memory-and-dax.md 15 B6',
  shows:
    'a short copy goes on through the cache; the flush rule looks at the size asked for (standing defect)',
  workload: `dax write pmem0:/f @${offset} iov ${size} readable ${readable}\nfsync pmem0:/f`,
  ...onBothSides({ lost, results: ['0', String(readable)] }),
}));

const SOURCES = 'kernel and page segments';

export const segmentScenarios: readonly Scenario[] = [
  {
    name: 'T2 segments 1 + 4095',
    theme: SEGMENTS,
    source: 'memory-and-dax.md 17 T2',
    shows: 'the commonest shape of a loss before the series: a header of odd length',
    workload: 'dax write pmem0:/f @0 iov 1,4095\nfsync pmem0:/f',
    acked: 'stronger',
    synced: 'stronger',
    before: { lost: 'pmem0:0-7', events: ['S S', 'c0:1 S c1:1*7 n8:8*511 S'], cost: [511, 0, 4] },
    after: { lost: 'none', events: ['S S', 'c0:1 S W0 c1:1*7 n8:8*511 S W0'], cost: [511, 2, 4] },
  },
  {
    name: 'T3 ten segments of 7',
    theme: SEGMENTS,
    source: 'memory-and-dax.md 17 T3, 15 B3 (fixed)',
    shows: 'all inner edges lost before; the segment at 63 is the one the posted series lost',
    workload: 'dax write pmem0:/f @0 iov 7,7,7,7,7,7,7,7,7,7\nfsync pmem0:/f',
    acked: 'stronger',
    synced: 'stronger',
    before: { lost: 'pmem0:4-27,32-55,60-63' },
    after: { lost: 'none' },
  },
  {
    name: 'E2 segments 50 + 50 at 5',
    theme: SEGMENTS,
    source: 'memory-and-dax.md 20 E2',
    shows: 'all cached bytes happen to lie in lines that the outer rule writes back',
    workload: 'dax write pmem0:/f @5 iov 50,50\nfsync pmem0:/f',
    acked: 'stronger',
    synced: 'equal',
    before: {
      lost: 'none',
      events: ['S S', 'c5:1*3 n8:8*5 n48:4 c52:1*3 S c55:1 n56:8*6 c104:1 S W0 W64'],
    },
    after: {
      lost: 'none',
      events: ['S S', 'c5:1*3 n8:8*5 n48:4 c52:1*3 S W0 c55:1 n56:8*6 c104:1 S W0 W64'],
    },
  },
  ...b5,
  {
    name: 'T4 kernel segment of 7 bytes at 62',
    theme: SOURCES,
    source: 'memory-and-dax.md 17 T4',
    shows:
      'cached copy and write-back of all lines before; flushcache copy after; durable after the fence both times',
    workload: 'dax write pmem0:/f @62 kvec 7\nfsync pmem0:/f',
    // The cached tail byte drags the non-temporal bytes of its word: they are safe at the acknowledgement.
    acked: 'incomparable',
    synced: 'equal',
    before: { lost: 'none', events: ['S S', 'c62:7 W0*2'] },
    after: { lost: 'none', events: ['S S', 'c62:2 W0 n64:4 c68:1 W64'] },
  },
  {
    name: 'page segment of 4096 bytes',
    theme: SOURCES,
    source: 'memory-and-dax.md 13 row 2, 5.3',
    shows: 'from one cached copy of 64 lines to 512 non-temporal stores without a fence',
    workload: 'dax write pmem0:/f @0 bvec 4096\nfsync pmem0:/f',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', cost: [0, 64, 2] },
    after: { lost: 'none', cost: [512, 0, 2] },
  },
  {
    name: 'two page segments cut at 3996',
    theme: SOURCES,
    source: 'golden/real-kernel sendfile of 8000 bytes at 61',
    shows: 'each segment has its own edges',
    workload: 'dax write pmem0:/f @61 bvec 3996,4004\nfsync pmem0:/f',
    // The cached tail byte drags the non-temporal bytes of its word: they are safe at the acknowledgement.
    acked: 'incomparable',
    synced: 'equal',
    before: { lost: 'none', cost: [0, 126, 2] },
    after: {
      lost: 'none',
      events: ['S S', 'c61:3 W0 n64:8*499 c4056:1 W4032 c4057:7 W4032 n4064:8*499 n8056:4 c8060:1 W8000'],
    },
  },
  {
    name: 'a pipe is refused',
    theme: SOURCES,
    source: 'memory-and-dax.md 5.1',
    shows:
      'copying from a pipe warns and copies nothing; before still writes back the line, as for any other kernel source',
    workload: 'dax write pmem0:/f @0 pipe 8',
    acked: 'equal',
    synced: 'equal',
    before: {
      lost: 'none',
      results: ['-EFAULT'],
      cost: [0, 1, 0],
      log: ['warning WARN: copy_from_iter_nocache on a pipe'],
    },
    after: {
      lost: 'none',
      results: ['-EFAULT'],
      cost: [0, 0, 0],
      log: ['warning WARN: copy_from_iter_flushcache on a pipe'],
    },
  },
  ...b6,
];
