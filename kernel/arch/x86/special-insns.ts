/**
 * The cache and fence instructions as kernel code writes them (arch/x86/include/asm/special_insns.h, barrier.h).
 * `clwb()` is an alternative chosen at boot: clwb, else clflushopt, else clflush (memory-and-dax.md 2).
 */
import { availableWriteBacks } from '#machine/hardware/cpu.ts';
import { LINE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import type { Kernel } from '../../kernel.ts';

/** boot_cpu_data.x86_clflush_size, bytes. */
export const CLFLUSH_SIZE = LINE_SIZE_BYTES;

/** How many lines a loop from `start`, rounded down to a line, while below `end` visits. */
export function linesFrom(start: number, end: number): number {
  const first = roundDown(start, CLFLUSH_SIZE);
  return first >= end ? 0 : Math.ceil((end - first) / CLFLUSH_SIZE);
}

/** clwb() of every line from `start`, rounded down to a line, while below `end`. */
export function clwbLines(kernel: Kernel, start: number, end: number): void {
  const best = availableWriteBacks(kernel.cpu.features)[0] ?? 'clflush';
  kernel.cpu.writeBackRange(best, start, linesFrom(start, end));
}

/** clflushopt() of every line from `start`, rounded down to a line, while below `end`; clflush on older CPUs. */
export function clflushoptLines(kernel: Kernel, start: number, end: number): void {
  const instruction = kernel.cpu.features.clflushopt ? 'clflushopt' : 'clflush';
  kernel.cpu.writeBackRange(instruction, start, linesFrom(start, end));
}

/** wmb(): sfence on x86-64. */
export function wmb(kernel: Kernel): void {
  kernel.cpu.sfence();
}

/** mb(): mfence on x86-64. */
export function mb(kernel: Kernel): void {
  kernel.cpu.mfence();
}

/** writeq(1, address) to a flush hint: an uncached store that drains the write-pending queue behind it. */
export function writeqFlushHint(kernel: Kernel, address: number): void {
  kernel.cpu.storeFlushHint(address);
}
