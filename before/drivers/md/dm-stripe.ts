/** drivers/md/dm-stripe.c: a target that deals chunks to its members in turn (memory-and-dax.md 8.4). */
import type { DmMember, DmMemberRange, DmTarget as AnyDmTarget } from '#kernel/drivers/md/dm-target.ts';
import { EINVAL } from '#kernel/errno.ts';
import { type DirectAccess, noAccess } from '#kernel/fs/dax-device.ts';
import { type Kernel, mustExist } from '#kernel/kernel.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { DmTarget, TargetType } from '../../include/linux/device-mapper.ts';
import { bdevDaxPgoff, daxDirectAccess } from '../dax/super.ts';

/** Sectors of a page. */
const PAGE_SECTORS = 8;

/** stripe_ctr: whole chunks on every member, else -EINVAL. */
export function stripeCtr(
  beginSector: number,
  sectorCount: number,
  chunkSectors: number,
  members: readonly DmMemberRange[],
): DmTarget | number {
  const stripes = members.length;
  if (stripes < 1 || chunkSectors < 1 || sectorCount % stripes !== 0) return -EINVAL;
  if ((sectorCount / stripes) % chunkSectors !== 0) return -EINVAL;
  return { beginSector, sectorCount, type: stripeTarget, members, chunkSectors, flushBioCount: stripes };
}

/** stripe_map_sector: the member and its sector for a sector of the mapped device. */
function stripeMapSector(target: AnyDmTarget, sector: number): { member: DmMember; sector: number } {
  const offset = sector - target.beginSector;
  const chunk = Math.floor(offset / target.chunkSectors);
  const stripe = chunk % target.members.length;
  const row = Math.floor(chunk / target.members.length);
  const { member, startSector } = mustExist(target.members[stripe], 'stripe');
  return { member, sector: row * target.chunkSectors + (offset % target.chunkSectors) + startSector };
}

/** stripe_dax_direct_access. */
function stripeDaxDirectAccess(
  kernel: Kernel,
  target: AnyDmTarget,
  pgoff: number,
  pageCount: number,
): DirectAccess {
  const { member, sector } = stripeMapSector(target, pgoff * PAGE_SECTORS);
  const mapped = bdevDaxPgoff(member.disk, sector, pageCount * PAGE_SIZE_BYTES);
  if (mapped.error !== 0) return noAccess(mapped.error);
  return daxDirectAccess(kernel, member.dax, mapped.pgoff, pageCount);
}

/** stripe_target. */
export const stripeTarget: TargetType = {
  name: 'striped',
  iteratesDevices: true,
  map: (target, bio, flushNumber) => {
    if (bio.segments.length === 0) {
      const { member, startSector } = mustExist(target.members[flushNumber], 'stripe');
      return { disk: member.disk, sector: startSector };
    }
    const { member, sector } = stripeMapSector(target, bio.sector);
    return { disk: member.disk, sector };
  },
  directAccess: stripeDaxDirectAccess,
};
