/** Vectors of memory that file I/O copies from or to, as plain data: what `struct iov_iter` walks. */
import type { Page, UserSegment } from './user-memory.ts';

/** A stretch of one page (struct bio_vec as an iterator sees it). */
export interface PageSegment {
  readonly page: Page;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** User memory (`iovec`), kernel memory (`kvec`), pages (`bvec`), or a pipe, which refuses to be copied from. */
export type Vector =
  | { readonly kind: 'iovec'; readonly segments: readonly UserSegment[] }
  | { readonly kind: 'kvec'; readonly segments: readonly Uint8Array[] }
  | { readonly kind: 'bvec'; readonly segments: readonly PageSegment[] }
  | { readonly kind: 'pipe'; readonly sizeBytes: number };

/** Bytes of segment `index`, 0 when there is no such segment. */
export function segmentLength(vector: Vector, index: number): number {
  switch (vector.kind) {
    case 'iovec':
      return vector.segments[index]?.bytes.length ?? 0;
    case 'kvec':
      return vector.segments[index]?.length ?? 0;
    case 'bvec':
      return vector.segments[index]?.lengthBytes ?? 0;
    case 'pipe':
      return index === 0 ? vector.sizeBytes : 0;
  }
}

/** Number of segments. */
export function segmentCount(vector: Vector): number {
  return vector.kind === 'pipe' ? 1 : vector.segments.length;
}

/** Bytes of all segments. */
export function vectorLength(vector: Vector): number {
  let total = 0;
  for (let index = 0; index < segmentCount(vector); index++) total += segmentLength(vector, index);
  return total;
}
