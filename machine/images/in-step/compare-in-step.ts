/**
 * Compares the image sets of two runs acknowledgement by acknowledgement, in time that follows what the runs do and not how
 * many acknowledgements there are. The relations are those of `relate` on the sets of `crashHistory`, without listing
 * or walking what has not changed (docs/RECORDINGS.md has what that takes).
 */
import type { PersistsBefore } from '../../order/persists-before.ts';
import type { ByteSpan } from '../image-set.ts';
import { type Relation, relationOf } from '#base/relation.ts';
import { comparesInFlight, decidingPairs } from './in-flight.ts';
import { comparePair, LinePair, NO_LINES } from './pair.ts';
import { ComparedBytes } from './region.ts';
import { StepSide, type StepPoint } from './side.ts';

/** How two runs compare at one acknowledgement. */
export interface StepRelation {
  readonly acknowledged: Relation;
  /** Since the acknowledgement compared before; `undefined` when nobody asked. */
  readonly inFlight: Relation | undefined;
  /** Binary logarithms of the number of images once acknowledged. */
  readonly imagesLog2: readonly [number, number];
  /** Lines (address / 64) that compare differently than at the acknowledgement before. */
  readonly changed: readonly LinePair[];
}

export interface StepOptions {
  /** Bytes that are compared; absent: all. */
  readonly region?: readonly ByteSpan[] | undefined;
  readonly inFlight: boolean;
}

export class StepComparison {
  readonly sides: readonly [StepSide, StepSide];
  readonly bytes: ComparedBytes;
  readonly #options: StepOptions;
  /** Lines that differ or are undecided on either side; the others are compared anew when something happens to them. */
  readonly #pairs = new Map<number, LinePair>();
  /** Lines where only the first, or only the second run allows something. */
  readonly #only: readonly [Set<LinePair>, Set<LinePair>] = [new Set(), new Set()];
  readonly #imagesLog2: [number, number] = [0, 0];

  /** Both runs must start from the same media. Domain `none` is not for this: flush hints are no part of recordings. */
  constructor(before: PersistsBefore, after: PersistsBefore, options: StepOptions) {
    if (before.setting.domain === 'none') throw new RangeError('runs are compared in step with ADR or eADR');
    this.sides = [new StepSide(before), new StepSide(after)];
    this.bytes = new ComparedBytes(options.region);
    this.#options = options;
  }

  /** Lines that differ now, in order of address. */
  differing(): LinePair[] {
    return [...new Set([...this.#only[0], ...this.#only[1]])].sort((left, right) => left.index - right.index);
  }

  /** Goes on to the next acknowledgement of both runs. Throws `TooManyImagesError` for a line with too many contents. */
  advance(before: StepPoint, after: StepPoint): StepRelation {
    this.sides[0].advance(before);
    this.sides[1].advance(after);
    const pairs = this.#touchedPairs();
    const inFlight = this.#options.inFlight ? this.#inFlight(pairs) : undefined;
    for (const side of this.sides) side.settle();
    const changed: LinePair[] = [];
    for (const pair of pairs) if (this.#compare(pair)) changed.push(pair);
    for (const pair of pairs) pair.lines = NO_LINES;
    for (const side of this.sides) side.close();
    return {
      acknowledged: relationOf(this.#only[0].size > 0, this.#only[1].size > 0),
      inFlight,
      imagesLog2: [Math.abs(this.#imagesLog2[0]), Math.abs(this.#imagesLog2[1])],
      changed,
    };
  }

  /**
   * Goes into the segment up to the next acknowledgement of both runs and stays there, so that what is in flight can be looked
   * at: by which lines `side` allows what the other does not. This comparison does not go on from there.
   */
  enter(before: StepPoint, after: StepPoint): (side: 0 | 1) => LinePair[] | undefined {
    this.sides[0].advance(before);
    this.sides[1].advance(after);
    const pairs = this.#touchedPairs();
    return (side) => {
      const elsewhere = [...this.#only[side]].find((pair) => !pairs.includes(pair));
      if (elsewhere === undefined) return decidingPairs(pairs, this.sides, this.bytes, side);
      elsewhere.lines = [this.sides[0].line(elsewhere.index), this.sides[1].line(elsewhere.index)];
      return [elsewhere];
    };
  }

  #touchedPairs(): LinePair[] {
    const touched = new Map<number, LinePair>();
    for (const side of this.sides)
      for (const { index } of side.touched) {
        if (touched.has(index) || !this.bytes.counts(index)) continue;
        const pair = this.#pairs.get(index) ?? new LinePair(index);
        pair.lines = [this.sides[0].line(index), this.sides[1].line(index)];
        touched.set(index, pair);
      }
    return [...touched.values()];
  }

  /** Lines that nothing happened to decide as they did before. */
  #inFlight(pairs: readonly LinePair[]): Relation {
    const touched = new Set(pairs);
    const isOnlyElsewhere = ([0, 1] as const).map((side) => {
      const own = this.#only[side];
      if (own.size > touched.size) return true;
      for (const pair of own) if (!touched.has(pair)) return true;
      return false;
    });
    const [left, right] = comparesInFlight(pairs, this.sides, this.bytes);
    return relationOf(isOnlyElsewhere[0] === true || left, isOnlyElsewhere[1] === true || right);
  }

  /** Compares a line again; says whether it compares differently now. */
  #compare(pair: LinePair): boolean {
    const [wasLeft, wasRight] = pair.only;
    const counts = pair.contentCounts;
    comparePair(pair, this.sides, this.bytes);
    for (const side of [0, 1] as const) {
      this.#imagesLog2[side] += Math.log2(pair.contentCounts[side]) - Math.log2(counts[side]);
      if (pair.only[side] > 0) this.#only[side].add(pair);
      else this.#only[side].delete(pair);
    }
    if (pair.isSettled) this.#pairs.delete(pair.index);
    else this.#pairs.set(pair.index, pair);
    return wasLeft > 0 !== pair.only[0] > 0 || wasRight > 0 !== pair.only[1] > 0;
  }
}
