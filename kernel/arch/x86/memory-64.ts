/**
 * memcpy, memset and memcpy_mcsafe of arch/x86/lib/mem*_64.S and the forms the compiler puts in their place.
 * The series does not change them. What they store was measured on 4.12.10 and 4.13.9 (golden/data/real-kernel-4.1x): a
 * memcpy is one rep movsb, except that at most 3 bytes are single byte stores; a memset is one rep stosb. Without ERMS
 * it is a rep stosq and a rep stosb for the rest: the same bytes, also ascending. (6.1 zeroes part of a page by a memset
 * that the compiler put in line: the first and the last 8 bytes, then the middle.)
 */
import { EFAULT } from '../../errno.ts';
import type { Kernel } from '../../kernel.ts';
import { loadRecoverably } from './mce.ts';

/** memcpy(dst, src, n) of kernel bytes: cached stores. */
export function memcpy(kernel: Kernel, destination: number, source: Uint8Array): void {
  kernel.cpu.storeString(destination, source);
}

/** A memcpy of a length that the compiler knows to be below 4: single byte stores. */
export function memcpyShort(kernel: Kernel, destination: number, source: Uint8Array): void {
  kernel.cpu.storeRange(destination, source, 1);
}

/** memset(dst, 0, n) of a size the compiler does not know: memset_erms, one ascending string store. */
export function memsetZero(kernel: Kernel, destination: number, sizeBytes: number): void {
  kernel.cpu.storeString(destination, new Uint8Array(sizeBytes));
}

/**
 * memcpy_mcsafe(dst, src, n): reads machine memory; a machine check is reported, gives -EFAULT and leaves `destination`
 * alone (memory-and-dax.md 3.9; nvdimm-and-firmware.md 2.2). Returns 0 or -EFAULT.
 */
export function memcpyMcsafe(kernel: Kernel, destination: Uint8Array, source: number): number {
  const bytes = loadRecoverably(kernel, source, destination.length);
  if (bytes === undefined) return -EFAULT;
  destination.set(bytes);
  return 0;
}
