/** include/linux/dax.h: what a dax driver publishes. */
import type { DaxDevice as AnyDaxDevice, DirectAccess } from '#kernel/fs/dax-device.ts';
import type { Kernel } from '#kernel/kernel.ts';

/** struct dax_operations: what the driver owns. */
export interface DaxOperations {
  /** Translates `pageCount` pages from page `pgoff` of the device. */
  directAccess(kernel: Kernel, dax: DaxDevice, pgoff: number, pageCount: number): DirectAccess;
}

/** struct dax_device. */
export interface DaxDevice extends AnyDaxDevice {
  readonly operations: DaxOperations;
}
