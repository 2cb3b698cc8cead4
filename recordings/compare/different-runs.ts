/**
 * Recognises recordings of different runs: other addresses, another order of allocation, another input. What they stored differs
 * all over, or in nothing but what they stored; a missing write-back or fence changes what may be left of it, never what it is.
 */
import { sameBytes } from '#machine/images/image-set.ts';
import type { LinePair } from '#machine/images/in-step/pair.ts';
import type { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import { lineSets } from '#machine/images/in-step/line-groups.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { newestContent } from './newest-content.ts';

export interface DifferentRuns {
  /** Lines to which the two stored different bytes. */
  readonly lines: number;
  readonly of: number;
  /** How many of them hold what the other recording holds at another address. */
  readonly moved: number;
  /** An example, as addresses. */
  readonly address: number;
}

/** Below this many lines nothing is said: a small program may well store something else. */
const LINES_MIN = 4;
/** Of all lines, one in so many must differ, unless nothing differs in another way. */
const SHARE = 4;

/** What is told when the recordings are of different runs, by how they compare at the end. */
export function differentRuns(comparison: StepComparison): DifferentRuns | undefined {
  const { sides, bytes } = comparison;
  const [left, right] = sides;
  const all = new Set([...left.lineIndexes(), ...right.lineIndexes()].filter((line) => bytes.counts(line)));
  const lines = comparison.differing();
  const differing = storedOtherwise(comparison, lines);
  const [first] = differing;
  const isEnough = differing.length === lines.length || differing.length * SHARE >= all.size;
  if (first === undefined || differing.length < LINES_MIN || !isEnough) return undefined;
  const contents = new Set([...left.lineIndexes()].map((index) => keyOf(left.line(index)?.base)));
  const zeros = keyOf(undefined);
  const moved = differing.filter(({ index }) => {
    const key = keyOf(right.line(index)?.base);
    return key !== zeros && contents.has(key);
  }).length;
  return { lines: differing.length, of: all.size, moved, address: first.index * LINE_SIZE_BYTES };
}

/** Those of `lines` to which the two stored different bytes, of those that count. */
function storedOtherwise({ sides, bytes }: StepComparison, lines: readonly LinePair[]): LinePair[] {
  const levels = sides.map(({ point }) => ({ from: point.level, to: point.level }));
  const [before, after] = levels;
  if (before === undefined || after === undefined) return [];
  const [left, right] = lineSets(sides, [before, after], [[], []]);
  return lines.filter(({ index }) => {
    const start = index * LINE_SIZE_BYTES;
    for (let word = 0; word < LINE_SIZE_BYTES; word += WORD_SIZE_BYTES) {
      const [one, other] = [newestContent(left, start + word), newestContent(right, start + word)];
      if (sameBytes(one, other)) continue;
      for (const [byte, value] of one.entries())
        if (value !== other[byte] && bytes.countsByte(index, word + byte)) return true;
    }
    return false;
  });
}

const keyOf = (line: Uint8Array = new Uint8Array(LINE_SIZE_BYTES)): string =>
  Buffer.from(line).toString('latin1');
