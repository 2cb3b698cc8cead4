/**
 * include/linux/pmem.h: the global pmem api. Anyone may call it, for any device; without CONFIG_ARCH_HAS_PMEM_API
 * its functions do what ordinary memory needs. After any of them data may still sit in CPU or platform buffers: the
 * caller must follow with blkdev_issue_flush() on the device (memory-and-dax.md 6.1).
 */
import { type Kernel, isEnabled } from '#kernel/kernel.ts';
import { type MemremapType, MEMREMAP_WB, MEMREMAP_WT } from '#kernel/mm/memremap.ts';
import {
  archClearPmem,
  archCopyFromIterPmem,
  archInvalidatePmem,
  archMemcpyToPmem,
  archWbCachePmem,
} from '../../arch/x86/include/asm/pmem.ts';
import { copyFromIterNocache } from '../../lib/iov_iter.ts';
import { memcpy, memsetZero } from './string.ts';
import type { IovIter } from './uio.ts';

/** ARCH_MEMREMAP_PMEM: how the driver maps persistent memory. */
export function archMemremapPmem(kernel: Kernel): MemremapType {
  return archHasPmemApi(kernel) ? MEMREMAP_WB : MEMREMAP_WT;
}

/** arch_has_pmem_api: whether the architecture brings its own half. */
export function archHasPmemApi(kernel: Kernel): boolean {
  return isEnabled(kernel, 'ARCH_HAS_PMEM_API');
}

/** memcpy_to_pmem(dst, src, n): copies kernel bytes to persistent memory. */
export function memcpyToPmem(kernel: Kernel, destination: number, source: Uint8Array): void {
  if (archHasPmemApi(kernel)) archMemcpyToPmem(kernel, destination, source);
  else memcpy(kernel, destination, source);
}

/** copy_from_iter_pmem(addr, bytes, i): copies from an iterator to persistent memory. Returns the bytes copied. */
export function copyFromIterPmem(kernel: Kernel, address: number, bytes: number, iter: IovIter): number {
  if (archHasPmemApi(kernel)) return archCopyFromIterPmem(kernel, address, bytes, iter);
  return copyFromIterNocache(kernel, address, bytes, iter);
}

/** clear_pmem(addr, size): zeroes persistent memory. */
export function clearPmem(kernel: Kernel, address: number, sizeBytes: number): void {
  if (archHasPmemApi(kernel)) archClearPmem(kernel, address, sizeBytes);
  else memsetZero(kernel, address, sizeBytes);
}

/** invalidate_pmem(addr, size): drops cached lines after poison was cleared under them. */
export function invalidatePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  if (archHasPmemApi(kernel)) archInvalidatePmem(kernel, address, sizeBytes);
}

/** wb_cache_pmem(addr, size): writes back the cache lines of a range. */
export function wbCachePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  if (archHasPmemApi(kernel)) archWbCachePmem(kernel, address, sizeBytes);
}
