/** arch/x86/lib/usercopy_64.c: user copies that are not assembly. */
import type { Kernel } from '#kernel/kernel.ts';
import { type UserPointer, accessibleBytes } from '#kernel/lib/user-memory.ts';

/** __clear_user(addr, size): zeroes user memory. Returns the number of bytes not cleared. */
export function clearUser(_kernel: Kernel, destination: UserPointer, sizeBytes: number): number {
  const cleared = Math.min(sizeBytes, accessibleBytes(destination));
  destination.segment.bytes.fill(0, destination.offset, destination.offset + cleared);
  return sizeBytes - cleared;
}
