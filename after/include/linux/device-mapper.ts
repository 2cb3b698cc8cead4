/** include/linux/device-mapper.h: what a target type may do for the mapped device. */
import type { DmTarget as AnyDmTarget, DmTargetType } from '#kernel/drivers/md/dm-target.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { IovIter } from './uio.ts';

/** struct target_type. */
export interface TargetType extends DmTargetType {
  /** dm_dax_copy_from_iter_fn. Returns the bytes copied. */
  daxCopyFromIter?(
    kernel: Kernel,
    target: AnyDmTarget,
    pgoff: number,
    address: number,
    bytes: number,
    iter: IovIter,
  ): number;
  /** dm_dax_flush_fn. */
  daxFlush?(kernel: Kernel, target: AnyDmTarget, pgoff: number, address: number, sizeBytes: number): void;
}

/** struct dm_target. */
export interface DmTarget extends AnyDmTarget {
  readonly type: TargetType;
}
