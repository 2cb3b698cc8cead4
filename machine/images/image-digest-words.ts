/**
 * The fast part of a digest: words whose open pieces are all non-temporal and in a cell with no other word, which is
 * what copies to persistent memory leave behind by the million. Adds the same terms as `image-digest-cells.ts` would,
 * without building cells.
 */
import type { BaseStep } from './image-digest-cells.ts';
import { HashSum, readHalf, wordPlace } from '../order/image-hash.ts';
import { contentsUpTo, type CrashView, isRequired, requiredFrom } from '../order/crash-view.ts';
import { at, LINE_WORDS, PAGE_WORDS } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

/** How many open pieces a word may have here: to look back over them must stay cheap. */
const CHAIN_PIECES_MAX = 16;

export class ChainedWords {
  readonly #view: CrashView;
  readonly #pieces: Int32Array;
  // Four lanes per piece: how the hash of its word changes when the piece persists after those before it.
  readonly #changes: Int32Array;
  // How many open pieces have changed the word once the piece persists.
  readonly #versions: Uint8Array;

  /** `chained` are pieces of `view`, with each all open pieces of its word. */
  constructor(view: CrashView, chained: Int32Array) {
    this.#view = view;
    this.#pieces = chained;
    this.#changes = new Int32Array(chained.length * 4);
    this.#versions = new Uint8Array(chained.length);
    const scratch = new Uint8Array(WORD_SIZE_BYTES);
    for (const [index, piece] of chained.entries()) this.#noteChange(index, piece, scratch);
  }

  /** How the base changes because these pieces enter it. */
  baseSteps(): BaseStep[] {
    const steps = new Map<number, HashSum>();
    for (const [index, piece] of this.#pieces.entries()) {
      const level = requiredFrom(this.#view, piece);
      if (level > this.#view.levels.to) continue;
      let step = steps.get(level);
      if (step === undefined) steps.set(level, (step = new HashSum()));
      this.#addChange(step, index);
    }
    return [...steps].map(([level, step]) => ({ level, step }));
  }

  /** Adds one term per piece that changes its word; `baseAt` gives the hash of a level's base. */
  addTo(total: HashSum, baseAt: (level: number) => HashSum): void {
    const { levels } = this.#view.order.pieces;
    const { from } = this.#view.levels;
    let level = -1;
    let base = new HashSum();
    const lower = new HashSum();
    const upper = new HashSum();
    for (const [index, piece] of this.#pieces.entries()) {
      const own = Math.max(levels[piece] ?? 0, from);
      if (own !== level) base = baseAt(own);
      level = own;
      lower.copyFrom(base);
      this.#addChangesBefore(lower, piece, own);
      upper.copyFrom(lower);
      if (this.#addChange(upper, index)) total.addPair(lower, upper);
    }
  }

  /** Adds the changes of the older open pieces of a word that the base of `level` does not hold. */
  #addChangesBefore(sum: HashSum, piece: number, level: number): void {
    const { previousInWord } = this.#view.order.pieces;
    let before = at(previousInWord, piece);
    while (before >= 0 && requiredFrom(this.#view, before) > level) {
      this.#addChange(sum, this.#indexOf(before));
      before = at(previousInWord, before);
    }
  }

  /** The place of `piece` among the ascending pieces. */
  #indexOf(piece: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.#pieces, middle) < piece) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #noteChange(index: number, piece: number, scratch: Uint8Array): void {
    const { pieces } = this.#view.order;
    const word = at(pieces.words, piece);
    const before = at(pieces.previousInWord, piece);
    const bytes = contentsUpTo(this.#view, word, before, scratch);
    const isFirst = before < 0 || isRequired(this.#view, before);
    const version = isFirst ? 0 : at(this.#versions, this.#indexOf(before));
    this.#versions[index] = version;
    const low = readHalf(bytes, 0);
    const high = readHalf(bytes, 4);
    pieces.overlay(piece, bytes, 0);
    const newLow = readHalf(bytes, 0);
    const newHigh = readHalf(bytes, 4);
    if (low === newLow && high === newHigh) return;
    const place = wordPlace(pieces.pageOfWord(word).place, word & (PAGE_WORDS - 1));
    const change = new HashSum();
    change.addWord(place, low, high, version, -1);
    change.addWord(place, newLow, newHigh, version + 1, 1);
    this.#versions[index] = version + 1;
    this.#changes[index * 4] = change.a;
    this.#changes[index * 4 + 1] = change.b;
    this.#changes[index * 4 + 2] = change.c;
    this.#changes[index * 4 + 3] = change.d;
  }

  /** Adds the change of piece `index` to `sum`; false when there is none. */
  #addChange(sum: HashSum, index: number): boolean {
    const a = this.#changes[index * 4] ?? 0;
    const b = this.#changes[index * 4 + 1] ?? 0;
    const c = this.#changes[index * 4 + 2] ?? 0;
    const d = this.#changes[index * 4 + 3] ?? 0;
    sum.a = (sum.a + a) | 0;
    sum.b = (sum.b + b) | 0;
    sum.c = (sum.c + c) | 0;
    sum.d = (sum.d + d) | 0;
    return (a | b | c | d) !== 0;
  }
}

/** The open pieces of a view, ascending, in two parts. */
export interface DigestParts {
  /** Those that `ChainedWords` takes. */
  readonly chained: Int32Array;
  readonly others: Int32Array;
}

/** Chained: the word and, where those matter, the line have no open cached piece, and the chain is not too long. */
export function digestParts(view: CrashView): DigestParts {
  const { pieces, setting } = view.order;
  const dragsCached = setting.nonTemporalInDirtyLine === 'write-back' && setting.domain !== 'eadr';
  const sharedWords = new Set<number>();
  const sharedLines = new Set<number>();
  for (const piece of view.openPieces) {
    const isCached = !pieces.isNonTemporal(piece);
    if (isCached || isTooLong(view, piece)) sharedWords.add(at(pieces.words, piece));
    if (isCached && dragsCached) sharedLines.add(Math.floor(at(pieces.words, piece) / LINE_WORDS));
  }
  if (sharedWords.size === 0) return { chained: view.openPieces, others: new Int32Array(0) };
  const isShared = (piece: number): boolean => {
    const word = at(pieces.words, piece);
    return sharedWords.has(word) || sharedLines.has(Math.floor(word / LINE_WORDS));
  };
  return {
    chained: view.openPieces.filter((piece) => !isShared(piece)),
    others: view.openPieces.filter(isShared),
  };
}

/** Whether more open pieces of its word lie before `piece` than are looked back over. */
function isTooLong(view: CrashView, piece: number): boolean {
  const { previousInWord } = view.order.pieces;
  let before = at(previousInWord, piece);
  for (let count = 1; before >= 0 && !isRequired(view, before); count++) {
    if (count === CHAIN_PIECES_MAX) return true;
    before = at(previousInWord, before);
  }
  return false;
}
