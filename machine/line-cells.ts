/**
 * The undecided part of an image set, cut into cells: the words of one line whose pieces depend on each other. What
 * one cell holds restricts another only through levels, so every content of a cell carries the levels at which it is
 * possible. Two shapes: a *chain* (each piece needs the one before it: cached stores of a line, non-temporal stores
 * of a word) and the general case, whose down-closed sets are listed one by one, up to a limit.
 */
import { wordPlace } from './image-hash.ts';
import type { PersistsBefore } from './persists-before.ts';
import { alone, at, isAlone, LINE_WORDS, PAGE_WORDS } from './store-pieces.ts';
import { WORD_SIZE_BYTES } from './units.ts';

/** Levels `from` to `to`, both included. */
export interface LevelSpan {
  readonly from: number;
  readonly to: number;
}

/** Which part of a run an image set is about; `crash-images.ts` makes these. */
export interface CrashView {
  readonly order: PersistsBefore;
  /** Pieces issued before the power failure. */
  readonly pieceCount: number;
  /** Everything in the base of `levels.from` has persisted; no base after `levels.to` has been reached. */
  readonly levels: LevelSpan;
  /** Domain `none`: per range, the level whose base was drained and so has persisted too. */
  readonly drainedLevels: readonly number[] | undefined;
  /** Pieces that may or may not have persisted, ascending. */
  readonly openPieces: readonly number[];
}

/** One word of a cell. */
export interface CellWord {
  readonly word: number;
  readonly address: number;
  readonly place: number;
  /** Pieces of the word from the oldest open one on, ascending; the required ones among them are always in. */
  readonly pieces: readonly number[];
  /** Contents under everything older. */
  readonly start: Uint8Array;
}

/** One content of a cell and when it is possible. `bytes` holds the cell's words one after another. */
export interface CellContent {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Disjoint and ascending. */
  readonly spans: LevelSpan[];
  /** A smallest set of open pieces that gives this content: a prefix length of a chain, or the pieces. */
  readonly members: number | readonly number[];
}

/** How many down-closed sets of one cell are listed before giving up. */
export const CELL_STATES_MAX = 1 << 18;

/** First level of `view` whose base holds `piece`. */
export function requiredFrom(view: CrashView, piece: number): number {
  const { pieces } = view.order;
  const level = at(pieces.requiredFrom, piece);
  if (view.drainedLevels === undefined) return level;
  const drained = view.drainedLevels[pieces.pageOf(piece).rangeIndex] ?? 0;
  return level <= drained ? Math.min(level, view.levels.from) : level;
}

/** Whether `piece` has persisted in every image of the set. */
export function isRequired(view: CrashView, piece: number): boolean {
  return requiredFrom(view, piece) <= view.levels.from;
}

/** Contents of a word under those of its pieces before `pieceEnd` that `isIn` accepts; also says who wrote what. */
export function wordContents(
  view: CrashView,
  word: number,
  isIn: (piece: number) => boolean,
  newest = newestPieceOf(view, word),
): { bytes: Uint8Array; writers: number[] } {
  const { pieces } = view.order;
  const page = pieces.pageOfWord(word);
  const first = (word % PAGE_WORDS) * WORD_SIZE_BYTES;
  const bytes = page.initial?.slice(first, first + WORD_SIZE_BYTES) ?? new Uint8Array(WORD_SIZE_BYTES);
  const writers: number[] = Array.from(bytes, () => -1);
  const stack: number[] = [];
  let covered = 0;
  for (let piece = newest; piece >= 0 && covered !== 0xff; piece = at(pieces.previousInWord, piece)) {
    if (!isIn(piece)) continue;
    stack.push(piece);
    covered |= ((1 << pieces.sizeBytes(piece)) - 1) << pieces.offsetInWord(piece);
  }
  for (const piece of stack.reverse()) {
    pieces.overlay(piece, bytes, 0);
    writers.fill(piece, pieces.offsetInWord(piece), pieces.offsetInWord(piece) + pieces.sizeBytes(piece));
  }
  return { bytes, writers };
}

/** The newest piece of a word that the view knows of, -1 for none. */
export function newestPieceOf(view: CrashView, word: number): number {
  const { pieces } = view.order;
  let piece = at(pieces.pageOfWord(word).newestPiece, word % PAGE_WORDS);
  while (piece >= view.pieceCount) piece = at(pieces.previousInWord, piece);
  return piece;
}

