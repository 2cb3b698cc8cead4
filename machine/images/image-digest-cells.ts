/**
 * The terms that one cell adds to a digest (see `image-digest.ts`): for each of its open pieces the hash of the cell
 * with the piece and without, relative to the base of the piece's level. Chains are walked once; other cells work
 * out the least set below each piece.
 */
import { addBytes, HashSum, wordPlace } from '../order/image-hash.ts';
import { requiredFrom } from '../order/crash-view.ts';
import type { Cell } from './line-cells.ts';
import { at, PAGE_WORDS } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

/** Hashes of a cell under the least set with a piece and under the same without it. */
export interface Term {
  readonly level: number;
  readonly without: HashSum;
  readonly with: HashSum;
}

/** How the hash of the base changes at `level`. */
export interface BaseStep {
  readonly level: number;
  readonly step: HashSum;
}

export class CellTerms {
  readonly terms: Term[] = [];
  readonly baseSteps: BaseStep[] = [];
  readonly #cell: Cell;
  /** Which change of its word an open piece is; absent for pieces that change nothing. */
  readonly #versions = new Map<number, number>();

  constructor(cell: Cell) {
    this.#cell = cell;
    if (cell.isChain) {
      this.#walkChain();
      return;
    }
    for (const piece of cell.open) this.#addPiece(piece);
    this.#addBaseSteps((level) => this.#hashOf(cell.requiredAt(level)));
  }

  #walkChain(): void {
    const cell = this.#cell;
    const { pieces } = cell.view.order;
    const bytes = cell.bytesWith(() => false);
    const hashes = [this.#hashOf(new Set())];
    const versions = new Map<number, number>();
    const requiredCount = (level: number): number => countRequired(cell, level);
    for (const [index, piece] of cell.open.entries()) {
      const word = at(pieces.words, piece);
      const start =
        cell.words.length === 1 ? 0 : cell.words.findIndex((other) => other.word === word) * WORD_SIZE_BYTES;
      const place = wordPlace(pieces.pageOfWord(word).place, word % PAGE_WORDS);
      const version = versions.get(word) ?? 0;
      const next = copyOf(hashes[index]);
      const old = bytes.slice(start, start + WORD_SIZE_BYTES);
      pieces.overlay(piece, bytes, start);
      if (old.some((byte, offset) => byte !== bytes[start + offset])) {
        versions.set(word, version + 1);
        addBytes(next, place, old, 0, version, -1);
        addBytes(next, place, bytes, start, version + 1, 1);
        const level = Math.max(at(pieces.levels, piece), cell.view.levels.from);
        const base = level === cell.view.levels.from ? hashes[0] : hashes[requiredCount(level)];
        this.terms.push({ level, without: difference(hashes[index], base), with: difference(next, base) });
      }
      hashes.push(next);
    }
    this.#addBaseSteps((level) => copyOf(hashes[requiredCount(level)]));
  }

  #addPiece(piece: number): void {
    const cell = this.#cell;
    const { pieces } = cell.view.order;
    const level = Math.max(at(pieces.levels, piece), cell.view.levels.from);
    const members = cell.principal(piece);
    const after = cell.bytesWith((other) => members.has(other));
    members.delete(piece);
    const before = cell.bytesWith((other) => members.has(other));
    if (!this.#mayUncover(piece, members) && after.every((byte, index) => byte === before[index])) return;
    const base = this.#hashOf(cell.requiredAt(level));
    const without = difference(this.#hashOf(members), base);
    this.#versions.set(piece, this.#nextVersion(piece));
    members.add(piece);
    this.terms.push({ level, without, with: difference(this.#hashOf(members), base) });
  }

  /** Whether an older piece of the same word may be in or out below `piece`: then it matters even if it repeats. */
  #mayUncover(piece: number, below: ReadonlySet<number>): boolean {
    const { words } = this.#cell.view.order.pieces;
    return this.#cell.open.some(
      (other) => other < piece && words[other] === words[piece] && !below.has(other),
    );
  }

  #nextVersion(piece: number): number {
    const { words } = this.#cell.view.order.pieces;
    let version = 1;
    for (const other of this.#versions.keys()) if (words[other] === words[piece]) version++;
    return version;
  }

  #addBaseSteps(baseAt: (level: number) => HashSum): void {
    const { view, open } = this.#cell;
    const levels = new Set(
      open.map((piece) => requiredFrom(view, piece)).filter((level) => level <= view.levels.to),
    );
    if (levels.size === 0) return;
    let before = baseAt(view.levels.from);
    for (const level of [...levels].sort((left, right) => left - right)) {
      const after = baseAt(level);
      this.baseSteps.push({ level, step: difference(after, before) });
      before = after;
    }
  }

  #hashOf(members: ReadonlySet<number>): HashSum {
    const cell = this.#cell;
    const bytes = cell.bytesWith((piece) => members.has(piece));
    const sum = new HashSum();
    for (const [index, word] of cell.words.entries()) {
      let version = 0;
      for (const piece of word.pieces) if (members.has(piece)) version = this.#versions.get(piece) ?? version;
      addBytes(sum, word.place, bytes, index * WORD_SIZE_BYTES, version, 1);
    }
    return sum;
  }
}

function copyOf(sum: HashSum | undefined): HashSum {
  const copy = new HashSum();
  if (sum !== undefined) copy.copyFrom(sum);
  return copy;
}

function difference(sum: HashSum | undefined, base: HashSum | undefined): HashSum {
  const result = copyOf(sum);
  if (base !== undefined) result.add(base, -1);
  return result;
}

/** How many pieces of a chain the base of `level` holds: a prefix, so halving finds it. */
function countRequired(cell: Cell, level: number): number {
  let low = 0;
  let high = cell.open.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = cell.open[middle];
    if (piece !== undefined && requiredFrom(cell.view, piece) <= level) low = middle + 1;
    else high = middle;
  }
  return low;
}
