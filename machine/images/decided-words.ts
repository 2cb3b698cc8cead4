/**
 * Hashes of the words that two image sets hold to one content each: the minimal images without the words that are
 * undecided in either. Runs from equal media agree on their decided words exactly when the hashes are equal.
 */
import { requiredHash } from './image-digest.ts';
import { type HashSum, pagePlace, readHalf, wordPlace } from '../order/image-hash.ts';
import type { ImageSet } from './image-set.ts';
import { at } from '../order/store-pieces.ts';
import { PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';
import type { WordChain } from './word-chain.ts';

export class DecidedWords {
  readonly #left: ImageSet;
  readonly #right: ImageSet;
  readonly #leftSum: HashSum;
  readonly #rightSum: HashSum;
  #pageIndex = -1;
  #place = 0;
  #leftPage: Uint8Array | undefined;
  #rightPage: Uint8Array | undefined;

  constructor(left: ImageSet, right: ImageSet) {
    this.#left = left;
    this.#right = right;
    this.#leftSum = requiredHash(left.view);
    this.#rightSum = requiredHash(right.view);
  }

  /** Whether both sets, of runs from equal media, hold the same in the words that are left. */
  get areEqual(): boolean {
    return this.#leftSum.equals(this.#rightSum);
  }

  /** Leaves out the word at `address`, whose first content in each chain is what the set's minimal image holds. */
  leaveOut(address: number, left: WordChain, right: WordChain): void {
    const offset = address % PAGE_SIZE_BYTES;
    this.#moveTo((address - offset) / PAGE_SIZE_BYTES);
    const place = wordPlace(this.#place, offset / WORD_SIZE_BYTES);
    leaveOutOf(this.#leftSum, place, left, this.#leftPage, offset);
    leaveOutOf(this.#rightSum, place, right, this.#rightPage, offset);
  }

  #moveTo(pageIndex: number): void {
    if (pageIndex === this.#pageIndex) return;
    this.#pageIndex = pageIndex;
    this.#place = pagePlace(pageIndex);
    this.#leftPage = this.#left.view.order.source.initialMedia.get(pageIndex);
    this.#rightPage = this.#right.view.order.source.initialMedia.get(pageIndex);
  }
}

/** The sum is relative to the initial media, so these come back in place of the word. */
function leaveOutOf(
  sum: HashSum,
  place: number,
  chain: WordChain,
  initialPage: Uint8Array | undefined,
  offset: number,
): void {
  sum.addWord(place, at(chain.low, 0), at(chain.high, 0), 0, -1);
  if (initialPage !== undefined)
    sum.addWord(place, readHalf(initialPage, offset), readHalf(initialPage, offset + 4), 0, 1);
}
