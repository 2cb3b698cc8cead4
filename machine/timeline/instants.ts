/**
 * What a power failure may leave at every instant of a run: after each of its instructions, how many images there are, and for
 * each word that changed what it may hold. Everything is asked of the image sets. Only the lines that an instruction did
 * something to are asked about: under one level of the base (every domain but `none`) cells of different lines do not depend on
 * each other, and without ADR all lines are asked whenever the queue may have drained.
 */
import { crashHistory, type CrashHistory, ImageSet } from '../images/crash-images.ts';
import { sameBytes } from '../images/image-set.ts';
import { eachByteValue } from '../images/byte-values.ts';
import { StepSide, type SideLine } from '../images/in-step/side.ts';
import { type CrashView, isRequired, wordContents, wordWriters } from '../order/crash-view.ts';
import type { PersistencySetting } from '../order/persistency-setting.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';
import { ImageCounts } from './image-counts.ts';
import { PendingPieces } from './pending-pieces.ts';
import { type Choice, choicesOf } from './choices.ts';
import type { UnitRun } from './unit-record.ts';

/** What one aligned 8-byte word may hold. Bit i of a mask stands for byte i. */
export interface WordAtInstant {
  readonly address: number;
  /** Bytes that are not the same in all images. */
  readonly uncertain: number;
  /** Those of them whose newest store the next fence makes certain (without ADR: that left the caches). */
  readonly inFlight: number;
  /** Contents in the image with nothing but what must have persisted, and in that with every store. */
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
  /** For each byte of these the unit that stored it, -1 for what was there at power-on. */
  readonly smallestBy: readonly number[];
  readonly largestBy: readonly number[];
}

/** Words of one line whose contents depend on each other, where they can be neither smallest nor largest. */
export interface LineChoices {
  /** Address of the line. */
  readonly line: number;
  readonly choices: readonly Choice[];
}

export interface Instant {
  /** How many images there are; `undefined` where counting them would take too long. */
  readonly images: bigint | undefined;
  /** Words that are not as at the instant before, ascending by address. */
  readonly words: readonly WordAtInstant[];
  /** Lines whose choices may have changed, ascending. */
  readonly lines: readonly LineChoices[];
}

/**
 * The instants of a run one after another: before unit `first`, with all that happened until then, and after each from there on.
 * With `lines` (addresses) only these are asked about, and images are not counted.
 */
export function* instantsOf(
  run: UnitRun,
  setting: PersistencySetting,
  first = 0,
  lines?: ReadonlySet<number>,
): Generator<Instant> {
  const history = crashHistory(run.source, setting);
  const follower = new Follower(run, history, lines);
  for (const point of history.acknowledgements.keys())
    if (point < first) follower.pass(point);
    else yield follower.next(point);
}

class Follower {
  readonly #run: UnitRun;
  readonly #shown: ReadonlySet<number> | undefined;
  readonly #history: CrashHistory;
  readonly #side: StepSide;
  readonly #pending: PendingPieces;
  readonly #counts: ImageCounts;
  readonly #words = new Map<number, WordAtInstant>();
  /** Domain `none`: pieces of each line, and what has drained, as text. */
  readonly #piecesOfLine = new Map<number, number[]>();
  #drained = '';

  constructor(run: UnitRun, history: CrashHistory, lines: ReadonlySet<number> | undefined) {
    this.#run = run;
    this.#shown = lines;
    this.#history = history;
    this.#side = new StepSide(history.order);
    this.#pending = new PendingPieces(history.order);
    this.#counts = new ImageCounts(history.order.setting.domain !== 'none');
  }

