/**
 * Compares two recordings: at each acknowledgement that both have, may the second leave more after a power failure than the
 * first? Everything that a report says is worked out here, as plain data.
 */
import { InputError } from '#base/input-error.ts';
import type { PersistencySetting } from '#machine/images/crash-images.ts';
import { CrashHistory } from '#machine/images/crash-images.ts';
import type { ByteSpan } from '#machine/images/image-set.ts';
import type { Relation } from '#base/relation.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import type { StepPoint } from '#machine/images/in-step/side.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import { LINE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { RecordedFile, Recording } from '../recording.ts';
import { type AcknowledgementKind, type Alignment, align, between, kindFor } from './align.ts';
import { addCosts, type Costs, costsOf } from './costs.ts';
import { matchFiles, parseRegion, runSourceOf } from './files.ts';
import { initialMediaOf } from './initial-media.ts';
import { differentRuns, type DifferentRuns } from './different-runs.ts';
import { sharedLines } from './thread-order.ts';
import { type LineWitness, witnessOfLine, type WitnessWord } from './witness.ts';

export interface CompareOptions {
  readonly setting: PersistencySetting;
  readonly kind?: AcknowledgementKind | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly initial?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly only?: string | undefined;
  /** What only one side acknowledges does not count. */
  readonly common?: boolean | undefined;
  /** Compare all instants at once, whatever was acknowledged. */
  readonly anyTime?: boolean | undefined;
  /** What is in flight decides too. */
  readonly gateInFlight?: boolean | undefined;
  /** Leave out what is in flight. */
  readonly skipInFlight?: boolean | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** One acknowledgement of both recordings. */
export interface ComparedAcknowledgement {
  readonly label: string;
  readonly acknowledged: Relation | undefined;
  readonly inFlight: Relation | undefined;
  readonly imagesLog2: readonly [number, number];
  readonly costs: readonly [Costs, Costs];
}

/** An image that tells the two apart. */
export interface Difference {
  readonly label: string;
  readonly when: 'acknowledged' | 'in flight' | 'any time';
  readonly relation: Relation;
  readonly witness: LineWitness;
  /** Entries of the acknowledgement on either side. */
  readonly entries: readonly [number, number];
}

export interface Compared {
  readonly recordings: readonly [Recording, Recording];
  readonly files: readonly RecordedFile[];
  readonly alignment: Alignment;
  readonly acknowledgements: readonly ComparedAcknowledgement[];
  /** The relation at any time, when it was asked for. */
  readonly anyTime: Relation | undefined;
  readonly difference: Difference | undefined;
  /** Lines that ever compare differently once acknowledged, as stretches of bytes. */
  readonly where: readonly ByteSpan[];
  readonly costs: readonly [Costs, Costs];
  readonly region: readonly ByteSpan[] | undefined;
  readonly differentRuns: DifferentRuns | undefined;
  readonly notes: readonly string[];
}

/** Compares `after` to `before`. Throws `InputError` where they cannot be compared. */
export function compareRecordings(before: Recording, after: Recording, options: CompareOptions): Compared {
  const notes = [...matchFiles(before, after), ...notesOf(before, after)];
  const media = initialMediaOf([before, after], options.initial ?? []);
  const kind = kindFor([before, after], options.kind);
  const alignment = align(before, after, kind);
  const named =
    options.only === undefined
      ? alignment.pairs
      : alignment.pairs.filter(({ label }) => label === options.only);
  if (options.only !== undefined && named.length === 0) between(alignment.pairs, undefined, options.only);
  const judged = new Set(options.only === undefined ? between(named, options.from, options.to) : named);
  if (alignment.pairs.length === 0 && options.anyTime !== true)
    throw noAcknowledgement(before, after, alignment);
  const region = options.regions?.map((text) => parseRegion(text, before.files));
  const spare: SharedArrayBuffer[] = [];
  const orders = [before, after].map(
    (recording) => new PersistsBefore(runSourceOf(recording, media), options.setting, spare),
  );
  const [left, right] = orders;
  if (left === undefined || right === undefined) throw new RangeError('two orders');
  const run = new ComparisonRun(before, after, [left, right], {
    ...options,
    region,
    pairs: alignment.pairs,
    judged,
  });
  return {
    recordings: [before, after],
    files: before.files,
    alignment,
    ...run.result(),
    region,
    notes,
  };
}

function noAcknowledgement(before: Recording, after: Recording, alignment: Alignment): InputError {
  const { onlyBefore, onlyAfter } = alignment;
  const count = onlyBefore.length + onlyAfter.length;
  const why =
    count === 0
      ? `neither ${before.source} nor ${after.source} acknowledges anything`
      : `no acknowledgement is in both: only ${before.source} has ${onlyBefore.slice(0, 4).join(', ') || 'none'}, only ${after.source} ${onlyAfter.slice(0, 4).join(', ') || 'none'}`;
  return new InputError(
    `${why}\n  mark what is acknowledged (docs/RECORDINGS.md), let system calls count with --acks calls, or compare all instants at once with --any-time`,
  );
}

/** What readers of the verdict must know of the recordings. */
function notesOf(...recordings: readonly Recording[]): string[] {
  const notes = new Set(recordings.flatMap((recording) => recording.notes));
  const threads = Math.max(...recordings.map(({ threadCount }) => threadCount));
  if (threads > 1)
    notes.add(
      `${threads} threads: the verdict is for the recorded order of visible stores; other orders are possible`,
    );
  for (const recording of recordings) {
    const shared = sharedLines(recording);
    if (shared > 0)
      notes.add(
        `${recording.source}: several threads stored to ${shared === 1 ? 'one line' : `${shared} lines`} and were not recorded one instruction at a time, so the recorded order may not be the one that happened: record with --serial`,
      );
  }
  const isUnsynchronised = recordings.some(
    ({ files, syncCount, format }) =>
      format === 'recording' && syncCount === 0 && files.some(({ isSync }) => !isSync),
  );
  if (isUnsynchronised)
    notes.add(
      'mapped without MAP_SYNC and never synchronised: that the file system keeps the blocks of the file is not compared, contents are',
    );
  if (recordings.some(({ files }) => files.some(({ initial }) => initial === 'unknown')))
    notes.add('a log does not say what files held before: zeros, or what --initial names');
  return [...notes];
}

interface RunOptions extends Omit<CompareOptions, 'only'> {
  readonly region: readonly ByteSpan[] | undefined;
  readonly pairs: Alignment['pairs'];
  readonly judged: ReadonlySet<Alignment['pairs'][number]>;
}

/** Lines of one image that are shown at most. */
const LINES_SHOWN_MAX = 8;

class ComparisonRun {
  readonly #recordings: readonly [Recording, Recording];
  readonly #orders: readonly [PersistsBefore, PersistsBefore];
  readonly #options: RunOptions;
  readonly #comparison: StepComparison;
  readonly #where = new Set<number>();
  readonly #points: readonly [Map<number, StepPoint>, Map<number, StepPoint>];
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
    this.#points = [pointsOf(orders[0]), pointsOf(orders[1])];
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
            costsOf(this.#recordings[0], from[0], pair.before.entry, region),
            costsOf(this.#recordings[1], from[1], pair.after.entry, region),
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
    if (relation !== 'equal' && this.#options.region === undefined)
      this.#difference = this.#witnessOf('any time', 'any time', relation, relateAnywhere(left, right));
    return relation;
  }

  /** Shows what is in flight where that is all that differs. */
  #showFlight(): void {
    const flight = this.#flight;
    const { pairs, region } = this.#options;
    const pair = pairs[flight?.index ?? -1];
    if (flight === undefined || pair === undefined || region !== undefined) return;
    const [left, right] = ([0, 1] as const).map((side) => {
      const entry = side === 0 ? pair.before.entry : pair.after.entry;
      const index = this.#orders[side].acknowledgements.findIndex((point) => point.entry === entry);
      return new CrashHistory(this.#orders[side]).inFlight(index);
    });
    if (left === undefined || right === undefined) return;
    this.#difference = this.#witnessOf(flight.label, 'in flight', flight.relation, relate(left, right));
  }

  #witnessOf(
    label: string,
    when: Difference['when'],
    relation: Relation,
    compared: ReturnType<typeof relate>,
  ): Difference | undefined {
    const witness = compared.onlyAfter ?? compared.onlyBefore;
    if (witness === undefined) return undefined;
    const isAfter = compared.onlyAfter !== undefined;
    const words = wordsOf(
      witness.bytes.filter(({ isDecisive }) => isDecisive),
      isAfter,
    );
    const entries = [this.#recordings[0].record.length, this.#recordings[1].record.length] as const;
    return {
      label,
      when,
      relation,
      witness: { allowedBy: isAfter ? 'after' : 'before', words, isOtherData: false },
      entries,
    };
  }

  #advance(before: StepPoint, after: StepPoint): ReturnType<StepComparison['advance']> {
    try {
      return this.#comparison.advance(before, after);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InputError(
        `too many contents to compare: ${error.message}\n  allowed: --region, to leave such bytes out`,
      );
    }
  }

