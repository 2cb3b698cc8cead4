/**
 * What the single words of one line may hold where cached and non-temporal stores meet in it. A cell of such words has as many contents
 * as its words have together, multiplied; but what words decide of each other is told by two of them at a time: a set of images is the
 * down-closed sets of an order, so a choice of states of words can be completed to an image exactly when any two of them go together.
 * For that every content of a word must stand for one set of its pieces.
 *
 * Two states of one line go together when they share a level and neither lacks a cached piece that is older than one that the other
 * has: cached stores of a line persist in order, and bring along what they need. Under the setting `independent` nothing else does.
 */
import {
  type CrashView,
  contentsUpTo,
  isRequired,
  newestPieceOf,
  requiredFrom,
} from '../order/crash-view.ts';
import { readHalf } from '../order/image-hash.ts';
import { at } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

/** What one word holds when some of its open pieces have persisted. */
export interface WordState {
  readonly low: number;
  readonly high: number;
  /** Levels at which it is possible. */
  readonly from: number;
  readonly to: number;
  /** The newest cached open piece that has persisted, -1 for none; the oldest that has not, `Infinity` for none. */
  readonly newestCached: number;
  readonly oldestLacking: number;
  /** The open pieces that have persisted. */
  readonly members: readonly number[];
}

/** Most open pieces of a word whose states are listed; words with more are left to the general way. */
const OPEN_MAX = 24;

/** Whether words of a line with these open pieces depend on each other in no other way than is told here. */
export function isTold(view: CrashView, pieces: Int32Array): boolean {
  const { setting, pieces: all } = view.order;
  if (setting.domain === 'eadr' || setting.nonTemporalInDirtyLine !== 'independent') return false;
  return !pieces.some((piece) => all.isUnordered(piece));
}

/**
 * The states of the word `word`, the least first, each with another content; `undefined` when one content stands for several, or there
 * are too many. `pieces` are the open ones of its line. Pieces that never change what the word holds are left out: whatever they
 * bring about, the pieces before and after them in the word bring about without them.
 */
export function statesOf(view: CrashView, pieces: Int32Array, word: number): WordState[] | undefined {
  const { words } = view.order.pieces;
  const open = [...pieces].filter((piece) => words[piece] === word);
  const states = listStates(view, word, open);
  return states === undefined || areDistinct(states) ? states : distinctStates(view, word, open);
}

/** The states that are left without the pieces that change nothing. */
function distinctStates(view: CrashView, word: number, open: readonly number[]): WordState[] | undefined {
  const left = [...open];
  for (const piece of open) {
    const without = left.filter((other) => other !== piece);
    if (isSilent(view, word, left, piece)) left.splice(0, left.length, ...without);
  }
  const states = listStates(view, word, left);
  return states !== undefined && areDistinct(states) ? states : undefined;
}

/** Whether the word holds the same with `piece` and without it, whatever else has persisted. */
function isSilent(view: CrashView, word: number, open: readonly number[], piece: number): boolean {
  const { pieces } = view.order;
  // A cached piece makes later ones of the line wait for non-temporal ones before it.
  const isBetween = open.some((other) => other < piece && pieces.isNonTemporal(other));
  if (!pieces.isNonTemporal(piece) && isBetween) return false;
  const sets = memberSets(view, open);
  return sets.every((members) => {
    if (members.includes(piece)) return true;
    const more = [...members, piece];
    if (!sets.some((other) => other.length === more.length && more.every((one) => other.includes(one))))
      return true;
    const [one, other] = [members, more].map((own) => bytesWith(view, word, open, own));
    return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
  });
}

/** Whether each content stands for one state. */
function areDistinct(states: readonly WordState[]): boolean {
  return new Set(states.map(({ low, high }) => `${low} ${high}`)).size === states.length;
}

/** Every set of open pieces of one word that holds what its members need, smallest first. */
function memberSets(view: CrashView, open: readonly number[]): number[][] {
  const cached = open.filter((piece) => !view.order.pieces.isNonTemporal(piece));
  const others = open.filter((piece) => view.order.pieces.isNonTemporal(piece));
  const sets: number[][] = [];
  for (let count = 0; count <= cached.length; count++) {
    const newest = cached[count - 1] ?? -1;
    // A cached piece brings along the non-temporal ones of its word before it.
    const least = others.filter((piece) => piece < newest).length;
    for (let other = least; other <= others.length; other++)
      sets.push([...cached.slice(0, count), ...others.slice(0, other)]);
  }
  return sets;
}

function listStates(view: CrashView, word: number, open: readonly number[]): WordState[] | undefined {
  if (open.length > OPEN_MAX) return undefined;
  return memberSets(view, open).flatMap((members) => stateOf(view, word, open, members) ?? []);
}

/** The one state of a word that holds `bytes` in every image. */
export function decidedState({ levels }: CrashView, bytes: Uint8Array): WordState {
  const [low, high] = [readHalf(bytes, 0), readHalf(bytes, 4)];
  return { low, high, ...levels, newestCached: -1, oldestLacking: Infinity, members: [] };
}

function stateOf(
  view: CrashView,
  word: number,
  open: readonly number[],
  members: readonly number[],
): WordState | undefined {
  const { pieces } = view.order;
  let { from, to } = view.levels;
  let newestCached = -1;
  let oldestLacking = Infinity;
  for (const piece of open) {
    if (members.includes(piece)) {
      from = Math.max(from, at(pieces.levels, piece));
      if (!pieces.isNonTemporal(piece)) newestCached = piece;
    } else {
      to = Math.min(to, requiredFrom(view, piece) - 1);
      if (!pieces.isNonTemporal(piece)) oldestLacking = Math.min(oldestLacking, piece);
    }
  }
  if (from > to) return undefined;
  const bytes = bytesWith(view, word, open, members);
  return {
    low: readHalf(bytes, 0),
    high: readHalf(bytes, 4),
    from,
    to,
    newestCached,
    oldestLacking,
    members,
  };
}

/** The word under everything older than its open pieces, those of `members`, and what is required. */
function bytesWith(
  view: CrashView,
  word: number,
  open: readonly number[],
  members: readonly number[],
): Uint8Array {
  const { pieces } = view.order;
  const [oldest = newestPieceOf(view, word) + 1] = open;
  const bytes = new Uint8Array(WORD_SIZE_BYTES);
  const before = open.length === 0 ? newestPieceOf(view, word) : at(pieces.previousInWord, oldest);
  bytes.set(contentsUpTo(view, word, before, bytes));
  const over: number[] = [];
  for (let piece = newestPieceOf(view, word); piece >= oldest; piece = at(pieces.previousInWord, piece))
    if (members.includes(piece) || isRequired(view, piece)) over.push(piece);
  for (const piece of over.reverse()) pieces.overlay(piece, bytes, 0);
  return bytes;
}

/** Whether two states of different words of one line occur together in some image. */
export function goTogether(one: WordState, other: WordState): boolean {
  return (
    one.newestCached < other.oldestLacking &&
    other.newestCached < one.oldestLacking &&
    one.from <= other.to &&
    other.from <= one.to
  );
}

/** The state among `states` with the content of `state`. */
export function sameContent(states: readonly WordState[], { low, high }: WordState): WordState | undefined {
  return states.find((other) => other.low === low && other.high === high);
}
