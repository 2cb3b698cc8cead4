/**
 * Lists what one cell may hold: the contents of a chain after each of its pieces, or of the down-closed sets of any
 * other cell, one by one up to a limit. Each content carries the levels at which it is possible.
 */
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

/**
 * The contents of any cell. Decides piece by piece, in program order, whether it is in: leaving out comes first, so
 * small sets come first. Bytes are kept along the way: required pieces that lie over open ones are always in.
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
  let statesLeft = CELL_STATES_MAX;
  /** Goes on from `index` with the piece there in, and takes its bytes back afterwards. */
  const goOnWith = (index: number, newestLevel: number, lackingFrom: number): void => {
    const piece = sequence[index] ?? -1;
    const start = places.get(at(pieces.words, piece)) ?? 0;
    const before = bytes.slice(start, start + WORD_SIZE_BYTES);
    pieces.overlay(piece, bytes, start);
    decide(index + 1, newestLevel, lackingFrom);
    bytes.set(before, start);
  };
  const decide = (index: number, newestLevel: number, lackingFrom: number): void => {
    const span = cell.clamp(newestLevel, lackingFrom);
    if (span.from > span.to) return;
    const piece = sequence[index];
    if (piece === undefined) {
      if (statesLeft-- === 0) throw tooManyStates(cell);
      addContent(found, bytes, span, members);
      return;
    }
    if (!isOpen.has(piece)) return goOnWith(index, newestLevel, lackingFrom);
    decide(index + 1, newestLevel, Math.min(lackingFrom, requiredFrom(view, piece)));
    for (const other of predecessors[index] ?? []) if (!members.has(other)) return;
    members.add(piece);
    goOnWith(index, Math.max(newestLevel, at(pieces.levels, piece)), lackingFrom);
    members.delete(piece);
  };
  decide(0, 0, Infinity);
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

function tooManyStates(cell: Cell): RangeError {
  const address = cell.words[0]?.address ?? 0;
  return new RangeError(
    `the line at 0x${address.toString(16)} has more than ${CELL_STATES_MAX} ways to persist ${cell.open.length} mixed ` +
      `stores: acknowledge or flush more often, or raise CELL_STATES_MAX`,
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
