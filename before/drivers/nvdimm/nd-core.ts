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
