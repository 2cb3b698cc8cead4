/**
 * drivers/nvdimm/region.c: the driver that binds to regions (nvdimm-and-firmware.md 4.9). The series left it alone,
 * also where it asks for a pmem region: a volatile one never gets a bad-block table.
 */
import { newBadBlocks } from '../../block/badblocks.ts';
import { ENODEV, ENXIO } from '../../errno.ts';
import type { Tree } from '../../tree.ts';
import { freeClaimName } from './claims.ts';
import type { NdRegion } from './nd.ts';

type Nvdimm = Tree['nvdimm'];

/** The names of what user space may configure next. */
function seedsOf(nvdimm: Nvdimm, region: NdRegion, first: string | undefined) {
  const pfn = nvdimm.ndPfnCreate(region);
  const dax = nvdimm.ndDaxCreate(region);
  return {
    btt: freeClaimName(region, 'btt'),
    ...(first === undefined ? {} : { namespace: first }),
    ...(pfn === undefined ? {} : { pfn }),
    ...(dax === undefined ? {} : { dax }),
  };
}

/** nd_blk_region_init: maps the windows of a region of block windows. */
function ndBlkRegionInit(region: NdRegion): number {
  if (region.type !== 'nd_blk') return 0;
  return region.blk?.enable(region) ?? -ENXIO;
}

/**
 * nd_region_probe: activates the region, registers its namespaces and fills its bad-block table. Returns 0, -ENODEV
 * for a region that no driver matches or that has no namespaces, or the error of the activation.
 */
export function ndRegionProbe({ nvdimm }: Tree, region: NdRegion): number {
  if (nvdimm.toNdDeviceType(region) === 0) return -ENODEV;
  const error = nvdimm.ndRegionActivate(region) || ndBlkRegionInit(region);
  if (error !== 0) return error;
  const namespaces = nvdimm.ndRegionRegisterNamespaces(region);
  if (typeof namespaces === 'number') {
    delete region.driverData;
    return namespaces;
  }
  if (region.type === 'nd_pmem') {
    region.badblocks = newBadBlocks();
    region.badblocksFreed = false;
    nvdimm.nvdimmBadblocksPopulate(region, region.badblocks, region);
  }
  const { length } = namespaces;
  const seeds = seedsOf(nvdimm, region, namespaces[0]?.name);
  region.children = { namespaces, active: length, count: length, seeds, claims: new Map() };
  return 0;
}

/** nd_region_remove, after the children are gone: no flush here. The file of the bad blocks stays. */
export function ndRegionRemove({ nvdimm }: Tree, region: NdRegion): void {
  nvdimm.ndRegionNotifyDriverAction(region, false);
  delete region.driverData;
  region.badblocksFreed = true;
}

/** nd_region_notify(NVDIMM_REVALIDATE_POISON), the region's own part: its children are told afterwards. */
export function ndRegionNotify({ nvdimm }: Tree, region: NdRegion): void {
  if (region.type !== 'nd_pmem' || region.badblocks === undefined) return;
  nvdimm.nvdimmBadblocksPopulate(region, region.badblocks, region);
}
