/**
 * arch/x86/include/asm/pmem.h: what persistent memory needs of x86 beyond copies (memory-and-dax.md 3.5, 3.8).
 */
import { clflushCacheRange } from '#kernel/arch/x86/pageattr.ts';
import { clwbLines } from '#kernel/arch/x86/special-insns.ts';
import type { Kernel } from '#kernel/kernel.ts';

/**
 * arch_wb_cache_pmem(addr, size): writes back every line from `address`, rounded down, up to `address + sizeBytes`.
 * No fence.
 */
export function archWbCachePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  clwbLines(kernel, address, address + sizeBytes);
}

/** arch_invalidate_pmem(addr, size): writes back and drops the lines, between two mfences. */
export function archInvalidatePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  clflushCacheRange(kernel, address, sizeBytes);
}
