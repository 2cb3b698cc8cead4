/**
 * The fast part of a digest: non-temporal pieces that are alone in their cell, which is what a copy to persistent
 * memory leaves behind by the thousand. Adds the same terms as `image-digest-cells.ts` would, without building
 * cells.
 */
import type { BaseStep } from './image-digest-cells.ts';
import { HashSum, readHalf, wordPlace } from './image-hash.ts';
import { type CrashView, isRequired, requiredFrom, wordContents } from './crash-view.ts';
import { at, LINE_WORDS, PAGE_WORDS } from './store-pieces.ts';
import { WORD_SIZE_BYTES } from './units.ts';

export class LoneWords {
  /** Open pieces that are not alone, ascending. */
  readonly others: readonly number[];
  readonly #view: CrashView;
  readonly #lone: readonly number[];
  // Four lanes per lone piece: how the hash of its word changes when the piece persists.
  readonly #changes: Int32Array;

  constructor(view: CrashView) {
    this.#view = view;
    const { lone, others } = split(view);
    this.#lone = lone;
    this.others = others;
    this.#changes = new Int32Array(lone.length * 4);
    const old = new Uint8Array(WORD_SIZE_BYTES);
    for (const [index, piece] of lone.entries()) this.#noteChange(index, piece, old);
  }

  /** How the base changes because lone pieces enter it. */
  baseSteps(): BaseStep[] {
    const steps = new Map<number, HashSum>();
    for (const [index, piece] of this.#lone.entries()) {
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
    const upper = new HashSum();
    for (const [index, piece] of this.#lone.entries()) {
      const own = Math.max(levels[piece] ?? 0, from);
      if (own !== level) base = baseAt(own);
      level = own;
      upper.copyFrom(base);
      if (this.#addChange(upper, index)) total.addPair(base, upper);
    }
  }

  #noteChange(index: number, piece: number, old: Uint8Array): void {
    const { pieces } = this.#view.order;
    const word = at(pieces.words, piece);
    const before = at(pieces.previousInWord, piece);
    const bytes = readBefore(this.#view, word, before, old);
    const low = readHalf(bytes, 0);
    const high = readHalf(bytes, 4);
    pieces.overlay(piece, bytes, 0);
    const newLow = readHalf(bytes, 0);
    const newHigh = readHalf(bytes, 4);
    if (low === newLow && high === newHigh) return;
    const place = wordPlace(pieces.pageOfWord(word).place, word & (PAGE_WORDS - 1));
    const change = new HashSum();
    change.addWord(place, low, high, 0, -1);
    change.addWord(place, newLow, newHigh, 1, 1);
    this.#changes[index * 4] = change.a;
    this.#changes[index * 4 + 1] = change.b;
    this.#changes[index * 4 + 2] = change.c;
    this.#changes[index * 4 + 3] = change.d;
  }

  /** Adds the change of lone piece `index` to `sum`; false when there is none. */
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

/** Contents of `word` under the pieces up to `newest`, all of which are required; may return `scratch`. */
function readBefore(view: CrashView, word: number, newest: number, scratch: Uint8Array): Uint8Array {
  const { pieces } = view.order;
  if (newest >= 0 && pieces.sizeBytes(newest) === WORD_SIZE_BYTES) {
    pieces.overlay(newest, scratch, 0);
    return scratch;
  }
  if (newest < 0 && pieces.pageOfWord(word).initial === undefined) return scratch.fill(0);
  return wordContents(view, word, () => true, newest);
}

/** Lone: non-temporal, no other open piece in the word and, where those matter, no open cached piece in the line. */
function split(view: CrashView): { lone: number[]; others: number[] } {
  const { pieces, setting } = view.order;
  const dragsCached = setting.nonTemporalInDirtyLine === 'write-back' && setting.domain !== 'eadr';
  const sharedWords = new Set<number>();
  const sharedLines = new Set<number>();
  for (const piece of view.openPieces) {
    const before = at(pieces.previousInWord, piece);
    const isCached = !pieces.isNonTemporal(piece);
    if (isCached || (before >= 0 && !isRequired(view, before))) sharedWords.add(at(pieces.words, piece));
    if (isCached && dragsCached) sharedLines.add(Math.floor(at(pieces.words, piece) / LINE_WORDS));
  }
  if (sharedWords.size === 0) return { lone: [...view.openPieces], others: [] };
  const lone: number[] = [];
  const others: number[] = [];
  for (const piece of view.openPieces) {
    const word = at(pieces.words, piece);
    const isShared = sharedWords.has(word) || sharedLines.has(Math.floor(word / LINE_WORDS));
    (isShared ? others : lone).push(piece);
  }
  return { lone, others };
}
