/**
 * Lists what one cell may hold: the contents of a chain after each of its pieces, or of the down-closed sets of any
 * other cell, one by one up to a limit. Each content carries the levels at which it is possible.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import { type LevelSpan, requiredFrom } from '../order/crash-view.ts';
import type { Cell } from './line-cells.ts';
import { at } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

/** One content of a cell and when it is possible. `bytes` holds the cell's words one after another. */
export interface CellContent {
  readonly bytes: Uint8Array;
  /** Disjoint and ascending. */
  readonly spans: LevelSpan[];
  /** A smallest set of open pieces that gives this content: a prefix length of a chain, or the pieces. */
  readonly members: number | readonly number[];
}

/** Text that is equal for equal bytes. */
export function contentKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** How many down-closed sets of one cell are listed before giving up. */
export const CELL_STATES_MAX = 1 << 18;

/** How many decisions about pieces that may take: each set needs as many as the line has stores. */
const CELL_DECISIONS_MAX = 1 << 22;

/** The contents of a chain, shortest first. */
export function listChain(cell: Cell): CellContent[] {
  const { pieces } = cell.view.order;
  const found = new Map<string, CellContent>();
  const bytes = cell.bytesWith(() => false);
  const wordIndexOf = new Map(cell.words.map((word, index) => [word.word, index]));
  for (let count = 0; count <= cell.open.length; count++) {
    const newest = cell.open[count - 1];
    const next = cell.open[count];
    if (newest !== undefined)
      pieces.overlay(newest, bytes, (wordIndexOf.get(at(pieces.words, newest)) ?? 0) * WORD_SIZE_BYTES);
    const newestLevel = newest === undefined ? 0 : at(pieces.levels, newest);
    const lackingFrom = next === undefined ? Infinity : requiredFrom(cell.view, next);
    addContent(found, bytes, cell.clamp(newestLevel, lackingFrom), count);
  }
  return [...found.values()];
}

/** A piece of a cell that is being decided about, under decisions about all before it. */
interface Decision {
  readonly index: number;
  readonly newestLevel: number;
  readonly lackingFrom: number;
  /** What is next: begin, try with the piece in, or take the piece out again, whose bytes were `before`. */
  next: 'begin' | 'in' | 'back';
  before: Uint8Array | undefined;
}

const decision = (index: number, newestLevel: number, lackingFrom: number): Decision => ({
  index,
  newestLevel,
  lackingFrom,
  next: 'begin',
  before: undefined,
});

/**
 * The contents of any cell. Decides piece by piece, in program order, whether it is in: leaving out comes first, so
 * small sets come first. Bytes are kept along the way: required pieces that lie over open ones are always in. Decisions
 * are on a stack of our own, because a line may be stored to tens of thousands of times.
 */
export function listDownClosedSets(cell: Cell): CellContent[] {
  const { view, open } = cell;
  const { pieces } = view.order;
  const found = new Map<string, CellContent>();
  const members = new Set<number>();
  const places = placesOf(cell);
  const isOpen = new Set(open);
  const sequence = cell.words.flatMap((word) => word.pieces).sort((left, right) => left - right);
  const predecessors = sequence.map((piece) => (isOpen.has(piece) ? cell.directPredecessors(piece) : []));
  const bytes = startOf(cell);
  const stack = [decision(0, 0, Infinity)];
  let statesLeft = CELL_STATES_MAX;
  let decisionsLeft = CELL_DECISIONS_MAX;

  /** Puts the piece in, and goes on with the one behind it. */
  const goOnWith = (made: Decision, piece: number, newestLevel: number): void => {
    const start = places.get(at(pieces.words, piece)) ?? 0;
    made.before = bytes.slice(start, start + WORD_SIZE_BYTES);
    made.next = 'back';
    pieces.overlay(piece, bytes, start);
    stack.push(decision(made.index + 1, newestLevel, made.lackingFrom));
  };
  const begin = (made: Decision): void => {
    const { index, newestLevel, lackingFrom } = made;
    if (decisionsLeft-- === 0) throw tooManyStates(cell);
    const span = cell.clamp(newestLevel, lackingFrom);
    const piece = sequence[index];
    if (span.from > span.to || piece === undefined) {
      if (span.from <= span.to && statesLeft-- === 0) throw tooManyStates(cell);
      addContent(found, bytes, span, members);
      stack.pop();
    } else if (isOpen.has(piece)) {
      made.next = 'in';
      stack.push(decision(index + 1, newestLevel, Math.min(lackingFrom, requiredFrom(view, piece))));
    } else goOnWith(made, piece, newestLevel);
  };

  for (let made = stack.at(-1); made !== undefined; made = stack.at(-1)) {
    const piece = sequence[made.index] ?? -1;
    if (made.next === 'begin') begin(made);
    else if (made.next === 'in' && (predecessors[made.index] ?? []).every((other) => members.has(other))) {
      members.add(piece);
      goOnWith(made, piece, Math.max(made.newestLevel, at(pieces.levels, piece)));
    } else {
      if (made.before !== undefined) bytes.set(made.before, places.get(at(pieces.words, piece)) ?? 0);
      members.delete(piece);
      stack.pop();
    }
  }
  return [...found.values()];
}

/** Where each word of a cell begins in its bytes. */
const placesOf = (cell: Cell): Map<number, number> =>
  new Map(cell.words.map((word, index) => [word.word, index * WORD_SIZE_BYTES]));

/** The bytes of a cell under everything older than its pieces. */
function startOf(cell: Cell): Uint8Array {
  const bytes = new Uint8Array(cell.words.length * WORD_SIZE_BYTES);
  for (const [index, word] of cell.words.entries()) bytes.set(word.start, index * WORD_SIZE_BYTES);
  return bytes;
}

function tooManyStates(cell: Cell): TooManyImagesError {
  const address = cell.words[0]?.address ?? 0;
  return new TooManyImagesError(
    `the line at 0x${address.toString(16)} has too many ways to persist ${cell.open.length} mixed stores to list them: ` +
      `acknowledge or flush more often`,
  );
}

function addContent(
  found: Map<string, CellContent>,
  bytes: Uint8Array,
  span: LevelSpan,
  members: number | ReadonlySet<number>,
): void {
  if (span.from > span.to) return;
  const key = contentKey(bytes);
  const known = found.get(key);
  if (known === undefined) {
    const listed = typeof members === 'number' ? members : [...members];
    found.set(key, { bytes: bytes.slice(), spans: [span], members: listed });
  } else addSpan(known.spans, span);
}

/** Adds `span` to disjoint ascending spans; neighbours merge. */
export function addSpan(spans: LevelSpan[], span: LevelSpan): void {
  let { from, to } = span;
  const apart = spans.filter((other) => other.to + 1 < from || other.from > to + 1);
  for (const other of spans) {
    if (other.to + 1 < span.from || other.from > span.to + 1) continue;
    from = Math.min(from, other.from);
    to = Math.max(to, other.to);
  }
  apart.push({ from, to });
  apart.sort((left, right) => left.from - right.from);
  spans.splice(0, spans.length, ...apart);
}