/** Hexadecimal text that is equal for equal bytes. */
export function contentKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export class Cell {
  readonly view: CrashView;
  readonly words: readonly CellWord[];
  /** The cell's open pieces, ascending. */
  readonly open: readonly number[];
  readonly isChain: boolean;
  #contents: readonly CellContent[] | undefined;

  constructor(view: CrashView, words: readonly number[], open: readonly number[]) {
    this.view = view;
    this.open = open;
    this.words = words.map((word) => cellWord(view, word, open));
    this.isChain = isChain(view, this.words, open);
  }

  /** Every distinct content, smallest sets first. Throws `RangeError` above `CELL_STATES_MAX` sets. */
  contents(): readonly CellContent[] {
    this.#contents ??= this.isChain ? listChain(this) : listDownClosedSets(this);
    return this.#contents;
  }

  /** Levels at which a set that holds `newestLevel` and lacks pieces required from `lackingFrom` is possible. */
  clamp(newestLevel: number, lackingFrom: number): LevelSpan {
    const { levels } = this.view;
    return { from: Math.max(newestLevel, levels.from), to: Math.min(lackingFrom - 1, levels.to) };
  }

  /** The contents with the open pieces that `isIn` accepts. */
  bytesWith(isIn: (piece: number) => boolean): Uint8Array {
    const bytes = new Uint8Array(this.words.length * WORD_SIZE_BYTES);
    for (const [index, word] of this.words.entries()) {
      bytes.set(word.start, index * WORD_SIZE_BYTES);
      for (const piece of word.pieces)
        if (isRequired(this.view, piece) || isIn(piece))
          this.view.order.pieces.overlay(piece, bytes, index * WORD_SIZE_BYTES);
    }
    return bytes;
  }

  /** Whether `piece`, one of `open`, belongs to the set that `content` names. */
  isMember(content: CellContent, piece: number): boolean {
    const { members } = content;
    if (typeof members !== 'number') return members.includes(piece);
    const last = this.open[members - 1];
    return last !== undefined && piece <= last;
  }

  /** The open pieces that must be in whenever `piece` is, one step back. */
  directPredecessors(piece: number): number[] {
    const { order } = this.view;
    const { pieces, setting } = order;
    const found: number[] = [];
    if (setting.domain === 'eadr') {
      found.push(at(pieces.previousInWord, piece));
    } else if (pieces.isNonTemporal(piece)) {
      found.push(previousNonTemporal(order, piece));
      if (setting.nonTemporalInDirtyLine === 'write-back')
        found.push(...leftBefore(order, at(pieces.cachedBefore, piece)));
    } else {
      const before = pieces.isUnordered(piece)
        ? pieces.cachedBeforeInstruction(piece)
        : at(pieces.cachedBefore, piece);
      found.push(previousNonTemporal(order, piece), ...wholeInstruction(order, before));
    }
    return found.filter((other) => other >= 0 && !isRequired(this.view, other));
  }

  /** The least set of open pieces that holds `piece` and everything required at its level. */
  principal(piece: number): Set<number> {
    const { levels } = this.view.order.pieces;
    const members = this.requiredAt(at(levels, piece));
    const pending = [piece];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (members.has(next)) continue;
      members.add(next);
      pending.push(...this.directPredecessors(next));
    }
    return members;
  }

  /** The open pieces that the base of `level` holds. */
  requiredAt(level: number): Set<number> {
    return new Set(this.open.filter((piece) => requiredFrom(this.view, piece) <= level));
  }
}

/** Cuts open pieces of a view into cells, in order of address within each line. */
export function cellsOf(view: CrashView, openPieces: readonly number[] = view.openPieces): Cell[] {
  const lines = new Map<number, Map<number, number[]>>();
  for (const piece of openPieces) {
    const word = at(view.order.pieces.words, piece);
    const line = Math.floor(word / LINE_WORDS);
    let words = lines.get(line);
    if (words === undefined) lines.set(line, (words = new Map<number, number[]>()));
    const open = words.get(word);
    if (open === undefined) words.set(word, [piece]);
    else open.push(piece);
  }
  const cells: Cell[] = [];
  for (const words of lines.values()) cells.push(...cellsOfLine(view, words));
  return cells;
}

