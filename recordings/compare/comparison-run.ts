/**
 * Goes through two recordings acknowledgement by acknowledgement and gathers what a report says: the relation and the costs of
 * each, an image that tells the two apart, and where they differ.
 */
import { InputError } from '#base/input-error.ts';
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { Relation } from '#base/relation.ts';
import type { ByteSpan } from '#machine/images/image-set.ts';
import { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import type { StepPoint } from '#machine/images/in-step/side.ts';
import type { PersistsBefore } from '#machine/order/persists-before.ts';
import { LINE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { Recording } from '../recording.ts';
import type { Alignment } from './align.ts';
import type { Compared, ComparedAcknowledgement, CompareOptions, Difference } from './compared.ts';
import { type Costs, costsOf, isSameCosts } from './costs.ts';
import { differentRuns } from './different-runs.ts';
import { type LineWitness, witnessOfLine } from './witness.ts';
import { flightWitness } from './flight-witness.ts';

export interface RunOptions extends Omit<CompareOptions, 'only'> {
  readonly region: readonly ByteSpan[] | undefined;
  readonly pairs: Alignment['pairs'];
  readonly judged: ReadonlySet<Alignment['pairs'][number]>;
}

/** Lines of one image that are shown at most. */
const LINES_SHOWN_MAX = 8;

export class ComparisonRun {
  readonly #recordings: readonly [Recording, Recording];
  readonly #orders: readonly [PersistsBefore, PersistsBefore];
  readonly #options: RunOptions;
  readonly #comparison: StepComparison;
  readonly #where = new Set<number>();
  #difference: Difference | undefined;
  #flight: { readonly label: string; readonly relation: Relation; readonly index: number } | undefined;

  constructor(
    before: Recording,
    after: Recording,
    orders: readonly [PersistsBefore, PersistsBefore],
    options: RunOptions,
  ) {
    this.#recordings = [before, after];
    this.#orders = orders;
    this.#options = options;
    this.#comparison = new StepComparison(orders[0], orders[1], {
      region: options.region,
      inFlight: options.skipInFlight !== true || options.anyTime === true,
    });
  }

  result(): Pick<
    Compared,
    'acknowledgements' | 'anyTime' | 'difference' | 'where' | 'costs' | 'differentRuns'
  > {
    const acknowledgements = this.#options.anyTime === true ? [] : this.#acknowledgements();
    const anyTime = this.#options.anyTime === true ? this.#anyTime() : undefined;
    if (this.#difference === undefined && this.#flight !== undefined) this.#showFlight();
    const [left, right] = this.#recordings;
    return {
      acknowledgements,
      anyTime,
      difference: this.#difference,
      where: spansOf(this.#where),
      costs: [
        costsOf(left, 0, left.record.length, this.#options.region),
        costsOf(right, 0, right.record.length, this.#options.region),
      ],
      differentRuns: differentRuns(this.#comparison),
    };
  }

  #acknowledgements(): ComparedAcknowledgement[] {
    const found: ComparedAcknowledgement[] = [];
    const { pairs, judged, progress, region } = this.#options;
    let from: [number, number] = [0, 0];
    const costs = shared();
    for (const [index, pair] of pairs.entries()) {
      progress?.(index, pairs.length);
      const step = this.#advance(this.#pointAt(0, pair.before.entry), this.#pointAt(1, pair.after.entry));
      if (judged.has(pair)) {
        for (const changed of step.changed)
          if (changed.only[0] + changed.only[1] > 0) this.#where.add(changed.index);
        if (step.acknowledged !== 'equal') {
          if (this.#where.size === 0)
            for (const line of this.#comparison.differing()) this.#where.add(line.index);
          this.#keep(pair, step.acknowledged);
        }
        if (step.inFlight === 'weaker' || step.inFlight === 'incomparable')
          this.#flight ??= { label: pair.label, relation: step.inFlight, index };
        found.push({
          label: pair.label,
          acknowledged: step.acknowledged,
          inFlight: step.inFlight,
          imagesLog2: step.imagesLog2,
          costs: [
            costs(0, costsOf(this.#recordings[0], from[0], pair.before.entry, region)),
            costs(1, costsOf(this.#recordings[1], from[1], pair.after.entry, region)),
          ],
        });
      }
      from = [pair.before.entry, pair.after.entry];
    }
    return found;
  }

  /** Keeps the first difference, the first that is no gain where there is one. */
  #keep(pair: Alignment['pairs'][number], relation: Relation): void {
    const isGain = relation === 'stronger';
    if (this.#difference !== undefined && (isGain || this.#difference.relation !== 'stronger')) return;
    const lines = this.#comparison.differing();
    const witness = this.#witness(
      lines.some(({ only }) => only[1] > 0) ? lines.filter(({ only }) => only[1] > 0) : lines,
    );
    if (witness === undefined) return;
    const entries = [pair.before.entry, pair.after.entry] as const;
    this.#difference = { label: pair.label, when: 'acknowledged', relation, witness, entries };
  }

  /** Of lines that differ, the first and those that follow it without a gap: what one object loses is shown together. */
  #witness(lines: Parameters<typeof witnessOfLine>[1][]): LineWitness | undefined {
    const [first] = lines;
    const together = lines
      .filter(({ index }, position) => index === (first?.index ?? 0) + position)
      .slice(0, LINES_SHOWN_MAX);
    const found = together.flatMap((line) => witnessOfLine(this.#comparison, line) ?? []);
    const [one] = found;
    if (one === undefined) return undefined;
    const alike = found.filter(({ allowedBy }) => allowedBy === one.allowedBy);
    return { ...one, words: alike.flatMap(({ words }) => words) };
  }

  #anyTime(): Relation {
    const [left, right] = this.#orders;
    const step = this.#advance(endOf(left), endOf(right));
    const relation = step.inFlight ?? 'equal';
    if (relation !== 'equal')
      this.#tell('any time', 'any time', relation, this.#flightWitness([], endOf(left), endOf(right)));
    return relation;
  }

  /** Shows what is in flight where that is all that differs. */
  #showFlight(): void {
    const flight = this.#flight;
    const { pairs } = this.#options;
    const pair = pairs[flight?.index ?? -1];
    if (flight === undefined || pair === undefined) return;
    const witness = this.#flightWitness(
      pairs.slice(0, flight.index),
      this.#pointAt(0, pair.before.entry),
      this.#pointAt(1, pair.after.entry),
    );
    this.#tell(flight.label, 'in flight', flight.relation, witness);
  }

  /** An image that only one run allows until the points after `pairs`; what both have acknowledged by then is gone through again. */
  #flightWitness(pairs: Alignment['pairs'], before: StepPoint, after: StepPoint): LineWitness | undefined {
    const { region } = this.#options;
    const again = new StepComparison(this.#orders[0], this.#orders[1], { region, inFlight: false });
    for (const pair of pairs)
      again.advance(this.#pointAt(0, pair.before.entry), this.#pointAt(1, pair.after.entry));
    const decidingPairs = again.enter(before, after);
    for (const side of [1, 0] as const) {
      const deciding = decidingPairs(side);
      if (deciding !== undefined) return withoutTooMany(() => flightWitness(again, deciding, side));
    }
    return undefined;
  }

  #tell(label: string, when: Difference['when'], relation: Relation, witness: LineWitness | undefined): void {
    if (witness === undefined) return;
    const entries = [this.#recordings[0].record.length, this.#recordings[1].record.length] as const;
    this.#difference = { label, when, relation, witness, entries };
  }

  #advance(before: StepPoint, after: StepPoint): ReturnType<StepComparison['advance']> {
    try {
      return this.#comparison.advance(before, after);
    } catch (error) {
      if (!(error instanceof TooManyImagesError)) throw error;
      throw new InputError(
        `too many contents to compare: ${error.message}\n  allowed: --region, to leave such bytes out`,
      );
    }
  }

  /** How far a run had come at an acknowledgement; its entry counts those before it. */
  #pointAt(side: 0 | 1, entry: number): StepPoint {
    const index = this.#recordings[side].record.counts[entry] ?? 0;
    return this.#orders[side].acknowledgements[index] ?? { pieceCount: 0, level: 0 };
  }
}

/** A verdict can do without an image where there are too many to list. */
function withoutTooMany(find: () => LineWitness | undefined): LineWitness | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof TooManyImagesError) return undefined;
    throw error;
  }
}

const endOf = (order: PersistsBefore): StepPoint => ({ pieceCount: order.pieces.count, level: order.level });

/** Operations mostly cost the same as the one before: a side keeps one object for those. */
function shared(): (side: 0 | 1, costs: Costs) => Costs {
  const last: [Costs | undefined, Costs | undefined] = [undefined, undefined];
  return (side, costs) => {
    const known = last[side];
    return known !== undefined && isSameCosts(known, costs) ? known : (last[side] = costs);
  };
}

/** Lines as stretches of bytes, those that touch together. */
function spansOf(lines: ReadonlySet<number>): ByteSpan[] {
  const spans: { start: number; end: number }[] = [];
  for (const line of [...lines].sort((left, right) => left - right)) {
    const start = line * LINE_SIZE_BYTES;
    const last = spans[spans.length - 1];
    if (last?.end === start) last.end += LINE_SIZE_BYTES;
    else spans.push({ start, end: start + LINE_SIZE_BYTES });
  }
  return spans;
}
