/** include/linux/dax.h: what a dax driver publishes. */
import type { DaxDevice as AnyDaxDevice, DirectAccess } from '#kernel/fs/dax-device.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { IovIter } from './uio.ts';

/** struct dax_operations: what the driver owns. */
export interface DaxOperations {
  /** Translates `pageCount` pages from page `pgoff` of the device. */
  directAccess(kernel: Kernel, dax: DaxDevice, pgoff: number, pageCount: number): DirectAccess;
  /** Overrides the default copy_from_iter. Returns the bytes copied. */
  copyFromIter?(
    kernel: Kernel,
    dax: DaxDevice,
    pgoff: number,
    address: number,
    bytes: number,
    iter: IovIter,
  ): number;
  /** Writes back the cache lines of a range. A device whose memory needs none publishes no flush. */
  flush?(kernel: Kernel, dax: DaxDevice, pgoff: number, address: number, sizeBytes: number): void;
}

/** struct dax_device. */
export interface DaxDevice extends AnyDaxDevice {
  readonly operations: DaxOperations;
}
