/** Small writes across a line (memory-and-dax.md 15 B3): a scenario for each row of the table. */
import { readScenarios } from '../file/parse.ts';
import type { Scenario } from '../scenario.ts';

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

// One aligned 4-byte piece is non-temporal at offset 60; copy fence, then two write-backs, then two fences.
const textOf = ([offset, size]: (typeof B3_PAIRS)[number]): string => `
scenario: B3 ${size} bytes at line offset ${offset}
source: memory-and-dax.md 15 B3
shows: a small write across a line writes back both lines
  dax write pmem0:/f @${offset} iov ${size}
  fsync pmem0:/f
lost: none
cost: ${offset === 60 ? 1 : 0}/2/3
images before -> after: equal
`;

export function lineCrossings(): Scenario[] {
  const text = ['theme: file writes: one user segment', ...B3_PAIRS.map(textOf)].join('\n');
  return readScenarios(text, 'line-crossings.ts');
}
