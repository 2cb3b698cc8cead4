/**
 * lib/iov_iter.c: copies between an iterator and memory. Only user segments can stop a copy early; kernel and page
 * segments always count as copied (memory-and-dax.md 5). Machine memory is named by address, the iterator's own
 * memory is plain bytes.
 */
import type { Kernel } from '#kernel/kernel.ts';
import { warnOnce } from '#kernel/kernel.ts';
import type { UserPointer } from '#kernel/lib/user-memory.ts';
import { accessibleBytes } from '#kernel/lib/user-memory.ts';
import { type PageSegment, type Vector, segmentLength, vectorLength } from '#kernel/lib/vector.ts';
import {
  copyFromUserFlushcache,
  copyFromUserInatomic,
  copyFromUserInatomicNocache,
  memcpyPageFlushcache,
} from '../arch/x86/include/asm/uaccess_64.ts';
import { clearUser } from '../arch/x86/lib/usercopy_64.ts';
import type { IovIter } from '../include/linux/uio.ts';
import { memcpy, memcpyFlushcache } from '../include/linux/string.ts';

/** iov_iter_init and its kin: an iterator over `count` bytes of `vector`, all of it by default. */
export function iovIterInit(vector: Vector, count: number = vectorLength(vector)): IovIter {
  return { vector, index: 0, offset: 0, count };
}

/** What iterate_and_advance does with one piece; `done` bytes of the request came before it. */
interface Steps {
  /** Returns the number of bytes *not* copied. */
  readonly user: (source: UserPointer, done: number, sizeBytes: number) => number;
  readonly kernel: (bytes: Uint8Array, done: number) => void;
  readonly page: (segment: PageSegment, done: number) => void;
}

/** iterate_and_advance: runs a step on each non-empty piece of the next `bytes` bytes. Returns the bytes done. */
function iterateAndAdvance(iter: IovIter, bytes: number, steps: Steps): number {
  const wanted = Math.min(bytes, iter.count);
  let done = 0;
  while (done < wanted) {
    const piece = Math.min(wanted - done, segmentLength(iter.vector, iter.index) - iter.offset);
    const left = piece === 0 ? 0 : stepOn(iter, piece, done, steps);
    advance(iter, piece - left);
    done += piece - left;
    if (left !== 0) break;
  }
  return done;
}

/** Runs the step of the iterator's kind on `piece` bytes. Returns the number of bytes not copied. */
function stepOn(iter: IovIter, piece: number, done: number, steps: Steps): number {
  const { vector, index, offset } = iter;
  if (vector.kind === 'iovec') {
    const segment = vector.segments[index];
    return segment === undefined ? piece : steps.user({ segment, offset }, done, piece);
  }
  if (vector.kind === 'kvec') {
    const bytes = vector.segments[index];
    if (bytes !== undefined) steps.kernel(bytes.subarray(offset, offset + piece), done);
  }
  if (vector.kind === 'bvec') {
    const segment = vector.segments[index];
    if (segment !== undefined)
      steps.page({ page: segment.page, offset: segment.offset + offset, lengthBytes: piece }, done);
  }
  return 0;
}

function advance(iter: IovIter, bytes: number): void {
  iter.offset += bytes;
  iter.count -= bytes;
  if (iter.count > 0 && iter.offset === segmentLength(iter.vector, iter.index)) {
    iter.index++;
    iter.offset = 0;
  }
}

/** The bytes of a page segment, as kmap_atomic makes them addressable. */
function kmapped(segment: PageSegment): Uint8Array {
  return segment.page.bytes.subarray(segment.offset, segment.offset + segment.lengthBytes);
}

/** copy_to_iter(addr, bytes, i): reads machine memory into the iterator. Returns the bytes copied. */
export function copyToIter(kernel: Kernel, address: number, bytes: number, iter: IovIter): number {
  return iterateAndAdvance(iter, bytes, {
    user: (destination, done, size) => {
      const writable = Math.min(size, accessibleBytes(destination));
      destination.segment.bytes.set(kernel.cpu.load(address + done, writable), destination.offset);
      return size - writable;
    },
    kernel: (destination, done) => destination.set(kernel.cpu.load(address + done, destination.length)),
    page: (segment, done) => kmapped(segment).set(kernel.cpu.load(address + done, segment.lengthBytes)),
  });
}

/** copy_from_iter(addr, bytes, i): an ordinary cached copy. Returns the bytes copied. */
export function copyFromIter(kernel: Kernel, address: number, bytes: number, iter: IovIter): number {
  if (warnOnce(kernel, iter.vector.kind === 'pipe', 'copy_from_iter on a pipe')) return 0;
  return iterateAndAdvance(iter, bytes, {
    user: (source, done, size) => copyFromUserInatomic(kernel, address + done, source, size),
    kernel: (source, done) => memcpy(kernel, address + done, source),
    page: (segment, done) => memcpy(kernel, address + done, kmapped(segment)),
  });
}

/**
 * copy_from_iter_nocache(addr, bytes, i): user segments bypass the cache, one sfence a segment; kernel and page
 * segments do not. Returns the bytes copied.
 */
export function copyFromIterNocache(kernel: Kernel, address: number, bytes: number, iter: IovIter): number {
  if (warnOnce(kernel, iter.vector.kind === 'pipe', 'copy_from_iter_nocache on a pipe')) return 0;
  return iterateAndAdvance(iter, bytes, {
    user: (source, done, size) => copyFromUserInatomicNocache(kernel, address + done, source, size),
    kernel: (source, done) => memcpy(kernel, address + done, source),
    page: (segment, done) => memcpy(kernel, address + done, kmapped(segment)),
  });
}

/**
 * copy_from_iter_flushcache(addr, bytes, i) with the architecture's helpers: every segment by itself leaves nothing
 * in the cache. Returns the bytes copied.
 */
export function archCopyFromIterFlushcache(
  kernel: Kernel,
  address: number,
  bytes: number,
  iter: IovIter,
): number {
  if (warnOnce(kernel, iter.vector.kind === 'pipe', 'copy_from_iter_flushcache on a pipe')) return 0;
  return iterateAndAdvance(iter, bytes, {
    user: (source, done, size) => copyFromUserFlushcache(kernel, address + done, source, size),
    kernel: (source, done) => memcpyFlushcache(kernel, address + done, source),
    page: (segment, done) => memcpyPageFlushcache(kernel, address + done, segment),
  });
}

/** iov_iter_zero(bytes, i): zeroes the iterator's memory, for reads of holes. Returns the bytes zeroed. */
export function iovIterZero(kernel: Kernel, bytes: number, iter: IovIter): number {
  return iterateAndAdvance(iter, bytes, {
    user: (destination, _done, size) => clearUser(kernel, destination, size),
    kernel: (destination) => void destination.fill(0),
    page: (segment) => void kmapped(segment).fill(0),
  });
}
