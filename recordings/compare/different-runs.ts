/**
 * Recognises recordings of different runs: other addresses, another order of allocation, another input. What they stored differs
 * all over, or in nothing but what they stored; a missing write-back or fence changes what may be left of it, never what it is.
 */
import type { LinePair } from '#machine/images/in-step/pair.ts';
import type { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import { LINE_SIZE_BYTES } from '#machine/hardware/units.ts';

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
  const lines = comparison.differing();
  const differing = storedOtherwise(comparison, lines);
  const [first] = differing;
  if (first === undefined || differing.length < LINES_MIN) return undefined;
  const [left, right] = sides;
  const all = new Set([...left.lineIndexes(), ...right.lineIndexes()].filter((line) => bytes.counts(line)));
  if (differing.length < lines.length && differing.length * SHARE < all.size) return undefined;
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
  const [left, right] = [new Uint8Array(LINE_SIZE_BYTES), new Uint8Array(LINE_SIZE_BYTES)];
  return lines.filter(({ index }) => {
    sides[0].newestOf(index, left);
    sides[1].newestOf(index, right);
    return !bytes.areSame(index, left, right);
  });
}

const keyOf = (line: Uint8Array = new Uint8Array(LINE_SIZE_BYTES)): string =>
  Buffer.from(line).toString('latin1');
