/**
 * The base of a run: the pieces that must be persistent before the next cached store can become visible. It grows at
 * fences, clflush and when a cached store follows a non-temporal one to the same word (persistency.md 4.2, rules 3,
 * 4, 5 and 7); each growth after a use starts a new level. Keeps the contents under the base and their hash.
 */
import { HashSum, wordPlace } from './image-hash.ts';
import {
  alone,
  at,
  isAlone,
  NEVER,
  PAGE_WORDS,
  type PageHistory,
  SHAPE_WHOLE_WORD,
  type StorePieces,
} from './store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

const WHOLE_WORD_MASK = 0x3f;
const PAGE_WORDS_LOG2 = 9;

export class RequiredBase {
  level = 0;
  /** Hash of the contents under the base, relative to the initial media. */
  readonly hash = new HashSum();
  readonly #pieces: StorePieces;
  readonly #data: DataView;
  readonly #dragsCached: boolean;
  // Whether a piece, a hint or an acknowledgement refers to the present level; growth then starts a new one.
  #levelInUse = true;

  /** `dragsCached`: a non-temporal store waits for dirty data of its line (the write-back setting of 1.3a). */
  constructor(pieces: StorePieces, dragsCached: boolean) {
    this.#pieces = pieces;
    this.#dragsCached = dragsCached;
    const { data } = pieces.record;
    this.#data = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Notes that something now refers to `level`. */
  useLevel(): number {
    this.#levelInUse = true;
    return this.level;
  }

  /** Requires `newest` and every cached piece of its line before it. */
  requireCachedUpTo(page: PageHistory, newest: number): void {
    const { cachedBefore, requiredFrom } = this.#pieces;
    let piece = newest;
    for (; piece >= 0 && requiredFrom[piece] === NEVER; piece = at(cachedBefore, piece))
      this.require(page, piece);
    if (piece < 0 || !this.#pieces.isUnordered(piece)) return;
    // Some pieces of an unordered string may be required without their siblings; all before it are.
    const stop = this.#pieces.cachedBeforeInstruction(piece);
    for (; piece !== stop; piece = at(cachedBefore, piece)) this.require(page, piece);
  }

  /** Requires `newest` and every non-temporal piece of its word before it. */
  requireNonTemporal(page: PageHistory, newest: number): void {
    const { previousInWord, requiredFrom } = this.#pieces;
    for (let piece = newest; piece >= 0; piece = at(previousInWord, piece)) {
      if (!this.#pieces.isNonTemporal(piece)) continue;
      if (requiredFrom[piece] !== NEVER) return;
      this.require(page, piece);
      if (this.#dragsCached) this.#requireDragged(page, at(this.#pieces.cachedBefore, piece));
    }
  }

  /** Requires the pieces `[from, to)`, all non-temporal, none after an unrequired one that is not among them. */
  requireRun(from: number, to: number): void {
    const { requiredFrom, words } = this.#pieces;
    for (let piece = from; piece < to; piece++) {
      if (requiredFrom[piece] !== NEVER) continue;
      const page = this.#pieces.pages[(words[piece] ?? 0) >>> PAGE_WORDS_LOG2];
      if (page === undefined) continue;
      if (this.#dragsCached) {
        this.require(page, piece);
        this.#requireDragged(page, at(this.#pieces.cachedBefore, piece));
        continue;
      }
      const end = this.#endOfStretch(page, piece, to);
      if (end > piece + 1) this.#requireStretch(page, piece, end);
      else this.require(page, piece);
      piece = Math.max(piece, end - 1);
    }
  }

  /**
   * Where the stretch from `first` on ends: pieces that one entry stored to whole words next to each other in one
   * page, each to go over all that the base holds of its word.
   */
  #endOfStretch(page: PageHistory, first: number, to: number): number {
    const { requiredFrom, words, shapes, entries } = this.#pieces;
    const { newestRequired } = page;
    const word = words[first] ?? 0;
    const entry = entries[first];
    const end = Math.min(to, first + PAGE_WORDS - (word & (PAGE_WORDS - 1)));
    let piece = first;
    while (
      piece < end &&
      entries[piece] === entry &&
      words[piece] === word + piece - first &&
      requiredFrom[piece] === NEVER &&
      ((shapes[piece] ?? 0) & WHOLE_WORD_MASK) === SHAPE_WHOLE_WORD &&
      piece > (newestRequired[(word & (PAGE_WORDS - 1)) + piece - first] ?? 0)
    )
      piece++;
    return piece;
  }

  /** `require` for all of a stretch at once. */
  #requireStretch(page: PageHistory, from: number, to: number): void {
    const { requiredFrom, words, dataPositions, record } = this.#pieces;
    requiredFrom.fill(this.#growLevel(), from, to);
    const first = (words[from] ?? 0) & (PAGE_WORDS - 1);
    const { baseWords, newestRequired } = page;
    this.hash.addWords(page.place, baseWords, first, to - from, -1);
    for (let index = 0; index < to - from; index++) newestRequired[first + index] = from + index;
    const position = dataPositions[from] ?? 0;
    const sizeBytes = (to - from) * WORD_SIZE_BYTES;
    page.base.set(record.data.subarray(position, position + sizeBytes), first * WORD_SIZE_BYTES);
    this.hash.addWords(page.place, baseWords, first, to - from, 1);
  }

  /** The level that holds what is required now: a new one if anything refers to the present one. */
  #growLevel(): number {
    if (this.#levelInUse) {
      this.level++;
      this.#levelInUse = false;
    }
    return this.level;
  }

  require(page: PageHistory, piece: number): void {
    const { requiredFrom, words, shapes, dataPositions } = this.#pieces;
    if (requiredFrom[piece] !== NEVER) return;
    requiredFrom[piece] = this.#growLevel();
    const word = (words[piece] ?? 0) & (PAGE_WORDS - 1);
    const { baseWords, newestRequired } = page;
    const oldLow = baseWords[word * 2] ?? 0;
    const oldHigh = baseWords[word * 2 + 1] ?? 0;
    if (
      ((shapes[piece] ?? 0) & WHOLE_WORD_MASK) === SHAPE_WHOLE_WORD &&
      piece > (newestRequired[word] ?? 0)
    ) {
      const position = dataPositions[piece] ?? 0;
      newestRequired[word] = piece;
      baseWords[word * 2] = this.#data.getInt32(position, true);
      baseWords[word * 2 + 1] = this.#data.getInt32(position + 4, true);
    } else {
      this.#writeToBase(page, word, piece);
    }
    const low = baseWords[word * 2] ?? 0;
    const high = baseWords[word * 2 + 1] ?? 0;
    if (low === oldLow && high === oldHigh) return;
    const place = wordPlace(page.place, word);
    this.hash.addWord(place, oldLow, oldHigh, 0, -1);
    this.hash.addWord(place, low, high, 0, 1);
  }

  #requireDragged(page: PageHistory, before: number): void {
    const piece = isAlone(before) ? alone(before) : before;
    if (isAlone(before)) this.require(page, piece);
    this.requireCachedUpTo(page, isAlone(before) ? this.#pieces.cachedBeforeInstruction(piece) : piece);
  }

  /** Lets the base show `piece`, but not over the bytes of newer required pieces of its word. */
  #writeToBase(page: PageHistory, word: number, piece: number): void {
    const newest = at(page.newestRequired, word);
    this.#pieces.overlay(piece, page.base, word * WORD_SIZE_BYTES);
    if (piece > newest) {
      page.newestRequired[word] = piece;
      return;
    }
    const newer: number[] = [];
    for (let other = newest; other > piece; other = at(this.#pieces.previousInWord, other))
      if (at(this.#pieces.requiredFrom, other) !== NEVER) newer.push(other);
    for (const other of newer.reverse()) this.#pieces.overlay(other, page.base, word * WORD_SIZE_BYTES);
  }
}
