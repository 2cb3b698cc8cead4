/**
 * Which part of a run an image set is about, and what that makes of single pieces and words: which pieces have
 * persisted for certain, what a word holds under a choice of its pieces and who wrote it.
 */
import type { PersistsBefore } from './persists-before.ts';
import { at, PAGE_WORDS } from './store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

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
  readonly openPieces: Int32Array;
  /** The newest piece of a word that the view knows of, -1 for none, where somebody has kept count. */
  readonly newestPieceAt?: (word: number) => number;
}

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

/** Contents of a word under those of its pieces up to `newest` that `isIn` accepts. */
export function wordContents(
  view: CrashView,
  word: number,
  isIn: (piece: number) => boolean,
  newest = newestPieceOf(view, word),
): Uint8Array {
  const { pieces } = view.order;
  const visible = visiblePieces(view, isIn, newest);
  const oldest = visible[visible.length - 1];
  const bytes =
    oldest !== undefined && pieces.sizeBytes(oldest) === WORD_SIZE_BYTES
      ? new Uint8Array(WORD_SIZE_BYTES)
      : initialContents(view, word);
  for (let index = visible.length - 1; index >= 0; index--) pieces.overlay(visible[index] ?? 0, bytes, 0);
  return bytes;
}

/** Contents of a word under all its pieces up to `newest`, -1 for none of them; may return `scratch`. */
export function contentsUpTo(view: CrashView, word: number, newest: number, scratch: Uint8Array): Uint8Array {
  const { pieces } = view.order;
  if (newest >= 0 && pieces.sizeBytes(newest) === WORD_SIZE_BYTES) {
    pieces.overlay(newest, scratch, 0);
    return scratch;
  }
  if (newest < 0 && pieces.pageOfWord(word).initial === undefined) return scratch.fill(0);
  return wordContents(view, word, () => true, newest);
}

/** For each byte of a word the newest piece that `isIn` accepts, -1 where there is none. */
export function wordWriters(view: CrashView, word: number, isIn: (piece: number) => boolean): number[] {
  const { pieces } = view.order;
  const writers: number[] = Array.from({ length: WORD_SIZE_BYTES }, () => -1);
  for (const piece of visiblePieces(view, isIn, newestPieceOf(view, word)).reverse()) {
    const start = pieces.offsetInWord(piece);
    writers.fill(piece, start, start + pieces.sizeBytes(piece));
  }
  return writers;
}

/** The accepted pieces of a word, newest first, as far as any older byte can still be seen. */
function visiblePieces(view: CrashView, isIn: (piece: number) => boolean, newest: number): number[] {
  const { pieces } = view.order;
  const visible: number[] = [];
  let covered = 0;
  for (let piece = newest; piece >= 0 && covered !== 0xff; piece = at(pieces.previousInWord, piece)) {
    if (!isIn(piece)) continue;
    visible.push(piece);
    covered |= ((1 << pieces.sizeBytes(piece)) - 1) << pieces.offsetInWord(piece);
  }
  return visible;
}

function initialContents(view: CrashView, word: number): Uint8Array {
  const { initial } = view.order.pieces.pageOfWord(word);
  if (initial === undefined) return new Uint8Array(WORD_SIZE_BYTES);
  const start = (word % PAGE_WORDS) * WORD_SIZE_BYTES;
  return initial.slice(start, start + WORD_SIZE_BYTES);
}

/** The newest piece of a word that the view knows of, -1 for none. */
export function newestPieceOf(view: CrashView, word: number): number {
  if (view.newestPieceAt !== undefined) return view.newestPieceAt(word);
  return view.order.pieces.newestBefore(word, view.pieceCount);
}

/** Words that the run has stored to so far, in order of first store. */
export function* touchedWords(view: CrashView): Generator<number> {
  const { previousInWord, words } = view.order.pieces;
  for (let piece = 0; piece < view.pieceCount; piece++)
    if (at(previousInWord, piece) < 0) yield at(words, piece);
}