function cellsOfLine(view: CrashView, words: ReadonlyMap<number, readonly number[]>): Cell[] {
  const { pieces, setting } = view.order;
  const sorted = [...words.keys()].sort((left, right) => left - right);
  const openOf = (word: number): readonly number[] => words.get(word) ?? [];
  const hasCached = (word: number): boolean => openOf(word).some((piece) => !pieces.isNonTemporal(piece));
  const dragged = setting.nonTemporalInDirtyLine === 'write-back' && sorted.some(hasCached);
  const joint = setting.domain === 'eadr' ? [] : sorted.filter((word) => dragged || hasCached(word));
  const cells = sorted
    .filter((word) => !joint.includes(word))
    .map((word) => new Cell(view, [word], openOf(word)));
  if (joint.length > 0) {
    const open = joint.flatMap((word) => [...openOf(word)]).sort((left, right) => left - right);
    cells.push(new Cell(view, joint, open));
  }
  return cells;
}

function cellWord(view: CrashView, word: number, open: readonly number[]): CellWord {
  const { pieces } = view.order;
  const oldest = open.find((piece) => pieces.words[piece] === word) ?? 0;
  const members: number[] = [];
  for (let piece = newestPieceOf(view, word); piece >= oldest; piece = at(pieces.previousInWord, piece))
    members.push(piece);
  const page = pieces.pageOfWord(word);
  return {
    word,
    address: pieces.addressOfWord(word),
    place: wordPlace(page.place, word % PAGE_WORDS),
    pieces: members.reverse(),
    start: wordContents(view, word, () => true, at(pieces.previousInWord, oldest)).bytes,
  };
}

/** Whether the open pieces form one chain and nothing required lies over any of them. */
function isChain(view: CrashView, words: readonly CellWord[], open: readonly number[]): boolean {
  const { pieces, setting } = view.order;
  if (open.length !== words.reduce((sum, word) => sum + word.pieces.length, 0)) return false;
  if (setting.domain === 'eadr') return true;
  const nonTemporal = open.filter((piece) => pieces.isNonTemporal(piece)).length;
  if (nonTemporal > 0) return nonTemporal === open.length && words.length === 1;
  return !open.some((piece) => pieces.isUnordered(piece));
}

function listChain(cell: Cell): CellContent[] {
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

/** Decides piece by piece, in program order, whether it is in: leaving out comes first, so small sets come first. */
function listDownClosedSets(cell: Cell): CellContent[] {
  const { view, open } = cell;
  const found = new Map<string, CellContent>();
  const members = new Set<number>();
  const predecessors = open.map((piece) => cell.directPredecessors(piece));
  let statesLeft = CELL_STATES_MAX;
  const decide = (index: number, newestLevel: number, lackingFrom: number): void => {
    const span = cell.clamp(newestLevel, lackingFrom);
    if (span.from > span.to) return;
    const piece = open[index];
    if (piece === undefined) {
      if (statesLeft-- === 0) throw tooManyStates(cell);
      addContent(
        found,
        cell.bytesWith((other) => members.has(other)),
        span,
        [...members],
      );
      return;
    }
    decide(index + 1, newestLevel, Math.min(lackingFrom, requiredFrom(view, piece)));
    if (!(predecessors[index] ?? []).every((other) => members.has(other))) return;
    members.add(piece);
    decide(index + 1, Math.max(newestLevel, at(view.order.pieces.levels, piece)), lackingFrom);
    members.delete(piece);
  };
  decide(0, 0, Infinity);
  return [...found.values()];
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
  members: number | readonly number[],
): void {
  if (span.from > span.to) return;
  const key = contentKey(bytes);
  const known = found.get(key);
  if (known === undefined) found.set(key, { key, bytes: bytes.slice(), spans: [span], members });
  else addSpan(known.spans, span);
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

function previousNonTemporal(order: PersistsBefore, piece: number): number {
  const { pieces } = order;
  let before = at(pieces.previousInWord, piece);
  while (before >= 0 && !pieces.isNonTemporal(before)) before = at(pieces.previousInWord, before);
  return before;
}

/** The cached pieces right before a non-temporal one that must be written back when it leaves. */
function leftBefore(order: PersistsBefore, before: number): number[] {
  return isAlone(before) ? [alone(before)] : wholeInstruction(order, before);
}

/** `newest` and, when it is part of an unordered string, its siblings in the line. */
function wholeInstruction(order: PersistsBefore, newest: number): number[] {
  const { pieces } = order;
  if (newest < 0 || !pieces.isUnordered(newest)) return [newest];
  const stop = pieces.cachedBeforeInstruction(newest);
  const found: number[] = [];
  for (let piece = newest; piece !== stop; piece = at(pieces.cachedBefore, piece)) found.push(piece);
  return found;
}
