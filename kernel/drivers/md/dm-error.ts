/**
 * Targets without memory of their own: `error` of drivers/md/dm-target.c and `snapshot-origin` of dm-snap.c. Both have
 * a direct_access that fails, and neither ever gets copy or flush operations (memory-and-dax.md 8.5).
 */
import { EIO } from '../../errno.ts';
import { noAccess } from '../../fs/dax-device.ts';
import { print } from '../../kernel.ts';
import type { DmMember, DmTarget, DmTargetType } from './dm-target.ts';

/** io_err_target: every bio and every direct_access fails with -EIO. */
export const errorTarget: DmTargetType = {
  name: 'error',
  iteratesDevices: false,
  map: () => -EIO,
  directAccess: () => noAccess(-EIO),
};

/** io_err_ctr: asks for no clone of an empty flush, so that a flush passes it by. */
export function errorCtr(beginSector: number, sectorCount: number): DmTarget {
  return { beginSector, sectorCount, type: errorTarget, members: [], chunkSectors: 0, flushBioCount: 0 };
}

/**
 * origin_target: passes bios on to the same sector of the origin, wherever the target begins (no snapshot is
 * modelled); refuses dax with a warning.
 */
export const snapshotOriginTarget: DmTargetType = {
  name: 'snapshot-origin',
  iteratesDevices: true,
  map: (target, bio) => {
    const [origin] = target.members;
    if (origin === undefined) return -EIO;
    return { disk: origin.member.disk, sector: bio.sector };
  },
  directAccess: (kernel) => {
    print(kernel, 'warning', 'device-mapper', 'snapshots: device does not support dax.');
    return noAccess(-EIO);
  },
};

/** origin_ctr: an origin over the whole of `member`. */
export function snapshotOriginCtr(beginSector: number, sectorCount: number, member: DmMember): DmTarget {
  const members = [{ member, startSector: 0 }];
  return { beginSector, sectorCount, type: snapshotOriginTarget, members, chunkSectors: 0, flushBioCount: 1 };
}
