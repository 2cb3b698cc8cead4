/**
 * arch/x86/include/asm/pmem.h: the x86 half of the pmem api. Sources are plain bytes, destinations machine
 * addresses (memory-and-dax.md 3.4 to 3.8).
 */
import { clflushCacheRange } from '#kernel/arch/x86/pageattr.ts';
import { CLFLUSH_SIZE, clwbLines } from '#kernel/arch/x86/special-insns.ts';
import { type Kernel, KernelOops, print } from '#kernel/kernel.ts';
import { memsetZero } from '../../../../include/linux/string.ts';
import { type IovIter, iterIsIovec } from '../../../../include/linux/uio.ts';
import { copyFromIterNocache } from '../../../../lib/iov_iter.ts';
import { copyFromUserInatomicNocache } from './uaccess_64.ts';

/**
 * arch_memcpy_to_pmem(dst, src, n): a non-temporal copy whose unaligned head and tail stay in the cache: nothing
 * writes them back. The source counts as a user pointer; a fault there is a BUG.
 */
export function archMemcpyToPmem(kernel: Kernel, destination: number, source: Uint8Array): void {
  const segment = { bytes: source, accessibleBytes: source.length };
  const unwritten = copyFromUserInatomicNocache(kernel, destination, { segment, offset: 0 }, source.length);
  if (unwritten === 0) return;
  print(kernel, 'warning', 'WARN', `arch_memcpy_to_pmem: fault copying, unwritten: ${unwritten}`);
  throw new KernelOops('BUG in arch_memcpy_to_pmem');
}

/**
 * arch_wb_cache_pmem(addr, size): writes back every line from `address`, rounded down, up to `address + sizeBytes`.
 * No fence.
 */
export function archWbCachePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  clwbLines(kernel, address, address + sizeBytes);
}

/**
 * arch_copy_from_iter_pmem(addr, bytes, i): copies past the cache and writes back what went through it after all.
 * User memory: the edges of the *whole request*, as if it were one segment. Other memory: every line.
 * Returns the bytes copied.
 */
export function archCopyFromIterPmem(kernel: Kernel, address: number, bytes: number, iter: IovIter): number {
  const copied = copyFromIterNocache(kernel, address, bytes, iter);
  if (!iterIsIovec(iter)) {
    archWbCachePmem(kernel, address, bytes);
  } else if (bytes < 8) {
    if (address % 4 !== 0 || bytes !== 4) archWbCachePmem(kernel, address, bytes);
  } else {
    let destination = address;
    if (destination % 8 !== 0) {
      destination = Math.ceil(address / CLFLUSH_SIZE) * CLFLUSH_SIZE;
      archWbCachePmem(kernel, address, 1);
    }
    const flushed = destination - address;
    if (bytes > flushed && (bytes - flushed) % 8 !== 0) archWbCachePmem(kernel, address + bytes - 1, 1);
  }
  return copied;
}

/** arch_clear_pmem(addr, size): a cached memset and a write-back of its lines. No fence. */
export function archClearPmem(kernel: Kernel, address: number, sizeBytes: number): void {
  memsetZero(kernel, address, sizeBytes);
  archWbCachePmem(kernel, address, sizeBytes);
}

/** arch_invalidate_pmem(addr, size): writes back and drops the lines, between two mfences. */
export function archInvalidatePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  clflushCacheRange(kernel, address, sizeBytes);
}
