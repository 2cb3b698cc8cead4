/**
 * drivers/md/dm.c: mapped devices. Splits bios along targets and chunks, sends an empty flush to every member, and
 * routes dax operations to the target that holds the first page (memory-and-dax.md 8.1, 8.2, 8.7).
 */
import { type Bio, type BioVec, SECTOR_SIZE, bioEndio, bioSizeBytes, newBio } from '#kernel/block/bio.ts';
import { type GenDisk, newQueue } from '#kernel/block/disk.ts';
import { submitBioWait } from '#kernel/block/submit.ts';
import { type DmTable, dmTableFindTarget, dmTableSetRestrictions } from '#kernel/drivers/md/dm-table.ts';
import { type DmTarget as AnyDmTarget, maxIoLen } from '#kernel/drivers/md/dm-target.ts';
import { EIO } from '#kernel/errno.ts';
import { type DirectAccess, noAccess } from '#kernel/fs/dax-device.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { DaxDevice, DaxOperations } from '../../include/linux/dax.ts';
import type { DmTarget } from '../../include/linux/device-mapper.ts';
import type { IovIter } from '../../include/linux/uio.ts';
import { copyFromIter } from '../../lib/iov_iter.ts';
import { allocDax, killDax } from '../dax/super.ts';

/** Sectors of a page. */
const PAGE_SECTORS = 8;

/** struct mapped_device. */
export interface MappedDevice {
  readonly kernel: Kernel;
  readonly disk: GenDisk;
  readonly dax: DaxDevice;
  /** The live table. */
  table?: DmTable;
}

/** The part `[from, from + length)` of a vector of segments, bytes. */
function cutSegments(segments: readonly BioVec[], from: number, length: number): BioVec[] {
  const cut: BioVec[] = [];
  let position = 0;
  for (const segment of segments) {
    const start = Math.max(from, position);
    const end = Math.min(from + length, position + segment.lengthBytes);
    if (start < end)
      cut.push({ page: segment.page, offset: segment.offset + start - position, lengthBytes: end - start });
    position += segment.lengthBytes;
  }
  return cut;
}

/** __map_bio: sends one clone to the member its target chooses. Returns its status. */
function mapBio(target: AnyDmTarget, clone: Bio, flushNumber: number): number {
  const mapped = target.type.map(target, clone, flushNumber);
  if (typeof mapped === 'number') return mapped;
  const { operation, segments, preflush, fua } = clone;
  return submitBioWait(
    newBio({ operation, disk: mapped.disk, sector: mapped.sector, segments, preflush, fua }),
  );
}

/** __send_empty_flush: an empty flush for every member of every target. Returns the first error. */
function sendEmptyFlush(md: MappedDevice): number {
  let status = 0;
  for (const target of md.table?.targets ?? []) {
    for (let number = 0; number < target.flushBioCount; number++) {
      const empty = newBio({
        operation: 'write',
        disk: md.disk,
        sector: target.beginSector,
        segments: [],
        preflush: true,
      });
      status = status || mapBio(target, empty, number);
    }
  }
  return status;
}

/** __split_and_process_non_flush: clones of the bio, each within one target and chunk. Returns the first error. */
function splitAndProcess(md: MappedDevice, bio: Bio): number {
  const sectorCount = bioSizeBytes(bio) / SECTOR_SIZE;
  let done = 0;
  while (done < sectorCount) {
    const sector = bio.sector + done;
    const target = md.table === undefined ? undefined : dmTableFindTarget(md.table, sector);
    if (target === undefined) return -EIO;
    const length = Math.min(sectorCount - done, maxIoLen(target, sector));
    const segments = cutSegments(bio.segments, done * SECTOR_SIZE, length * SECTOR_SIZE);
    const status = mapBio(target, { ...bio, sector, segments, preflush: false }, 0);
    if (status !== 0) return status;
    done += length;
  }
  return 0;
}

