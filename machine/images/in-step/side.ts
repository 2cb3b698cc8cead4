/**
 * One run, followed acknowledgement by acknowledgement: for each line that was stored to, what must have persisted so far
 * and which of its pieces are open. Work follows what happens, not what is open: each piece is looked at when it is
 * stored and when it becomes required.
 */
import type { CrashView } from '../../order/crash-view.ts';
import type { PersistsBefore } from '../../order/persists-before.ts';
import { at, LINE_WORDS, NEVER, PAGE_WORDS } from '../../order/store-pieces.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../../hardware/units.ts';
import { type LinePlace, LineRoom } from './line-room.ts';

/** How far a run has come. */
export interface StepPoint {
  readonly pieceCount: number;
  readonly level: number;
}

const PAGE_LINES = PAGE_SIZE_BYTES / LINE_SIZE_BYTES;

/** Most lines have nothing open most of the time, so they share this. */
const NO_PIECES: readonly number[] = [];

/** A line of one run. */
export class SideLine {
  /** Divided by the line size. */
  readonly index: number;
  /** What must have persisted. */
  readonly place: LinePlace;
  /** Pieces that may or may not have, ascending. */
  open = NO_PIECES;
  /** How many of the pieces that were open when the segment began are not at its end. */
  goneCount = 0;
  /** Pieces stored in the segment. */
  stored = NO_PIECES;
  /** Pieces that became required in the segment. */
  required = NO_PIECES;

  constructor(index: number, place: LinePlace) {
    this.index = index;
    this.place = place;
  }

  /** The bytes that must have persisted. */
  get base(): Uint8Array {
    return this.place.bytes;
  }
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
  readonly #room = new LineRoom();
  /** Lines that something happened to in the segment or that have open pieces; the others need no more than their room. */
  readonly #lively = new Map<number, SideLine>();

  constructor(order: PersistsBefore) {
    this.order = order;
    this.#requiredOrder = byRequiredLevel(order);
  }

  /** Lines (address / 64) that were stored to so far. */
  lineIndexes(): Iterable<number> {
    return this.#room.indexes();
  }

  /** A line; `undefined` when nothing was stored to it so far. */
  line(index: number): SideLine | undefined {
    const lively = this.#lively.get(index);
    if (lively !== undefined) return lively;
    const place = this.#room.find(index);
    return place === undefined ? undefined : new SideLine(index, place);
  }

  /** Goes on to `point`: notes what was stored and what became required. `settle` must come before the next. */
  advance(point: StepPoint): void {
    const { pieces } = this.order;
    this.from = this.point;
    this.touched = [];
    for (let piece = this.point.pieceCount; piece < point.pieceCount; piece++) {
      const line = this.#lineOf(piece);
      line.stored = withPiece(line.stored, piece);
      line.place.setNewestStored(at(pieces.words, piece) % LINE_WORDS, piece);
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
      if (line.open.length === 0) this.#lively.delete(line.index);
    }
  }

  /** The images of some lines between two points of the segment, as the other parts of the analysis see them. */
  view(levels: { readonly from: number; readonly to: number }, openPieces: Int32Array): CrashView {
    return {
      order: this.order,
      pieceCount: this.point.pieceCount,
      levels,
      drainedLevels: undefined,
      openPieces,
      newestPieceAt: (word) => this.#room.find(this.#indexOf(word))?.newestStored(word % LINE_WORDS) ?? -1,
    };
  }

  /** The line of a word. */
  #indexOf(word: number): number {
    const lineInPage = Math.floor((word % PAGE_WORDS) / LINE_WORDS);
    return this.order.pieces.pageOfWord(word).pageIndex * PAGE_LINES + lineInPage;
  }

  #lineOf(piece: number): SideLine {
    const { pieces } = this.order;
    const word = at(pieces.words, piece);
    const index = this.#indexOf(word);
    let line = this.#lively.get(index);
    if (line === undefined) {
      const start = (index % PAGE_LINES) * LINE_SIZE_BYTES;
      const initial = pieces.pageOfWord(word).initial?.subarray(start, start + LINE_SIZE_BYTES);
      line = new SideLine(index, this.#room.find(index) ?? this.#room.add(index, initial));
      this.#lively.set(index, line);
    }
    if (line.stored.length === 0 && line.required.length === 0) this.touched.push(line);
    return line;
  }

  /** Lets the base show `piece`, but not over the bytes of newer required pieces of its word. */
  #putIntoBase(line: SideLine, piece: number): void {
    const { pieces } = this.order;
    const word = at(pieces.words, piece) % LINE_WORDS;
    const newest = line.place.newestRequired(word);
    const { base } = line;
    pieces.overlay(piece, base, word * WORD_SIZE_BYTES);
    if (piece > newest) return line.place.setNewestRequired(word, piece);
    const newer: number[] = [];
    for (let other = newest; other > piece; other = at(pieces.previousInWord, other))
      if (at(pieces.requiredFrom, other) <= this.point.level) newer.push(other);
    for (const other of newer.reverse()) pieces.overlay(other, base, word * WORD_SIZE_BYTES);
  }
}

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
