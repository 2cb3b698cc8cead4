/** Several user segments in one request, and sources that fault: a scenario for each row of memory-and-dax.md 15 B5, B6. */
import { readScenarios } from '../file/parse.ts';
import type { Scenario } from '../scenario.ts';

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

/** At offset 1 nothing is lost once synced, but until then less after the series: the edges of each segment. */
function relationsOf([offset, , lost]: (typeof B5_ROWS)[number]): string {
  if (lost !== 'none') return 'stronger';
  return offset === 0 ? 'equal' : 'acknowledged stronger, synced equal';
}

const segmentsText = (row: (typeof B5_ROWS)[number]): string => `
scenario: B5 segments ${row[1]} at ${row[0]}
source: memory-and-dax.md 15 B5
shows: before, only the outer edges of the whole request are written back; after, those of each segment
  dax write pmem0:/f @${row[0]} iov ${row[1]}
  fsync pmem0:/f
lost before: ${row[2]}
lost after: none
images before -> after: ${relationsOf(row)}
`;

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

const faultText = ([offset, size, readable, lost]: (typeof B6_ROWS)[number]): string => `
scenario: B6 ${size} bytes at ${offset}, ${readable} readable
source: memory-and-dax.md 15 B6
shows: a short copy goes on through the cache; the flush rule looks at the size asked for (standing defect)
  dax write pmem0:/f @${offset} iov ${size} readable ${readable} => ${readable}
  fsync pmem0:/f => 0
lost: ${lost}
images before -> after: equal
`;

/** What the calls at the position of a fault are good for, before anything else fences. */
const CALLED_AGAIN = `
scenario: B6 the copy is called twice more where it faulted
source: memory-and-dax.md 9.1, 15 B6, 21
shows: each call fences, then writes the line of the fault back; the last fence completes that: nothing is lost at return
  dax write pmem0:/f @0 iov 8 readable 5 => 5
    does: S c0:1*5 S W0 S W0
lost: none
images before -> after: equal
`;

/** B5: requests of several segments. */
export function segmentScenarios(): Scenario[] {
  const text = ['theme: file writes: several user segments', ...B5_ROWS.map(segmentsText)].join('\n');
  return readScenarios(text, 'segment-tables.ts');
}

/** B6: requests whose source faults. */
export function faultScenarios(): Scenario[] {
  const text = ['theme: file writes: a source that faults', ...B6_ROWS.map(faultText), CALLED_AGAIN].join(
    '\n',
  );
  return readScenarios(text, 'segment-tables.ts');
}
