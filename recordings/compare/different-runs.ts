/**
 * Recognises recordings of different runs: other addresses, another order of allocation, another input. Durable contents
 * that differ all over say so; a missing write-back leaves contents open, it does not change them.
 */
import type { LinePair } from '#machine/images/in-step/pair.ts';
import type { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import { LINE_SIZE_BYTES } from '#machine/hardware/units.ts';

export interface DifferentRuns {
  /** Lines with one durable content on either side, not the same. */
  readonly lines: number;
  readonly of: number;
  /** How many of them hold what the other recording holds at another address. */
  readonly moved: number;
  /** An example, as addresses. */
  readonly address: number;
}

/** Lines that at the end hold one content on either side, and not the same. */
export class LineTotals {
  readonly differing: LinePair[] = [];
  all = 0;

  addAll(comparison: StepComparison): void {
    const [left, right] = comparison.sides;
    this.all = new Set(
      [...left.lineIndexes(), ...right.lineIndexes()].filter((line) => comparison.bytes.counts(line)),
    ).size;
    for (const pair of comparison.differing())
      if (pair.contentCounts[0] === 1 && pair.contentCounts[1] === 1) this.differing.push(pair);
  }
}

/** Below this many lines nothing is said: a small program may well store something else. */
const LINES_MIN = 4;
/** Of all lines, one in so many must differ. */
const SHARE = 4;

/** What is told when the recordings are of different runs. */
export function differentRuns(totals: LineTotals, { sides }: StepComparison): DifferentRuns | undefined {
  const { differing, all } = totals;
  const [first] = differing;
  if (first === undefined || differing.length < LINES_MIN || differing.length * SHARE < all) return undefined;
  const contents = ([0, 1] as const).map(
    (side) =>
      new Set([...sides[side].lineIndexes()].map((index) => keyOf(sides[side].line(index)?.base))),
  );
  const zeros = keyOf(undefined);
  const moved = differing.filter(({ lines }) => {
    const key = keyOf(lines[1]?.base);
    return key !== zeros && contents[0]?.has(key) === true;
  }).length;
  return { lines: differing.length, of: all, moved, address: first.index * LINE_SIZE_BYTES };
}

const keyOf = (line: Uint8Array = new Uint8Array(LINE_SIZE_BYTES)): string =>
  Buffer.from(line).toString('latin1');
