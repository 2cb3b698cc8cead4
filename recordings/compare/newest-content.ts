/** What a run stored, whether it persisted or not: a missing write-back or fence never changes it. */
import type { ImageSet } from '#machine/images/image-set.ts';
import { wordContents } from '#machine/order/crash-view.ts';

/** What a word (an address, a multiple of 8) holds when everything stored so far has persisted. */
export function newestContent(set: ImageSet, address: number): Uint8Array {
  const word = set.wordAt(address);
  return word === undefined ? set.initialContent(address) : wordContents(set.view, word, () => true);
}
