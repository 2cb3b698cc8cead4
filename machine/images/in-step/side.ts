/**
 * One run, followed acknowledgement by acknowledgement: for each line that was stored to, what must have persisted so far
 * and which of its pieces are open. Work follows what happens, not what is open: each piece is looked at when it is
 * stored and when it becomes required.
 */
import { contentsUpTo, type CrashView } from '../../order/crash-view.ts';
import type { PersistsBefore } from '../../order/persists-before.ts';
import { at, LINE_WORDS, NEVER } from '../../order/store-pieces.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../../hardware/units.ts';
import { NewestStored } from './newest-stored.ts';

/** How far a run has come. */
export interface StepPoint {
  readonly pieceCount: number;
  readonly level: number;
}

const PAGE_LINES = PAGE_SIZE_BYTES / LINE_SIZE_BYTES;

/** Most lines have nothing open most of the time, so they share this. */
const NO_PIECES: readonly number[] = [];

/** A line of one run while something happens to it or some of its pieces are open. */
export class SideLine {
  /** Its address divided by the line size. */
  index = 0;
  /** Its number in the run, by which its words are known: the first is 8 times this. */
  number = 0;
  /** The bytes that must have persisted, and the newest piece of each word (0 to 7) that must have, -1 for none. */
  readonly base = new Uint8Array(LINE_SIZE_BYTES);
  readonly newestRequired = new Int32Array(LINE_WORDS);
  /** Pieces that may or may not have, ascending. */
  open = NO_PIECES;
  /** How many of the pieces that were open when the segment began are not at its end. */
  goneCount = 0;
  /** Pieces stored in the segment. */
  stored = NO_PIECES;
  /** Pieces that became required in the segment. */
  required = NO_PIECES;
}

/** `pieces` with one more, in place unless they are the shared none. */
function withPiece(pieces: readonly number[], piece: number): readonly number[] {
  if (pieces.length === 0) return [piece];
  (pieces as number[]).push(piece);
  return pieces;
}

export class StepSide {
  readonly order: PersistsBefore;
  /** Lines that anything happened to in the segment. */
  touched: SideLine[] = [];
  point: StepPoint = { pieceCount: 0, level: 0 };
  from: StepPoint = this.point;
  readonly #requiredOrder: Int32Array;
  #requiredNext = 0;
  /** The newest piece of each word. Of a line with nothing open that is all there is to know. */
  readonly #newest: NewestStored;
  /** By number: lines that something happened to in the segment or that have open pieces. */
  readonly #lively = new Map<number, SideLine>();
  /** Lines that are lively no more, to be used again. */
  readonly #spare: SideLine[] = [];
  /** The line that was asked for last: stores come line by line. */
  #last: SideLine | undefined;
  #view: CrashView | undefined;
  readonly #scratch = new Uint8Array(WORD_SIZE_BYTES);

  constructor(order: PersistsBefore) {
    this.order = order;
    this.#newest = new NewestStored(order.pieces.pages.length * PAGE_LINES);
    this.#requiredOrder = byRequiredLevel(order);
  }

  /** Lines (address / 64) that were stored to so far. */
  *lineIndexes(): Generator<number> {
    for (const number of this.#newest.lines()) yield this.#indexOf(number);
  }

  /** A line, to be used until the next segment; `undefined` when nothing was stored to it so far. */
  line(index: number): SideLine | undefined {
    const number = this.#numberAt(index);
    if (number === undefined || !this.#newest.has(number)) return undefined;
    return this.#lively.get(number) ?? this.#fill(new SideLine(), number);
  }

  /** Writes to `target` what a line holds when all that was stored so far has persisted: no write-back or fence changes that. */
  newestOf(index: number, target: Uint8Array): void {
    const number = this.#numberAt(index);
    if (number !== undefined) return this.#newestInto(number, target);
    const page = this.order.source.initialMedia.get(Math.floor(index / PAGE_LINES));
    const start = (index % PAGE_LINES) * LINE_SIZE_BYTES;
    if (page === undefined) target.fill(0);
    else target.set(page.subarray(start, start + LINE_SIZE_BYTES));
  }

  /** Goes on to `point`: notes what was stored and what became required. `settle` must come before the next. */
  advance(point: StepPoint): void {
    const { pieces } = this.order;
    this.from = this.point;
    this.touched = [];
    for (let piece = this.point.pieceCount; piece < point.pieceCount; piece++) {
      const line = this.#lineOf(piece);
      line.stored = withPiece(line.stored, piece);
      this.#newest.note(line.number, at(pieces.words, piece) % LINE_WORDS, piece);
    }
    for (; this.#requiredNext < this.#requiredOrder.length; this.#requiredNext++) {
      const piece = at(this.#requiredOrder, this.#requiredNext);
      if (at(pieces.requiredFrom, piece) > point.level) break;
      const line = this.#lineOf(piece);
      line.required = withPiece(line.required, piece);
    }
    this.point = point;
  }

  /** Brings the lines of the segment to its end. */
  settle(): void {
    for (const line of this.touched) {
      for (const piece of line.required) this.#putIntoBase(line, piece);
      const { requiredFrom } = this.order.pieces;
      const isOpen = (piece: number): boolean => at(requiredFrom, piece) > this.point.level;
      const before = line.open.length;
      if (line.required.length > 0 && before > 0) line.open = line.open.filter(isOpen);
      line.goneCount = before - line.open.length;
      if (line.open.length === 0) line.open = NO_PIECES;
      for (const piece of line.stored) if (isOpen(piece)) line.open = withPiece(line.open, piece);
    }
  }

  /** Forgets what the segment did. */
  close(): void {
    for (const line of this.touched) {
      line.stored = NO_PIECES;
      line.required = NO_PIECES;
      if (line.open.length > 0) continue;
      this.#lively.delete(line.number);
      this.#spare.push(line);
    }
    this.touched = [];
    this.#last = undefined;
  }

  /** The images of some lines between two points of the segment, as the other parts of the analysis see them. */
  view(levels: { readonly from: number; readonly to: number }, openPieces: Int32Array): CrashView {
    return {
      order: this.order,
      pieceCount: this.point.pieceCount,
      levels,
      drainedLevels: undefined,
      openPieces,
      newestPieceAt: (word) => this.#newest.of(numberOf(word), word % LINE_WORDS),
    };
  }

  /** The address of a line by its number, divided by the line size. */
  #indexOf(number: number): number {
    const page = this.order.pieces.pageOfWord(number * LINE_WORDS);
    return page.pageIndex * PAGE_LINES + (number % PAGE_LINES);
  }

  /** The number of a line; undefined when nothing is ever stored to its page. */
  #numberAt(index: number): number | undefined {
    const slot = this.order.slotOfPage(Math.floor(index / PAGE_LINES));
    return slot === undefined ? undefined : slot * PAGE_LINES + (index % PAGE_LINES);
  }

  #lineOf(piece: number): SideLine {
    const number = numberOf(at(this.order.pieces.words, piece));
    let line = number === this.#last?.number ? this.#last : this.#lively.get(number);
    if (line === undefined) {
      line = this.#fill(this.#spare.pop() ?? new SideLine(), number);
      this.#lively.set(number, line);
    }
    this.#last = line;
    if (line.stored.length === 0 && line.required.length === 0) this.touched.push(line);
    return line;
  }

