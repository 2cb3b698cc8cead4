/**
 * drivers/nvdimm/blk.c: the block driver over block windows (nvdimm-and-firmware.md 9.2). A namespace is made of
 * pieces of one dimm; a transfer that crosses the border of two is refused. Its queue has no write cache, and PREFLUSH
 * and FUA mean nothing here: every piece is flushed on its own. Integrity data of sectors is not modelled.
 */
import { roundUp } from '#machine/hardware/units.ts';
import { type Bio, SECTOR_SIZE, bioEndio } from '../../block/bio.ts';
import { type GenDisk, newQueue } from '../../block/disk.ts';
import { EFAULT, EIO, ENXIO } from '../../errno.ts';
import { warnOnce } from '../../kernel.ts';
import { labelIdOf, resourcesOf } from './dpa.ts';
import type { NamespaceIo } from './nd.ts';
import type { RawAccess } from './raw-access.ts';

/** INT_LBASIZE_ALIGNMENT: sectors lie on multiples of this on the dimm, bytes. */
const INTERNAL_ALIGNMENT_BYTES = 64;

/** nsblk_sector_size: what a sector holds of data, bytes. */
function sectorSizeOf(lbaSizeBytes: number): number {
  return lbaSizeBytes < 4096 ? 512 : 4096;
}

/** nd_namespace_blk_validate: whether labels are known for all that the namespace has of its dimm. */
export function ndNamespaceBlkValidate({ region, label }: NamespaceIo): boolean {
  const data = region.mappings[0]?.nvdimm.driverData;
  if (label === undefined || data === undefined || label.uuid === '' || label.lbaSizeBytes === 0)
    return false;
  const owned = resourcesOf(data, labelIdOf(label));
  const labelled = new Set(label.resources);
  return (
    owned.length === label.resources.length &&
    owned.every((resource) => !resource.isAdjusted && labelled.has(resource))
  );
}

/** to_dev_offset: where on the dimm `[offset, offset + sizeBytes)` of the namespace is; `undefined` for nowhere. */
function toDevOffset({ region, label }: NamespaceIo, offset: number, sizeBytes: number): number | undefined {
  let left = offset;
  for (const resource of label?.resources ?? []) {
    if (left < resource.sizeBytes) {
      const crosses = left + sizeBytes > resource.sizeBytes;
      return warnOnce(region.kernel, crosses, 'nd_blk: illegal request') ? undefined : resource.start + left;
    }
    left -= resource.sizeBytes;
  }
  return undefined;
}

function doIo(namespace: NamespaceIo, offset: number, buffer: Uint8Array, isWrite: boolean): number {
  const dpa = toDevOffset(namespace, offset, buffer.length);
  if (dpa === undefined) return -EIO;
  return namespace.region.blk?.doIo(dpa, buffer, isWrite) ?? -ENXIO;
}

/** nsblk_rw_bytes: raw bytes of the namespace. -EFAULT beyond its end, -EIO over the border of two pieces. */
export function nsblkRwBytes(namespace: NamespaceIo): RawAccess {
  return (offset, buffer, isWrite) => {
    const isBeyond = offset + buffer.length > namespace.sizeBytes;
    if (warnOnce(namespace.region.kernel, isBeyond, 'nd_blk: request out of range')) return -EFAULT;
    return doIo(namespace, offset, buffer, isWrite);
  };
}

/** nd_blk_make_request: segment by segment, up to the first error. */
function makeRequest(namespace: NamespaceIo, bio: Bio): void {
  const lbaSizeBytes = namespace.label?.lbaSizeBytes ?? SECTOR_SIZE;
  const internalBytes = roundUp(lbaSizeBytes, INTERNAL_ALIGNMENT_BYTES);
  let { sector } = bio;
  for (const { page, offset, lengthBytes } of bio.segments) {
    const lba = Math.floor((sector * SECTOR_SIZE) / sectorSizeOf(lbaSizeBytes));
    const bytes = page.bytes.subarray(offset, offset + lengthBytes);
    bio.status = doIo(namespace, lba * internalBytes, bytes, bio.operation === 'write');
    if (bio.status !== 0) break;
    sector += lengthBytes / SECTOR_SIZE;
  }
  bioEndio(bio);
}

/** nsblk_attach_disk: makes the disk `name` and enters it into the kernel's disks. */
export function nsblkAttachDisk(namespace: NamespaceIo, name: string): GenDisk {
  const { region, sizeBytes, label } = namespace;
  const lbaSizeBytes = label?.lbaSizeBytes ?? SECTOR_SIZE;
  const sectorBytes = sectorSizeOf(lbaSizeBytes);
  const queue = newQueue((bio) => makeRequest(namespace, bio));
  queue.logicalBlockSize = sectorBytes;
  queue.physicalBlockSize = sectorBytes;
  const sectorCount = Math.floor(sizeBytes / roundUp(lbaSizeBytes, INTERNAL_ALIGNMENT_BYTES));
  const disk: GenDisk = {
    name,
    driver: 'nd_blk',
    queue,
    readOnly: false,
    capacitySectors: (sectorCount * sectorBytes) / SECTOR_SIZE,
  };
  region.kernel.disks.set(name, disk);
  return disk;
}
