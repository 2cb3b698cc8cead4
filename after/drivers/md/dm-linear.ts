/** drivers/md/dm-linear.c: a target that is a stretch of one member (memory-and-dax.md 8.3). */
import { EIO } from '#kernel/errno.ts';
import type { DmMember, DmTarget as AnyDmTarget } from '#kernel/drivers/md/dm-target.ts';
import { type DirectAccess, noAccess } from '#kernel/fs/dax-device.ts';
import { type Kernel, mustExist } from '#kernel/kernel.ts';
import { PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import type { DmTarget, TargetType } from '../../include/linux/device-mapper.ts';
import type { IovIter } from '../../include/linux/uio.ts';
import { bdevDaxPgoff, daxCopyFromIter, daxDirectAccess, daxFlush } from '../dax/super.ts';

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

/** linear_dax_copy_from_iter: 0 when the place is not whole pages of the member. */
function linearDaxCopyFromIter(
  kernel: Kernel,
  target: AnyDmTarget,
  pgoff: number,
  address: number,
  bytes: number,
  iter: IovIter,
): number {
  const { member, sector } = linearMapSector(target, pgoff * PAGE_SECTORS);
  const mapped = bdevDaxPgoff(member.disk, sector, roundUp(bytes, PAGE_SIZE_BYTES));
  if (mapped.error !== 0) return 0;
  return daxCopyFromIter(kernel, mustExist(member.dax, 'dax_dev'), mapped.pgoff, address, bytes, iter);
}

/** linear_dax_flush: nothing when the place is not whole pages of the member. */
function linearDaxFlush(
  kernel: Kernel,
  target: AnyDmTarget,
  pgoff: number,
  address: number,
  sizeBytes: number,
): void {
  const { member, sector } = linearMapSector(target, pgoff * PAGE_SECTORS);
  const mapped = bdevDaxPgoff(member.disk, sector, roundUp(sizeBytes, PAGE_SIZE_BYTES));
  if (mapped.error !== 0) return;
  daxFlush(kernel, mustExist(member.dax, 'dax_dev'), mapped.pgoff, address, sizeBytes);
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
  daxCopyFromIter: linearDaxCopyFromIter,
  daxFlush: linearDaxFlush,
};
