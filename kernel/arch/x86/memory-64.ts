/**
 * memcpy, memset and memcpy_mcsafe of arch/x86/lib/mem*_64.S and the forms the compiler puts in their place.
 * The series does not change them. What they store was measured (golden/real-kernel): a memcpy is one rep movsb,
 * except that at most 3 bytes are single byte stores; a memset is its first and its last 8 bytes and then one
 * rep stos over the aligned middle.
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

/** memset(dst, 0, n): cached stores in the measured order. */
export function memsetZero(kernel: Kernel, destination: number, sizeBytes: number): void {
  const zeros = new Uint8Array(sizeBytes);
  const { cpu } = kernel;
  if (sizeBytes >= 8) {
    cpu.store(destination, zeros.subarray(0, 8));
    cpu.store(destination + sizeBytes - 8, zeros.subarray(0, 8));
    const middle = destination + 8 - (destination % 8);
    const length = destination + sizeBytes - middle;
    cpu.storeString(middle, zeros.subarray(0, length - (length % 8)));
    return;
  }
  if (sizeBytes >= 4) {
    cpu.store(destination, zeros.subarray(0, 4));
    cpu.store(destination + sizeBytes - 4, zeros.subarray(0, 4));
    return;
  }
  if (sizeBytes > 0) cpu.store(destination, zeros.subarray(0, 1));
  if (sizeBytes > 1) cpu.store(destination + sizeBytes - 2, zeros.subarray(0, 2));
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
