/** arch/x86/lib/usercopy_64.c: user copies that are not assembly. */
import { copyUserNocache } from '#kernel/arch/x86/copy-user-64.ts';
import { memcpy, memcpyShort } from '#kernel/arch/x86/memory-64.ts';
import { CLFLUSH_SIZE, clwbLines } from '#kernel/arch/x86/special-insns.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { type UserPointer, accessibleBytes } from '#kernel/lib/user-memory.ts';
import type { PageSegment } from '#kernel/lib/vector.ts';

/** __clear_user(addr, size): zeroes user memory. Returns the number of bytes not cleared. */
export function clearUser(_kernel: Kernel, destination: UserPointer, sizeBytes: number): number {
  const cleared = Math.min(sizeBytes, accessibleBytes(destination));
  destination.segment.bytes.fill(0, destination.offset, destination.offset + cleared);
  return sizeBytes - cleared;
}

/** clean_cache_range(addr, size): writes back every line of the range. No fence. */
function cleanCacheRange(kernel: Kernel, address: number, sizeBytes: number): void {
  clwbLines(kernel, address, address + sizeBytes);
}

/**
 * __copy_user_flushcache(dst, src, size): a nocache copy, then a write-back of the edges that it stored through the
 * cache. The choice of edges looks at the size asked for, not at what was copied. Returns the bytes not copied.
 */
export function copyUserFlushcache(
  kernel: Kernel,
  destination: number,
  source: UserPointer,
  sizeBytes: number,
): number {
  const notCopied = copyUserNocache(kernel, destination, source, sizeBytes);
  if (sizeBytes < 8) {
    if (destination % 4 !== 0 || sizeBytes !== 4) cleanCacheRange(kernel, destination, sizeBytes);
    return notCopied;
  }
  let flushed = 0;
  if (destination % 8 !== 0) {
    flushed = Math.ceil(destination / CLFLUSH_SIZE) * CLFLUSH_SIZE - destination;
    cleanCacheRange(kernel, destination, 1);
  }
  if (sizeBytes > flushed && (sizeBytes - flushed) % 8 !== 0) {
    cleanCacheRange(kernel, destination + sizeBytes - 1, 1);
  }
  return notCopied;
}

/**
 * memcpy_flushcache(dst, src, n): aligns the destination first, with cached stores that it writes back at once; then
 * non-temporal stores of 8 and 4 bytes; a rest below 4 bytes cached and written back. No fence at all.
 */
export function memcpyFlushcache(kernel: Kernel, destination: number, source: Uint8Array): void {
  let done = Math.min(source.length, (8 - (destination % 8)) % 8);
  if (done > 0) {
    memcpy(kernel, destination, source.subarray(0, done));
    cleanCacheRange(kernel, destination, done);
  }
  for (const unit of [8, 4]) {
    const length = source.length - done - ((source.length - done) % unit);
    kernel.cpu.storeNonTemporalRange(destination + done, source.subarray(done, done + length), unit);
    done += length;
  }
  if (done < source.length) {
    memcpyShort(kernel, destination + done, source.subarray(done));
    cleanCacheRange(kernel, destination + done, source.length - done);
  }
}

/** memcpy_page_flushcache(to, page, offset, len): memcpy_flushcache from a page. */
export function memcpyPageFlushcache(kernel: Kernel, destination: number, segment: PageSegment): void {
  const { page, offset, lengthBytes } = segment;
  memcpyFlushcache(kernel, destination, page.bytes.subarray(offset, offset + lengthBytes));
}