  /** Makes `line` one with nothing open: all that was stored to it has persisted. */
  #fill(line: SideLine, number: number): SideLine {
    line.index = this.#indexOf(number);
    line.number = number;
    line.goneCount = 0;
    for (let word = 0; word < LINE_WORDS; word++) line.newestRequired[word] = this.#newest.of(number, word);
    this.#newestInto(number, line.base);
    return line;
  }

  #newestInto(number: number, target: Uint8Array): void {
    const { pieces } = this.order;
    const { initial } = pieces.pageOfWord(number * LINE_WORDS);
    const start = (number % PAGE_LINES) * LINE_SIZE_BYTES;
    if (initial === undefined) target.fill(0);
    else target.set(initial.subarray(start, start + LINE_SIZE_BYTES));
    for (let word = 0; word < LINE_WORDS; word++) {
      const newest = this.#newest.of(number, word);
      if (newest < 0) continue;
      const content = contentsUpTo(this.#run, number * LINE_WORDS + word, newest, this.#scratch);
      target.set(content, word * WORD_SIZE_BYTES);
    }
  }

  /** The run, for those who ask what a word holds. */
  get #run(): CrashView {
    return (this.#view ??= this.view({ from: 0, to: 0 }, new Int32Array(0)));
  }

  /** Lets the base show `piece`, but not over the bytes of newer required pieces of its word. */
  #putIntoBase(line: SideLine, piece: number): void {
    const { pieces } = this.order;
    const word = at(pieces.words, piece) % LINE_WORDS;
    const { base, newestRequired } = line;
    const newest = at(newestRequired, word);
    pieces.overlay(piece, base, word * WORD_SIZE_BYTES);
    if (piece > newest) {
      newestRequired[word] = piece;
      return;
    }
    const newer: number[] = [];
    for (let other = newest; other > piece; other = at(pieces.previousInWord, other))
      if (at(pieces.requiredFrom, other) <= this.point.level) newer.push(other);
    for (const other of newer.reverse()) pieces.overlay(other, base, word * WORD_SIZE_BYTES);
  }
}

/** The number of the line that a word (a number of the table of pieces) is in. */
const numberOf = (word: number): number => Math.floor(word / LINE_WORDS);

/** The pieces that ever become required, by the level at which they do. */
function byRequiredLevel({ pieces, level }: PersistsBefore): Int32Array {
  const starts = new Int32Array(level + 3);
  const { requiredFrom, count } = pieces;
  for (let piece = 0; piece < count; piece++) {
    const from = at(requiredFrom, piece);
    if (from !== NEVER) starts[from + 1] = at(starts, from + 1) + 1;
  }
  for (let index = 1; index < starts.length; index++)
    starts[index] = at(starts, index) + at(starts, index - 1);
  const sorted = new Int32Array(at(starts, starts.length - 1));
  for (let piece = 0; piece < count; piece++) {
    const from = at(requiredFrom, piece);
    if (from === NEVER) continue;
    sorted[at(starts, from)] = piece;
    starts[from] = at(starts, from) + 1;
  }
  return sorted;
}
