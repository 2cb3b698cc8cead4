/**
 * drivers/nvdimm/pmem.c: the block and dax driver of persistent memory (nvdimm-and-firmware.md 2). Bios complete
 * synchronously; PREFLUSH comes before the data, FUA after it, also after a failure.
 */
import { type BadBlocks, badblocksClear, newBadBlocks } from '#kernel/block/badblocks.ts';
import { type Bio, type BioVec, SECTOR_SIZE, bioEndio } from '#kernel/block/bio.ts';
import { type GenDisk, type RequestQueue, blkQueueWriteCache, newQueue } from '#kernel/block/disk.ts';
import { type NamespaceIo, isBadPmem } from '#kernel/drivers/nvdimm/nd.ts';
import { EBUSY, EIO } from '#kernel/errno.ts';
import { type DirectAccess, noAccess } from '#kernel/fs/dax-device.ts';
import { type Kernel, isEnabled, print } from '#kernel/kernel.ts';
import type { Page } from '#kernel/lib/user-memory.ts';
import { releaseMemRegion, requestMemRegion } from '#kernel/mm/memremap.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { DaxOperations } from '../../include/linux/dax.ts';
import { memcpyFlushcache, memcpyMcsafe } from '../../include/linux/string.ts';
import { copyFromIterFlushcache } from '../../include/linux/uio.ts';
import { allocDax, killDax } from '../dax/super.ts';
import { nvdimmClearPoison, nvdimmRevalidateDisk } from './bus.ts';
import { nvdimmBadblocksPopulate } from './core.ts';
import { type PmemDevice, archInvalidatePmem, archWbCachePmem } from './pmem.h.ts';
import { nvdimmFlush, nvdimmHasCache, nvdimmHasFlush } from './region_devs.ts';

const kernelOf = (pmem: PmemDevice): Kernel => pmem.namespace.region.kernel;

/**
 * pmem_clear_poison: has the platform clear `length` bytes, takes the cleared sectors off the disk's list, and drops
 * the cached lines. Returns 0, or -EIO when not everything was cleared.
 */
function pmemClearPoison(pmem: PmemDevice, offset: number, length: number): number {
  const sector = (offset - pmem.dataOffset) / SECTOR_SIZE;
  const cleared = nvdimmClearPoison(pmem.namespace.region.bus, pmem.physAddr + offset, length);
  if (cleared >= SECTOR_SIZE) badblocksClear(pmem.badblocks, sector, Math.floor(cleared / SECTOR_SIZE));
  archInvalidatePmem(kernelOf(pmem), pmem.virtAddr + offset, length);
  return cleared < length ? -EIO : 0;
}

/** write_pmem: copies a piece of a page to the device. */
function writePmem(kernel: Kernel, address: number, page: Page, offset: number, length: number): void {
  memcpyFlushcache(kernel, address, page.bytes.subarray(offset, offset + length));
}

/** read_pmem: copies from the device to a piece of a page. Returns 0, or -EIO for a machine check. */
function readPmem(kernel: Kernel, page: Page, offset: number, address: number, length: number): number {
  return memcpyMcsafe(kernel, page.bytes.subarray(offset, offset + length), address) === 0 ? 0 : -EIO;
}

/**
 * pmem_do_bvec: one segment. A read over a bad sector is refused untouched; a write over one is done, the poison
 * cleared, and the same data written again. Returns 0 or -EIO; the data is there even then.
 */
function pmemDoBvec(pmem: PmemDevice, segment: BioVec, isWrite: boolean, sector: number): number {
  const kernel = kernelOf(pmem);
  const { page, offset, lengthBytes } = segment;
  const pmemOffset = sector * SECTOR_SIZE + pmem.dataOffset;
  const address = pmem.virtAddr + pmemOffset;
  const bad = isBadPmem(pmem.badblocks, sector, lengthBytes);
  if (!isWrite) return bad ? -EIO : readPmem(kernel, page, offset, address, lengthBytes);
  writePmem(kernel, address, page, offset, lengthBytes);
  if (!bad) return 0;
  const result = pmemClearPoison(pmem, pmemOffset, lengthBytes);
  writePmem(kernel, address, page, offset, lengthBytes);
  return result;
}

/** pmem_make_request: PREFLUSH, then the segments up to the first error, then FUA. */
function pmemMakeRequest(pmem: PmemDevice, bio: Bio): void {
  const { region } = pmem.namespace;
  if (bio.preflush) nvdimmFlush(region);
  let { sector } = bio;
  for (const segment of bio.segments) {
    bio.status = pmemDoBvec(pmem, segment, bio.operation === 'write', sector);
    if (bio.status !== 0) break;
    sector += segment.lengthBytes / SECTOR_SIZE;
  }
  if (bio.fua) nvdimmFlush(region);
  bioEndio(bio);
}

/** pmem_rw_page: one page, without flush. Returns 0 or a negative error. */
function pmemRwPage(pmem: PmemDevice, sector: number, page: Page, isWrite: boolean): number {
  return pmemDoBvec(pmem, { page, offset: 0, lengthBytes: PAGE_SIZE_BYTES }, isWrite, sector);
}

/**
 * __pmem_direct_access: -EIO when any sector of the request is bad; exactly the pages asked for when any sector of
 * the device is; else all pages to the end.
 */
