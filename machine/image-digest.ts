/**
 * The digest of an image set: the hash of its minimal image plus, without order, one term per piece that may still
 * be missing. The term hashes two images relative to the minimal one: the least image that holds the piece, and the
 * same without it. Contents are hashed with a version per word (which change of the word they are), so that a word
 * that takes an old content again does not look like the old one. Pieces that change nothing add nothing.
 */
import { HashSum, wordPlace } from './image-hash.ts';
import type { ImageSet } from './image-set.ts';
import { type Cell, type CrashView, isRequired, requiredFrom, wordContents } from './line-cells.ts';
import { at, PAGE_WORDS } from './store-pieces.ts';
import { WORD_SIZE_BYTES } from './units.ts';

/** See `ImageSet.digest`. */
export function digestOf(set: ImageSet): string {
  const { view } = set;
  const sum = requiredHash(view);
  const terms = set.cells.map((cell) => new CellTerms(cell));
  const bases = new BaseHashes(terms, view.levels.from);
  const total = new HashSum();
  total.addPair(sum, sum);
  for (const term of terms) term.addTo(total, bases);
  return total.toString();
}

/** Hash (a copy) of the minimal image relative to the initial media. */
export function requiredHash(view: CrashView): HashSum {
  const noted = view.drainedLevels === undefined ? view.order.hashAt(view.levels.from) : undefined;
  const sum = new HashSum();
  if (noted !== undefined) sum.copyFrom(noted);
  if (noted !== undefined) return sum;
  const seen = new Set<number>();
  const { pieces } = view.order;
  for (let piece = 0; piece < view.pieceCount; piece++) {
    const word = at(pieces.words, piece);
    if (seen.has(word)) continue;
    seen.add(word);
    const place = wordPlace(pieces.pageOfWord(word).place, word % PAGE_WORDS);
    addBytes(sum, place, wordContents(view, word, () => false).bytes, 0, 0, -1);
    addBytes(sum, place, wordContents(view, word, (other) => isRequired(view, other)).bytes, 0, 0, 1);
  }
  return sum;
}

/** One step of a cell: its hash with the piece and without, and the level whose base they rest on. */
interface Term {
  readonly level: number;
  readonly without: HashSum;
  readonly with: HashSum;
}

class CellTerms {
  readonly terms: Term[] = [];
  /** How the hash of the base changes at a level because of this cell. */
  readonly baseSteps: { readonly level: number; readonly step: HashSum }[] = [];
  readonly #cell: Cell;
  /** Which change of its word an open piece is; absent for pieces that change nothing. */
  readonly #versions = new Map<number, number>();

  constructor(cell: Cell) {
    this.#cell = cell;
    const base = this.#hashOf(new Set());
    for (const piece of cell.open) this.#addPiece(piece);
    this.#addBaseSteps(base);
  }

  addTo(total: HashSum, bases: BaseHashes): void {
    for (const term of this.terms) {
      const before = bases.at(term.level);
      const upper = new HashSum();
      upper.copyFrom(before);
      before.add(term.without);
      upper.add(term.with);
      total.addPair(before, upper);
    }
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
    const without = this.#hashOf(members);
    this.#versions.set(piece, this.#nextVersion(piece));
    members.add(piece);
    const upper = this.#hashOf(members);
    without.add(base, -1);
    upper.add(base, -1);
    this.terms.push({ level, without, with: upper });
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

  #addBaseSteps(base: HashSum): void {
    const cell = this.#cell;
    let before = base;
    const levels = new Set(cell.open.map((piece) => requiredFrom(cell.view, piece)));
    for (const level of [...levels].sort((left, right) => left - right)) {
      if (level > cell.view.levels.to) return;
      const after = this.#hashOf(cell.requiredAt(level));
      const step = new HashSum();
      step.copyFrom(after);
      step.add(before, -1);
      this.baseSteps.push({ level, step });
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

/** Hash of each level's base, relative to the first level's. */
class BaseHashes {
  readonly #levels: number[] = [];
  readonly #sums: HashSum[] = [];

  constructor(terms: readonly CellTerms[], from: number) {
    const steps = terms.flatMap((term) => term.baseSteps).sort((left, right) => left.level - right.level);
    const running = new HashSum();
    let level = from;
    for (const step of steps) {
      if (step.level !== level) this.#note(level, running);
      level = step.level;
      running.add(step.step);
    }
    this.#note(level, running);
  }

  /** A copy, free to be changed. */
  at(level: number): HashSum {
    let low = 0;
    let high = this.#levels.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#levels[middle] ?? 0) <= level) low = middle;
      else high = middle - 1;
    }
    const copy = new HashSum();
    const found = this.#sums[low];
    if (found !== undefined) copy.copyFrom(found);
    return copy;
  }

  #note(level: number, running: HashSum): void {
    const copy = new HashSum();
    copy.copyFrom(running);
    this.#levels.push(level);
    this.#sums.push(copy);
  }
}

/** Adds (or, with `sign` -1, takes back) the word that starts at `bytes[start]`. */
export function addBytes(
  sum: HashSum,
  place: number,
  bytes: Uint8Array,
  start: number,
  version: number,
  sign: number,
): void {
  sum.addWord(place, readWord(bytes, start), readWord(bytes, start + 4), version, sign);
}

function readWord(bytes: Uint8Array, start: number): number {
  return (
    (bytes[start] ?? 0) |
    ((bytes[start + 1] ?? 0) << 8) |
    ((bytes[start + 2] ?? 0) << 16) |
    ((bytes[start + 3] ?? 0) << 24)
  );
}
