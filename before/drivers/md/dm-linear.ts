/** drivers/md/dm-linear.c: a target that is a stretch of one member (memory-and-dax.md 8.3). */
import { EIO } from '#kernel/errno.ts';
import type { DmMember, DmTarget as AnyDmTarget } from '#kernel/drivers/md/dm-target.ts';
import { type DirectAccess, noAccess } from '#kernel/fs/dax-device.ts';
import { type Kernel, mustExist } from '#kernel/kernel.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { DmTarget, TargetType } from '../../include/linux/device-mapper.ts';
import { bdevDaxPgoff, daxDirectAccess } from '../dax/super.ts';

/** Sectors of a page. */
const PAGE_SECTORS = 8;

/** linear_ctr: `sectorCount` sectors from `beginSector`, on `member` from `startSector`. */
export function linearCtr(
  beginSector: number,
  sectorCount: number,
  member: DmMember,
  startSector: number,
): DmTarget {
  const members = [{ member, startSector }];
  return { beginSector, sectorCount, type: linearTarget, members, chunkSectors: 0, flushBioCount: 1 };
}

/** linear_map_sector: the member and its sector for a sector of the mapped device. */
function linearMapSector(target: AnyDmTarget, sector: number): { member: DmMember; sector: number } {
  const { member, startSector } = mustExist(target.members[0], 'linear_c');
  return { member, sector: startSector + (sector - target.beginSector) };
}

/** linear_dax_direct_access. */
function linearDaxDirectAccess(
  kernel: Kernel,
  target: AnyDmTarget,
  pgoff: number,
  pageCount: number,
): DirectAccess {
  const { member, sector } = linearMapSector(target, pgoff * PAGE_SECTORS);
  const mapped = bdevDaxPgoff(member.disk, sector, pageCount * PAGE_SIZE_BYTES);
  if (mapped.error !== 0) return noAccess(mapped.error);
  return daxDirectAccess(kernel, member.dax, mapped.pgoff, pageCount);
}

/** linear_target. */
export const linearTarget: TargetType = {
  name: 'linear',
  iteratesDevices: true,
  map: (target, bio) => {
    if (target.members.length === 0) return -EIO;
    const { member, sector } = linearMapSector(target, bio.sector);
    return { disk: member.disk, sector };
  },
  directAccess: linearDaxDirectAccess,
};
