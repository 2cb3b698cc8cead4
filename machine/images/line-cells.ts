/**
 * The undecided part of an image set, cut into cells: the words of one line whose pieces depend on each other. What
 * one cell holds restricts another only through levels, so every content of a cell carries the levels at which it is
 * possible. Two shapes: a *chain* (each piece needs the one before it: cached stores of a line, non-temporal stores
 * of a word) and the general case, whose down-closed sets are listed one by one, up to a limit.
 */
import { wordPlace } from '../order/image-hash.ts';
import { type CellContent, contentKey, listChain, listDownClosedSets } from './cell-contents.ts';
import {
  type CrashView,
  isRequired,
  type LevelSpan,
  newestPieceOf,
  requiredFrom,
  wordContents,
} from '../order/crash-view.ts';
import type { PersistsBefore } from '../order/persists-before.ts';
import { alone, at, isAlone, LINE_WORDS, PAGE_WORDS } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

export type { LevelSpan } from '../order/crash-view.ts';

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

export class Cell {
  readonly view: CrashView;
  readonly words: readonly CellWord[];
  /** The cell's open pieces, ascending. */
  readonly open: readonly number[];
  readonly isChain: boolean;
  #contents: readonly CellContent[] | undefined;
  #contentsByBytes: ReadonlyMap<string, CellContent> | undefined;

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

  /** The content with these bytes, if there is one. Throws as `contents`. */
  contentWith(bytes: Uint8Array): CellContent | undefined {
    this.#contentsByBytes ??= new Map(this.contents().map((content) => [contentKey(content.bytes), content]));
    return this.#contentsByBytes.get(contentKey(bytes));
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

  /** The least content at `level` that holds those of `wanted` that are open pieces of the cell, and what they need. */
  leastWith(wanted: readonly number[], level: number): CellContent {
    const members = this.requiredAt(level);
    const own = new Set(this.open);
    const pending = wanted.filter((piece) => own.has(piece));
    for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
      if (members.has(piece)) continue;
      members.add(piece);
      pending.push(...this.directPredecessors(piece));
    }
    const bytes = this.bytesWith((piece) => members.has(piece));
    return { bytes, spans: [{ from: level, to: level }], members: [...members] };
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
export function cellsOf(view: CrashView, openPieces: Int32Array = view.openPieces): Cell[] {
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
  const { setting } = view.order;
  const cells: Cell[] = [];
  const joint: number[] = [];
  const dragged =
    setting.nonTemporalInDirtyLine === 'write-back' &&
    [...words.values()].some((open) => hasCached(view, open));
  for (const word of [...words.keys()].sort((left, right) => left - right)) {
    const open = words.get(word) ?? [];
    if (setting.domain !== 'eadr' && (dragged || hasCached(view, open))) joint.push(word);
    else cells.push(new Cell(view, [word], open));
  }
  if (joint.length === 1) cells.push(new Cell(view, joint, words.get(joint[0] ?? 0) ?? []));
  if (joint.length > 1) {
    const open = joint.flatMap((word) => words.get(word) ?? []).sort((left, right) => left - right);
    cells.push(new Cell(view, joint, open));
  }
  return cells;
}

function hasCached(view: CrashView, open: readonly number[]): boolean {
  return open.some((piece) => !view.order.pieces.isNonTemporal(piece));
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
    start: wordContents(view, word, () => true, at(pieces.previousInWord, oldest)),
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