/** dm_make_request: a PREFLUSH goes to every member before the data does. */
function dmMakeRequest(md: MappedDevice, bio: Bio): void {
  bio.status = md.table === undefined ? -EIO : 0;
  if (bio.preflush && bio.status === 0) bio.status = sendEmptyFlush(md);
  if (bio.status === 0) bio.status = splitAndProcess(md, bio);
  bioEndio(bio);
}

/** dm_dax_get_live_target: the target that holds `sector`, if there is a table and it has one. */
function dmDaxGetLiveTarget(md: MappedDevice, sector: number): DmTarget | undefined {
  return md.table === undefined ? undefined : dmTableFindTarget(md.table, sector);
}

/** dm_dax_direct_access: -EIO without a target that can; never beyond the target or its chunk. */
function dmDaxDirectAccess(md: MappedDevice, pgoff: number, pageCount: number): DirectAccess {
  const sector = pgoff * PAGE_SECTORS;
  const target = dmDaxGetLiveTarget(md, sector);
  if (target?.type.directAccess === undefined) return noAccess(-EIO);
  const length = Math.floor(maxIoLen(target, sector) / PAGE_SECTORS);
  if (length < 1) return noAccess(-EIO);
  return target.type.directAccess(md.kernel, target, pgoff, Math.min(length, pageCount));
}

/** dm_dax_copy_from_iter: 0 without a target, an ordinary cached copy when the target has none of its own. */
function dmDaxCopyFromIter(
  md: MappedDevice,
  pgoff: number,
  address: number,
  bytes: number,
  iter: IovIter,
): number {
  const target = dmDaxGetLiveTarget(md, pgoff * PAGE_SECTORS);
  if (target === undefined) return 0;
  if (target.type.daxCopyFromIter === undefined) return copyFromIter(md.kernel, address, bytes, iter);
  return target.type.daxCopyFromIter(md.kernel, target, pgoff, address, bytes, iter);
}

/** dm_dax_flush: nothing without a target that flushes. */
function dmDaxFlush(md: MappedDevice, pgoff: number, address: number, sizeBytes: number): void {
  const target = dmDaxGetLiveTarget(md, pgoff * PAGE_SECTORS);
  if (target?.type.daxFlush !== undefined) target.type.daxFlush(md.kernel, target, pgoff, address, sizeBytes);
}

/** dm_dax_ops; `md` gives the device behind it. */
function dmDaxOps(md: () => MappedDevice): DaxOperations {
  return {
    directAccess: (_kernel, _dax, pgoff, pageCount) => dmDaxDirectAccess(md(), pgoff, pageCount),
    copyFromIter: (_kernel, _dax, pgoff, address, bytes, iter) =>
      dmDaxCopyFromIter(md(), pgoff, address, bytes, iter),
    flush: (_kernel, _dax, pgoff, address, sizeBytes) => dmDaxFlush(md(), pgoff, address, sizeBytes),
  };
}

/** alloc_dev: a mapped device without a table. It always has a dax device, whatever its members will be. */
export function dmCreate(kernel: Kernel, name: string): MappedDevice {
  const queue = newQueue((bio) => dmMakeRequest(md, bio));
  const disk: GenDisk = { name, driver: 'device-mapper', queue, readOnly: false, capacitySectors: 0 };
  const dax = allocDax(
    kernel,
    name,
    dmDaxOps(() => md),
  );
  const md: MappedDevice = { kernel, disk, dax };
  kernel.disks.set(name, disk);
  return md;
}

/** __bind: the table becomes the live one; the queue is computed from its members now and not again. */
export function dmBindTable(md: MappedDevice, table: DmTable): void {
  md.table = table;
  dmTableSetRestrictions(table, md.disk);
}

/** cleanup_mapped_device. */
export function dmDestroy(md: MappedDevice): void {
  killDax(md.kernel, md.dax);
  md.kernel.disks.delete(md.disk.name);
}
