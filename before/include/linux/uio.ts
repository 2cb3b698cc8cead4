/** include/linux/uio.h: struct iov_iter and what callers may ask of one. */
import type { Vector } from '#kernel/lib/vector.ts';

/** struct iov_iter: a place in a vector. `offset` is into segment `index`; `count` bytes are left. */
export interface IovIter {
  readonly vector: Vector;
  index: number;
  offset: number;
  count: number;
}

/** iter_is_iovec: whether the iterator walks user memory. */
export function iterIsIovec(iter: IovIter): boolean {
  return iter.vector.kind === 'iovec';
}

/** iov_iter_count: bytes left. */
export function iovIterCount(iter: IovIter): number {
  return iter.count;
}
