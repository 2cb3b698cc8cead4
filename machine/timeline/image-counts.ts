/**
 * How many images there are, kept up to date line by line: under one level of the base the cells of all lines go together in
 * every way, so their counts multiply. Without ADR levels decide which go together, and the set itself is asked, as long as it is
 * not too large.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { ImageSet } from '../images/crash-images.ts';
import { LINE_PIECES_MAX } from './choices.ts';

/** Open pieces above which images without ADR are not counted. */
const COUNTED_MAX = 256;

export class ImageCounts {
  readonly #isProduct: boolean;
  readonly #factors = new Map<number, bigint>();
  readonly #uncounted = new Set<number>();
  #product = 1n;

  constructor(isProduct: boolean) {
    this.#isProduct = isProduct;
  }

  /** Notes what line `line` may hold now. */
  change(line: number, set: ImageSet): void {
    if (!this.#isProduct) return;
    const factor = set.view.openPieces.length > LINE_PIECES_MAX ? undefined : counted(set);
    if (factor === undefined) this.#uncounted.add(line);
    else this.#uncounted.delete(line);
    const before = this.#factors.get(line) ?? 1n;
    const now = factor ?? 1n;
    if (now === before) return;
    this.#factors.set(line, now);
    this.#product = (this.#product / before) * now;
  }

  /** The number of images; `undefined` where it would take too long. `set`: without ADR, the images of everything. */
  total(set: ImageSet | undefined): bigint | undefined {
    if (set === undefined) return this.#uncounted.size > 0 ? undefined : this.#product;
    return set.view.openPieces.length > COUNTED_MAX ? undefined : counted(set);
  }
}

function counted(set: ImageSet): bigint | undefined {
  try {
    return set.count();
  } catch (error) {
    if (error instanceof TooManyImagesError) return undefined;
    throw error;
  }
}