  #pointAt(side: 0 | 1, entry: number): StepPoint {
    return this.#points[side].get(entry) ?? { pieceCount: 0, level: 0 };
  }
}

function relateAnywhere(left: PersistsBefore, right: PersistsBefore): ReturnType<typeof relate> {
  return relate(new CrashHistory(left).anywhere(), new CrashHistory(right).anywhere());
}

function wordsOf(
  bytes: readonly { address: number; value: number; otherValue: number; entry: number | undefined }[],
  isAfter: boolean,
): WitnessWord[] {
  const words: WitnessWord[] = [];
  for (let start = 0; start < bytes.length; start += 8) {
    const part = bytes.slice(start, start + 8);
    const own = Uint8Array.from(part, ({ value }) => value);
    const other = Uint8Array.from(part, ({ otherValue }) => otherValue);
    const entry = part.find((byte) => byte.entry !== undefined)?.entry;
    words.push({
      address: part[0]?.address ?? 0,
      before: isAfter ? other : own,
      after: isAfter ? own : other,
      beforeEntry: isAfter ? undefined : entry,
      afterEntry: isAfter ? entry : undefined,
      beforeStored: undefined,
      afterStored: undefined,
    });
  }
  return words;
}

const endOf = (order: PersistsBefore): StepPoint => ({ pieceCount: order.pieces.count, level: order.level });

