/** drivers/nvdimm/nd-core.h: what kind of region a region is (nvdimm-and-firmware.md 4.6). */
import type { NdRegion } from '#kernel/drivers/nvdimm/nd.ts';

/** is_nd_pmem(dev). */
export function isNdPmem(region: NdRegion): boolean {
  return region.type === 'nd_pmem';
}

/** is_nd_blk(dev). */
export function isNdBlk(region: NdRegion): boolean {
  return region.type === 'nd_blk';
}

/** is_nd_region(dev). */
export function isNdRegion(region: NdRegion): boolean {
  return isNdPmem(region) || isNdBlk(region) || isNdVolatile(region);
}

/** is_memory(dev): a region whose bytes can be reached by address. */
export function isMemory(region: NdRegion): boolean {
  return isNdPmem(region) || isNdVolatile(region);
}

/** is_nd_volatile(dev). */
export function isNdVolatile(region: NdRegion): boolean {
  return region.type === 'nd_volatile';
}
