/** clflush_cache_range of arch/x86/mm/pageattr.c (memory-and-dax.md 3.8). */
import type { Kernel } from '../../kernel.ts';
import { clflushoptLines, linesFrom, mb } from './special-insns.ts';

/**
 * clflush_cache_range(address, size): writes back and drops every line of the range, between two mfences; nothing
 * at all for an empty range. `sizeBytes` is an unsigned int in C and is cut to 32 bits.
 */
export function clflushCacheRange(kernel: Kernel, address: number, sizeBytes: number): void {
  const end = address + (sizeBytes >>> 0);
  if (linesFrom(address, end) === 0) return;
  mb(kernel);
  clflushoptLines(kernel, address, end);
  mb(kernel);
}
