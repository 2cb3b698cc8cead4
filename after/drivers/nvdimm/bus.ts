/** drivers/nvdimm/bus.c: clearing poison through the bus provider (6.3, 6.4) and read-only disks (6.6). */
import { badblocksClear } from '#kernel/block/badblocks.ts';
import type { GenDisk } from '#kernel/block/disk.ts';
import type { NdRegion, NvdimmBus } from '#kernel/drivers/nvdimm/nd.ts';
import { ENOTTY, ENXIO } from '#kernel/errno.ts';
import { print } from '#kernel/kernel.ts';
import { nvdimmForgetPoison } from './core.ts';
import { isMemory, isNdBlk, isNdPmem, isNdRegion } from './nd-core.ts';

/** nvdimm_clear_badblocks_region: for each pmem region that holds the cleared range, except one that ends with it. */
function nvdimmClearBadblocksRegions(bus: NvdimmBus, start: number, cleared: number): void {
  for (const region of bus.regions) {
    if (!isNdPmem(region) || region.badblocks === undefined) continue;
    const lastByte = region.start + region.sizeBytes - 1;
    if (start < region.start || start + cleared > lastByte) continue;
    badblocksClear(region.badblocks, Math.floor((start - region.start) / 512), Math.floor(cleared / 512));
  }
}

/** nvdimm_account_cleared_poison: the bus and its regions forget what the platform cleared. */
function nvdimmAccountClearedPoison(bus: NvdimmBus, start: number, cleared: number): void {
  if (cleared > 0) nvdimmForgetPoison(bus, start, cleared);
  if (cleared >= 512) nvdimmClearBadblocksRegions(bus, start, cleared);
}

/**
 * nvdimm_clear_poison(dev, phys, len): asks the platform to clear a physical range. Returns the bytes cleared, which
 * may be fewer, or a negative error: -ENXIO when the range does not fit the platform's clear unit. A bus without
 * commands pretends success.
 */
export function nvdimmClearPoison(bus: NvdimmBus, start: number, length: number): number {
  if (bus.commands === undefined) return length;
  const capability = bus.commands.arsCap(start, length);
  if (typeof capability === 'number') return capability;
  const unit = capability.clearErrUnit;
  if (unit === 0 || !Number.isInteger(Math.log2(unit))) return -ENXIO;
  if (start % unit !== 0 || length % unit !== 0) return -ENXIO;
  const cleared = bus.commands.clearError(start, length);
  if (cleared < 0) return cleared;
  nvdimmAccountClearedPoison(bus, start, cleared);
  return cleared;
}

/**
 * __nd_ioctl with ND_CMD_CLEAR_ERROR: user space clears a physical range. The bus and its regions forget it; the
 * tables of attached disks are not told. Returns the bytes cleared or a negative error; -ENOTTY without commands.
 */
export function ndIoctlClearError(bus: NvdimmBus, start: number, length: number): number {
  if (bus.commands === undefined) return -ENOTTY;
  const cleared = bus.commands.clearError(start, length);
  if (cleared > 0) nvdimmAccountClearedPoison(bus, start, cleared);
  return cleared;
}

/**
 * to_nd_device_type: the number drivers match on (include/uapi/linux/ndctl.h): 2 a memory region, 3 a blk region, 0 for
 * what no driver binds to.
 */
export function toNdDeviceType(region: NdRegion): number {
  if (isMemory(region)) return 2;
  return isNdBlk(region) ? 3 : 0;
}

/** nvdimm_bus_uevent: whether the event of a new device names the NUMA node of its region. */
export function ueventHasNumaNode(region: NdRegion): boolean {
  return isNdRegion(region);
}

/** to_bus_provider: whether binding a driver to a region keeps the module of its bus provider loaded. */
export function pinsBusProvider(region: NdRegion): boolean {
  return isNdRegion(region);
}

/** nvdimm_revalidate_disk: the disk takes over the region's read-only state. */
export function nvdimmRevalidateDisk(region: NdRegion, disk: GenDisk): void {
  if (region.readOnly === disk.readOnly) return;
  disk.readOnly = region.readOnly;
  print(
    region.kernel,
    'info',
    disk.name,
    `${region.name} read-${region.readOnly ? 'only' : 'write'}, marking ${disk.name} read-${region.readOnly ? 'only' : 'write'}`,
  );
}
