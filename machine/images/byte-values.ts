/**
 * What single bytes may hold in the images of a set, without cells or levels. A byte holds what the newest store to it
 * left that persisted, and any store that is not required may be the newest: what it needs in turn is older than it, and
 * what is required at its level was there before it. So the values of a byte are those of its stores down to the newest
 * required one, that included.
 */
import type { ImageSet } from './image-set.ts';
import { isRequired, newestPieceOf } from '../order/crash-view.ts';
import { at, PAGE_WORDS } from '../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../hardware/units.ts';

const ALL_BYTES = 2 ** WORD_SIZE_BYTES - 1;

/**
 * Calls `visit` with every value that byte `offset` of the aligned word at `address` has in some image; a value may come
 * more than once. `isCertain` takes further pieces for required.
 */
export function eachByteValue(
  set: ImageSet,
  address: number,
  visit: (offset: number, value: number) => void,
  isCertain: (piece: number) => boolean = () => false,
): void {
  const word = set.wordAt(address);
  let decided = 0;
  if (word !== undefined) {
    const { pieces } = set.view.order;
    const { data } = pieces.record;
    for (let piece = newestPieceOf(set.view, word); piece >= 0; piece = at(pieces.previousInWord, piece)) {
      const first = pieces.offsetInWord(piece);
      const size = pieces.sizeBytes(piece);
      const start = at(pieces.dataPositions, piece) - first;
      for (let offset = first; offset < first + size; offset++)
        if ((decided & (1 << offset)) === 0) visit(offset, data[start + offset] ?? 0);
      if (isRequired(set.view, piece) || isCertain(piece)) decided |= ((1 << size) - 1) << first;
      if (decided === ALL_BYTES) return;
    }
  }
  const initial = word === undefined ? undefined : set.view.order.pieces.pageOfWord(word).initial;
  const start = word === undefined ? 0 : (word % PAGE_WORDS) * WORD_SIZE_BYTES;
  const media = initial ?? (word === undefined ? set.initialContent(address) : undefined);
  for (let offset = 0; offset < WORD_SIZE_BYTES; offset++)
    if ((decided & (1 << offset)) === 0) visit(offset, media?.[start + offset] ?? 0);
}