  get #hasAdr(): boolean {
    return this.#history.order.setting.domain !== 'none';
  }

  /** Goes on to an instant that nobody asks about. */
  pass(point: number): void {
    const { pieceCount = 0 } = this.#history.acknowledgements[point] ?? {};
    this.#pending.unit(this.#run.units[point - 1], pieceCount);
  }

  next(point: number): Instant {
    const at = this.#history.acknowledgements[point];
    if (at === undefined) throw new RangeError(`no instant ${point}`);
    const covered = this.#pending.unit(this.#run.units[point - 1], at.pieceCount);
    this.#side.advance(at);
    this.#side.settle();
    const touched = new Set(this.#side.touched);
    if (!this.#hasAdr) for (const line of touched) this.#notePieces(line);
    for (const address of covered) {
      const line = this.#side.line(address / LINE_SIZE_BYTES);
      if (line !== undefined) touched.add(line);
    }
    const set = this.#hasAdr ? undefined : this.#history.acked(point);
    const lines = this.#linesToAsk(touched, set).filter(
      ({ index }) => this.#shown?.has(index * LINE_SIZE_BYTES) !== false,
    );
    this.#side.close();
    const words: WordAtInstant[] = [];
    const choices: LineChoices[] = [];
    for (const line of lines.sort((left, right) => left.index - right.index)) {
      const own = this.#lineSet(line, at.level, set);
      words.push(...this.#changedWords(line, own));
      choices.push({ line: line.index * LINE_SIZE_BYTES, choices: choicesOf(own) });
      if (this.#shown === undefined) this.#counts.change(line.index, own);
    }
    const images = this.#shown === undefined ? this.#counts.total(set) : undefined;
    return { images, words, lines: choices };
  }

  #notePieces(line: SideLine): void {
    const known = this.#piecesOfLine.get(line.index) ?? [];
    known.push(...line.stored);
    this.#piecesOfLine.set(line.index, known);
  }

  /** Lines that may not be as at the instant before. */
  #linesToAsk(touched: ReadonlySet<SideLine>, set: ImageSet | undefined): SideLine[] {
    if (set === undefined) return [...touched];
    const drained = JSON.stringify([set.view.levels.from, set.view.drainedLevels]);
    if (drained === this.#drained) return [...touched];
    this.#drained = drained;
    return [...this.#side.lineIndexes()].flatMap((index) => this.#side.line(index) ?? []);
  }

  /** The images of one line; `set`: without ADR, the images of everything. */
  #lineSet(line: SideLine, level: number, set: ImageSet | undefined): ImageSet {
    if (set === undefined)
      return new ImageSet(this.#side.view({ from: level, to: level }, Int32Array.from(line.open)));
    const { levels, drainedLevels } = set.view;
    const view = { ...this.#side.view(levels, new Int32Array(0)), drainedLevels };
    const open = (this.#piecesOfLine.get(line.index) ?? []).filter((piece) => !isRequired(view, piece));
    return new ImageSet({ ...view, openPieces: Int32Array.from(open) });
  }

  *#changedWords(line: SideLine, set: ImageSet): Generator<WordAtInstant> {
    const start = line.index * LINE_SIZE_BYTES;
    for (let address = start; address < start + LINE_SIZE_BYTES; address += WORD_SIZE_BYTES) {
      if (!set.isTouched(address)) continue;
      const word = this.#wordOf(set, address);
      const known = this.#words.get(address);
      if (known !== undefined && isSame(known, word)) continue;
      this.#words.set(address, word);
      yield word;
    }
  }

  #wordOf(set: ImageSet, address: number): WordAtInstant {
    const { view } = set;
    const number = set.wordAt(address) ?? 0;
    const newest = wordWriters(view, number, () => true);
    const uncertain = uncertainBytes(set, address);
    const isPending = (piece: number): boolean => this.#pending.has(piece);
    return {
      address,
      uncertain,
      inFlight: uncertain === 0 ? 0 : uncertain & ~uncertainBytes(set, address, isPending),
      smallest: set.requiredContent(address).slice(),
      largest: wordContents(view, number, () => true).slice(),
      smallestBy: this.#unitsOf(
        view,
        wordWriters(view, number, (piece) => isRequired(view, piece)),
      ),
      largestBy: this.#unitsOf(view, newest),
    };
  }

  #unitsOf(view: CrashView, pieces: readonly number[]): number[] {
    const { entries } = view.order.pieces;
    return pieces.map((piece) => (piece < 0 ? -1 : (this.#run.unitOfEntry[entries[piece] ?? 0] ?? -1)));
  }
}

/** The bytes of a word that do not hold the same in all images, as bits; `isCertain`: supposed that these pieces have persisted. */
function uncertainBytes(set: ImageSet, address: number, isCertain?: (piece: number) => boolean): number {
  const first: number[] = [];
  let mask = 0;
  const note = (offset: number, value: number): void => {
    const known = (first[offset] ??= value);
    if (value !== known) mask |= 1 << offset;
  };
  eachByteValue(set, address, note, isCertain);
  return mask;
}

const isSame = (left: WordAtInstant, right: WordAtInstant): boolean =>
  left.uncertain === right.uncertain &&
  left.inFlight === right.inFlight &&
  sameBytes(left.smallest, right.smallest) &&
  sameBytes(left.largest, right.largest) &&
  left.smallestBy.join() === right.smallestBy.join() &&
  left.largestBy.join() === right.largestBy.join();