function pmemDirectAccess(pmem: PmemDevice, pgoff: number, pageCount: number): DirectAccess {
  const offset = pgoff * PAGE_SIZE_BYTES + pmem.dataOffset;
  const sector = (pgoff * PAGE_SIZE_BYTES) / SECTOR_SIZE;
  if (isBadPmem(pmem.badblocks, sector, pageCount * PAGE_SIZE_BYTES)) return noAccess(-EIO);
  const toEnd = Math.floor((pmem.sizeBytes - pmem.pfnPad - offset) / PAGE_SIZE_BYTES);
  const pages = pmem.badblocks.ranges.length > 0 ? pageCount : toEnd;
  const { hasStructPages } = pmem;
  return { pages, address: pmem.virtAddr + offset, pfnAddress: pmem.physAddr + offset, hasStructPages };
}

/** pmem_dax_ops; `pmem` gives the device behind it (dax_get_private). */
function pmemDaxOps(pmem: () => PmemDevice): DaxOperations {
  return {
    directAccess: (_kernel, _dax, pgoff, pageCount) => pmemDirectAccess(pmem(), pgoff, pageCount),
    copyFromIter: (kernel, _dax, _pgoff, address, bytes, iter) =>
      copyFromIterFlushcache(kernel, address, bytes, iter),
    flush: (kernel, _dax, _pgoff, address, sizeBytes) => archWbCachePmem(kernel, address, sizeBytes),
  };
}

/** Where a pmem disk's data lies in its namespace: a pfn device keeps an info block and a memory map before it. */
export interface PmemLayout {
  readonly dataOffset: number;
  /** Bytes left out at the start, and at both ends together. */
  readonly startPad: number;
  readonly pfnPad: number;
  readonly hasStructPages: boolean;
}

/**
 * pmem_attach_disk: claims the memory of a namespace and makes a disk and a dax device of it. Returns the device, or
 * -EBUSY when the memory is claimed.
 */
export function pmemAttachDisk(
  namespace: NamespaceIo,
  diskName: string,
  layout: PmemLayout,
): PmemDevice | number {
  const { region } = namespace;
  const { kernel } = region;
  let fua = nvdimmHasFlush(region);
  if (!isEnabled(kernel, 'ARCH_HAS_UACCESS_FLUSHCACHE') || fua < 0) {
    print(kernel, 'warning', namespace.name, 'unable to guarantee persistence of writes');
    fua = 0;
  }
  if (requestMemRegion(kernel, namespace.start, namespace.sizeBytes, diskName) !== 0) {
    print(kernel, 'warning', namespace.name, 'could not reserve region');
    return -EBUSY;
  }
  const queue: RequestQueue = newQueue((bio) => pmemMakeRequest(pmem, bio));
  blkQueueWriteCache(queue, nvdimmHasCache(region), fua > 0);
  queue.physicalBlockSize = PAGE_SIZE_BYTES;
  queue.dax = true;
  const badblocks = pmemBadblocks(namespace, layout);
  const disk: GenDisk = {
    name: diskName,
    driver: 'pmem',
    queue,
    readOnly: false,
    capacitySectors: Math.floor((namespace.sizeBytes - layout.pfnPad - layout.dataOffset) / SECTOR_SIZE),
    badblocks,
    rwPage: (sector, page, isWrite) => pmemRwPage(pmem, sector, page, isWrite),
  };
  const { start: physAddr, sizeBytes } = namespace;
  const dax = allocDax(
    kernel,
    diskName,
    pmemDaxOps(() => pmem),
  );
  const pmem: PmemDevice = {
    ...layout,
    namespace,
    physAddr,
    virtAddr: physAddr + layout.startPad,
    sizeBytes,
    badblocks,
    dax,
    disk,
  };
  kernel.disks.set(diskName, disk);
  nvdimmRevalidateDisk(region, disk);
  return pmem;
}

/** The disk's bad sectors as the bus knows them now. */
function pmemBadblocks(namespace: NamespaceIo, layout: PmemLayout): BadBlocks {
  const table = newBadBlocks();
  const start = namespace.start + layout.startPad + layout.dataOffset;
  nvdimmBadblocksPopulate(namespace.region, table, {
    start,
    sizeBytes: namespace.sizeBytes - layout.pfnPad - layout.dataOffset,
  });
  return table;
}

/** pmem_release_disk and nd_pmem_remove: the dax device dies, the disk goes, then one flush. */
export function ndPmemRemove(pmem: PmemDevice): void {
  const kernel = kernelOf(pmem);
  killDax(kernel, pmem.dax);
  kernel.disks.delete(pmem.disk.name);
  releaseMemRegion(kernel, pmem.physAddr);
  nvdimmFlush(pmem.namespace.region);
}

/** nd_pmem_shutdown: one flush. */
export function ndPmemShutdown(pmem: PmemDevice): void {
  nvdimmFlush(pmem.namespace.region);
}

/** nd_pmem_notify(NVDIMM_REVALIDATE_POISON): adds what the bus has learnt since; nothing is taken off. */
export function ndPmemNotify(pmem: PmemDevice): void {
  nvdimmBadblocksPopulate(pmem.namespace.region, pmem.badblocks, {
    start: pmem.virtAddr + pmem.dataOffset,
    sizeBytes: pmem.sizeBytes - pmem.pfnPad - pmem.dataOffset,
  });
}