function pointsOf(order: PersistsBefore): Map<number, StepPoint> {
  return new Map(order.acknowledgements.map((point) => [point.entry, point]));
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

/** What decides: the worst that is found, and whether it is no gain. */
export function verdictOf(
  compared: Compared,
  options: CompareOptions,
): { readonly isBad: boolean; readonly worst: Relation } {
  const relations = compared.acknowledgements.flatMap(({ acknowledged, inFlight }) => [
    acknowledged,
    ...(options.gateInFlight === true ? [inFlight] : []),
  ]);
  const all = new Set([...relations, compared.anyTime].filter((relation) => relation !== undefined));
  const worst =
    all.has('incomparable') || (all.has('weaker') && all.has('stronger'))
      ? 'incomparable'
      : all.has('weaker')
        ? 'weaker'
        : all.has('stronger')
          ? 'stronger'
          : 'equal';
  const isLacking =
    options.common !== true &&
    options.anyTime !== true &&
    compared.alignment.onlyBefore.length + compared.alignment.onlyAfter.length > 0;
  return { isBad: worst === 'weaker' || worst === 'incomparable' || isLacking, worst };
}

/** The costs of several acknowledgements together. */
export function totalCosts(rows: readonly ComparedAcknowledgement[], side: 0 | 1): Costs | undefined {
  return rows
    .map(({ costs }) => costs[side])
    .reduce<Costs | undefined>((sum, one) => (sum === undefined ? one : addCosts(sum, one)), undefined);
}
