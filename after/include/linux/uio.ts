/** include/linux/uio.h: struct iov_iter and what callers may ask of one. */
import { type Kernel, isEnabled } from '#kernel/kernel.ts';
import type { Vector } from '#kernel/lib/vector.ts';
import { archCopyFromIterFlushcache, copyFromIterNocache } from '../../lib/iov_iter.ts';

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

/**
 * copy_from_iter_flushcache(addr, bytes, i): a copy that leaves nothing in the cache. Without
 * CONFIG_ARCH_HAS_UACCESS_FLUSHCACHE it is the nocache copy: who needs the guarantee must test the symbol.
 * Returns the bytes copied.
 */
export function copyFromIterFlushcache(
  kernel: Kernel,
  address: number,
  bytes: number,
  iter: IovIter,
): number {
  if (isEnabled(kernel, 'ARCH_HAS_UACCESS_FLUSHCACHE')) {
    return archCopyFromIterFlushcache(kernel, address, bytes, iter);
  }
  return copyFromIterNocache(kernel, address, bytes, iter);
}
