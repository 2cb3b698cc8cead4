/**
 * What single words may hold when no cell has more than one word: the open pieces of a word then persist one after
 * another. This is what copies to persistent memory leave behind by the million, so it is kept as a few columns that
 * are filled anew for each word. Whatever does not fit is left to `line-cells.ts`.
 */
import { contentsUpTo, type CrashView, newestPieceOf, requiredFrom } from '../order/crash-view.ts';
import { readHalf } from '../order/image-hash.ts';
import { at } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

/** How many contents of a word are kept; words with more are left to the general way. */
const CONTENTS_MAX = 16;

/** Whether every cell that the open pieces of one line make has a single word. */
export function isWordByWord(view: CrashView, pieces: Int32Array): boolean {
  return (
    view.order.setting.domain === 'eadr' || pieces.every((piece) => view.order.pieces.isNonTemporal(piece))
  );
}

/** The contents of one word, the least first. Content `index` is possible from `from[index]` to `to[index]`. */
export class WordChain {
  readonly low = new Int32Array(CONTENTS_MAX);
  readonly high = new Int32Array(CONTENTS_MAX);
  readonly from = new Int32Array(CONTENTS_MAX);
  readonly to = new Int32Array(CONTENTS_MAX);
  count = 0;
  readonly #bytes = new Uint8Array(WORD_SIZE_BYTES);

  /**
   * Reads the word `word` of `view`, whose line has the open pieces `pieces`. False when the word does not fit: a
   * required piece lies over an open one, a content comes back after another, or there are too many.
   */
  read(view: CrashView, pieces: Int32Array, word: number): boolean {
    const { words, previousInWord, levels } = view.order.pieces;
    const newest = newestPieceOf(view, word);
    this.count = 0;
    let last = -1;
    let { from } = view.levels;
    for (const piece of pieces) {
      if (words[piece] !== word) continue;
      if (last < 0) this.#start(view, word, at(previousInWord, piece));
      else if (previousInWord[piece] !== last) return false;
      if (!this.#add(from, Math.min(requiredFrom(view, piece) - 1, view.levels.to))) return false;
      view.order.pieces.overlay(piece, this.#bytes, 0);
      from = Math.max(at(levels, piece), view.levels.from);
      last = piece;
    }
    if (last < 0) this.#start(view, word, newest);
    else if (last !== newest) return false;
    return this.#add(from, view.levels.to);
  }

  /** Takes one content that is always possible. */
  decide(bytes: Uint8Array, view: CrashView): void {
    this.count = 0;
    this.#bytes.set(bytes);
    this.#add(view.levels.from, view.levels.to);
  }

  /** The place here of content `index` of `other`, -1 when it is not possible here. */
  indexOf(other: WordChain, index: number): number {
    for (let own = 0; own < this.count; own++)
      if (this.low[own] === other.low[index] && this.high[own] === other.high[index]) return own;
    return -1;
  }

  /** The bytes that are not the same in all contents: bit i stands for byte i. */
  differingBytes(): number {
    let [low, high] = [0, 0];
    for (let index = 1; index < this.count; index++) {
      low |= at(this.low, index) ^ at(this.low, 0);
      high |= at(this.high, index) ^ at(this.high, 0);
    }
    let mask = 0;
    for (let byte = 0; byte < 4; byte++) {
      if (((low >>> (byte * 8)) & 0xff) !== 0) mask |= 1 << byte;
      if (((high >>> (byte * 8)) & 0xff) !== 0) mask |= 1 << (byte + 4);
    }
    return mask;
  }

  #start(view: CrashView, word: number, newest: number): void {
    this.#bytes.set(contentsUpTo(view, word, newest, this.#bytes));
  }

  /** Adds the present bytes; false when they would be possible in two spans, or there is no room. */
  #add(from: number, to: number): boolean {
    if (from > to) return true;
    const low = readHalf(this.#bytes, 0);
    const high = readHalf(this.#bytes, 4);
    for (let index = 0; index < this.count; index++) {
      if (this.low[index] !== low || this.high[index] !== high) continue;
      if (from > at(this.to, index) + 1 || to < at(this.from, index) - 1) return false;
      this.from[index] = Math.min(from, at(this.from, index));
      this.to[index] = Math.max(to, at(this.to, index));
      return true;
    }
    if (this.count === CONTENTS_MAX) return false;
    this.low[this.count] = low;
    this.high[this.count] = high;
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.count++;
    return true;
  }
}
