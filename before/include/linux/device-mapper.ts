/** include/linux/device-mapper.h: what a target type may do for the mapped device. */
import type { DmTarget as AnyDmTarget, DmTargetType } from '#kernel/drivers/md/dm-target.ts';

/** struct target_type. */
export interface TargetType extends DmTargetType {}

/** struct dm_target. */
export interface DmTarget extends AnyDmTarget {
  readonly type: TargetType;
}
