/** Lists images of a set one by one, the smallest and the largest first, up to a number; and writes one as a file. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { MediaImage } from '#machine/hardware/memory.ts';
import { PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type ImageSet, materialise, type SparseImage } from '#machine/images/image-set.ts';
import type { CellContent } from '#machine/images/cell-contents.ts';

/** Distinct images, `max` at most, and whether they are all. */
export function imagesOf(
  set: ImageSet,
  max: number,
): { readonly images: readonly SparseImage[]; readonly areAll: boolean } {
  const least = set.minimalImage();
  const found = new Map<string, SparseImage>();
  const add = (image: SparseImage): void => void found.set(keyOf(image), image);
  add(least);
  add(set.maximalImage());
  const { from, to } = set.view.levels;
  for (let level = from; level <= to; level++)
    for (const image of atLevel(set, least, level)) {
      if (found.size >= max && !found.has(keyOf(image)))
        return { images: [...found.values()], areAll: false };
      add(image);
    }
  return { images: [...found.values()], areAll: true };
}

const keyOf = (image: SparseImage): string =>
  [...image]
    .sort(([left], [right]) => left - right)
    .map(([address, bytes]) => `${address}=${Buffer.from(bytes).toString('latin1')}`)
    .join('|');

/** Every choice of contents that are possible at one level. */
function* atLevel(set: ImageSet, least: SparseImage, level: number): Generator<SparseImage> {
  const { cells } = set;
  const choices = cells.map((cell) =>
    cell.contents().filter(({ spans }) => spans.some(({ from, to }) => from <= level && level <= to)),
  );
  const chosen: CellContent[] = [];
  function* choose(index: number): Generator<SparseImage> {
    if (index === cells.length) {
      const image = new Map(least);
      for (const [position, cell] of cells.entries())
        for (const [word, { address }] of cell.words.entries())
          image.set(
            address,
            (chosen[position]?.bytes ?? new Uint8Array(0)).slice(
              word * WORD_SIZE_BYTES,
              (word + 1) * WORD_SIZE_BYTES,
            ),
          );
      yield image;
      return;
    }
    for (const content of choices[index] ?? []) {
      chosen[index] = content;
      yield* choose(index + 1);
    }
  }
  yield* choose(0);
}

/** Writes the first file of an image; pages of zeros stay holes. */
export function writeImage(path: string, sizeBytes: number, initial: MediaImage, image: SparseImage): void {
  const file = openSync(path, 'w');
  try {
    ftruncateSync(file, sizeBytes);
    for (const [page, bytes] of materialise(initial, image)) {
      const start = page * PAGE_SIZE_BYTES;
      if (start < sizeBytes) writeSync(file, bytes, 0, Math.min(PAGE_SIZE_BYTES, sizeBytes - start), start);
    }
  } finally {
    closeSync(file);
  }
}
