/** arch/x86/include/asm/uaccess_64.h: user copies of x86-64. */
import { copyUserGeneric, copyUserNocache } from '#kernel/arch/x86/copy-user-64.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { UserPointer } from '#kernel/lib/user-memory.ts';

/** __copy_from_user_inatomic: an ordinary cached copy. Returns the number of bytes not copied. */
export function copyFromUserInatomic(
  kernel: Kernel,
  destination: number,
  source: UserPointer,
  sizeBytes: number,
): number {
  return copyUserGeneric(kernel, destination, source, sizeBytes);
}

/**
 * __copy_from_user_inatomic_nocache: whole words bypass the cache, edges do not (memory-and-dax.md 3.1).
 * Returns the number of bytes not copied.
 */
export function copyFromUserInatomicNocache(
  kernel: Kernel,
  destination: number,
  source: UserPointer,
  sizeBytes: number,
): number {
  return copyUserNocache(kernel, destination, source, sizeBytes);
}
