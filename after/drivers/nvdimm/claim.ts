/** drivers/nvdimm/claim.c: raw byte access to a namespace, for info blocks and BTT (nvdimm-and-firmware.md 5). */
import { badblocksClear, newBadBlocks } from '#kernel/block/badblocks.ts';
import { type NamespaceIo, isBadPmem } from '#kernel/drivers/nvdimm/nd.ts';
import { EBUSY, EFAULT, EIO } from '#kernel/errno.ts';
import { print, warnOnce } from '#kernel/kernel.ts';
import { releaseMemRegion, requestMemRegion } from '#kernel/mm/memremap.ts';
import { memcpyFlushcache, memcpyMcsafe } from '../../include/linux/string.ts';
import { nvdimmClearPoison } from './bus.ts';
import { nvdimmBadblocksPopulate } from './core.ts';
import { archInvalidatePmem } from './pmem.h.ts';
import { nvdimmFlush } from './region_devs.ts';

/** Flags of a raw access: `NVDIMM_IO_ATOMIC`, the caller can not sleep. */
export interface RawAccessFlags {
  readonly atomic?: boolean;
}

/**
 * nsio_rw_bytes(ndns, offset, buf, size, rw, flags): reads or writes bytes of a raw namespace. A write is always
 * flushed, and happens even when its result is -EIO because a bad sector under it could not be cleared (B18).
 * Returns 0 or a negative error.
 */
export function nsioRwBytes(
  namespace: NamespaceIo,
  offset: number,
  buffer: Uint8Array,
  isWrite: boolean,
  flags: RawAccessFlags = {},
): number {
  const { kernel } = namespace.region;
  const sizeBytes = buffer.length;
  if (sizeBytes === 0) return 0;
  if (warnOnce(kernel, offset + sizeBytes > namespace.sizeBytes, 'request out of range')) return -EFAULT;
  const sector = Math.floor(offset / 512);
  const bad = isBadPmem(namespace.badblocks, sector, Math.ceil((sizeBytes + (offset % 512)) / 512) * 512);
  if (!isWrite) {
    if (bad) return -EIO;
    return memcpyMcsafe(kernel, buffer, namespace.start + offset);
  }
  const result = bad ? nsioClearPoison(namespace, offset, sizeBytes, flags) : 0;
  memcpyFlushcache(kernel, namespace.start + offset, buffer);
  nvdimmFlush(namespace.region);
  return result;
}

/** The bad-sector branch of nsio_rw_bytes: clears whole sectors when it may sleep and nobody claims the namespace. */
function nsioClearPoison(
  namespace: NamespaceIo,
  offset: number,
  sizeBytes: number,
  flags: RawAccessFlags,
): number {
  const aligned = offset % 512 === 0 && sizeBytes % 512 === 0;
  if (!aligned || flags.atomic === true || namespace.claim !== undefined) return -EIO;
  const { kernel, bus } = namespace.region;
  const cleared = nvdimmClearPoison(bus, namespace.start + offset, sizeBytes);
  // A negative `cleared` is compared as a huge unsigned number: a failed clear looks like a full one.
  const result = cleared >= 0 && cleared < sizeBytes ? -EIO : 0;
  if (cleared >= 512 && namespace.badblocks !== undefined) {
    badblocksClear(namespace.badblocks, offset / 512, Math.floor(cleared / 512));
  }
  archInvalidatePmem(kernel, namespace.start + offset, sizeBytes);
  return result;
}

/** devm_nsio_enable: claims the memory and sets up raw access. Returns 0, or -EBUSY with a warning. */
export function devmNsioEnable(namespace: NamespaceIo): number {
  const { kernel } = namespace.region;
  if (requestMemRegion(kernel, namespace.start, namespace.sizeBytes, namespace.name) !== 0) {
    print(kernel, 'warning', namespace.name, 'could not reserve region');
    return -EBUSY;
  }
  namespace.badblocks = newBadBlocks();
  nvdimmBadblocksPopulate(namespace.region, namespace.badblocks, namespace);
  return 0;
}

/** devm_nsio_disable: gives up raw access. */
export function devmNsioDisable(namespace: NamespaceIo): void {
  delete namespace.badblocks;
  releaseMemRegion(namespace.region.kernel, namespace.start);
}
