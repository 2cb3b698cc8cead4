/** What device-mapper's core and tables know of a target (include/linux/device-mapper.h, the part the series keeps). */
import type { Bio } from '../../block/bio.ts';
import type { GenDisk } from '../../block/disk.ts';
import type { DaxDevice, DirectAccess } from '../../fs/dax-device.ts';
import type { Kernel } from '../../kernel.ts';

/** struct dm_dev: a member of a table. `dax` is absent when its disk has no dax device. */
export interface DmMember {
  readonly disk: GenDisk;
  readonly dax: DaxDevice | undefined;
}

/** Where a member's part begins. */
export interface DmMemberRange {
  readonly member: DmMember;
  readonly startSector: number;
}

/** struct target_type. */
export interface DmTargetType {
  readonly name: string;
  /** Redirects a bio that lies inside the target to a member; a negative error fails it. */
  map(
    target: DmTarget,
    bio: Bio,
    flushNumber: number,
  ): { readonly disk: GenDisk; readonly sector: number } | number;
  /** Pages of the target's memory from page `pgoff` of the *mapped device*. */
  directAccess?(kernel: Kernel, target: DmTarget, pgoff: number, pageCount: number): DirectAccess;
  /** Whether the targets' members take part in iterate_devices. */
  readonly iteratesDevices: boolean;
}

/** struct dm_target: `sectorCount` sectors of the mapped device from `beginSector`. */
export interface DmTarget {
  readonly beginSector: number;
  readonly sectorCount: number;
  readonly type: DmTargetType;
  readonly members: readonly DmMemberRange[];
  /** Sectors of a stripe chunk; 0 for targets that are not cut. */
  readonly chunkSectors: number;
  /** How many clones of an empty flush the target wants. */
  readonly flushBioCount: number;
}

/** max_io_len: sectors from `sector` to the end of the target or of its chunk, whichever comes first. */
export function maxIoLen(target: DmTarget, sector: number): number {
  const offset = sector - target.beginSector;
  const toEnd = target.sectorCount - offset;
  if (target.chunkSectors === 0) return toEnd;
  return Math.min(toEnd, target.chunkSectors - (offset % target.chunkSectors));
}
