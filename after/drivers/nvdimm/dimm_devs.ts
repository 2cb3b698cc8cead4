/**
 * drivers/nvdimm/dimm_devs.c: how much of a dimm is still free, for memory and for block windows. Both may reach the
 * same cells: what a memory namespace took is lost to block windows, and so is everything below it in its region
 * (nvdimm-and-firmware.md 7.1, 16.3).
 */
import { type FreeRoom, endOf } from '#kernel/drivers/nvdimm/dpa.ts';
import type { NdMapping, NdRegion, Nvdimm } from '#kernel/drivers/nvdimm/nd.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { MemremapType } from '#kernel/mm/memremap.ts';
import { isMemory } from './nd-core.ts';
import { archMemremapPmem } from './pmem.h.ts';

/** nd_blk_memremap_flags(ndbr): how block apertures are mapped, for providers that do not see the driver's header. */
export function ndBlkMemremapFlags(kernel: Kernel): MemremapType {
  return archMemremapPmem(kernel);
}

/** What a memory region keeps from block windows on one dimm: `[start, freeStart)` of its mapping up to `end`. */
interface AliasedRoom {
  readonly start: number;
  readonly freeStart: number;
  readonly end: number;
}

/**
 * alias_dpa_busy: what a memory region of the same bus keeps from block windows on `nvdimm`: from the start of its
 * mapping to the end of the last memory namespace there.
 */
function aliasDpaBusy(region: NdRegion, nvdimm: Nvdimm): AliasedRoom | undefined {
  if (!isMemory(region)) return undefined;
  const mapping = region.mappings.find((candidate) => candidate.nvdimm === nvdimm);
  if (mapping === undefined) return undefined;
  const { start } = mapping;
  const end = endOf(mapping);
  const taken = (nvdimm.driverData?.dpa ?? []).filter(
    (resource) => resource.labelId.startsWith('pmem') && resource.start < end && endOf(resource) > start,
  );
  return {
    start,
    freeStart: Math.max(start, ...taken.map((resource) => Math.min(end, endOf(resource)))),
    end,
  };
}

/** space_valid for block windows: moves the start of free room behind the memory namespaces around it. */
export function clipAliased({ bus, mappings }: NdRegion, room: FreeRoom): void {
  for (const region of bus.regions) {
    const aliased = mappings[0] === undefined ? undefined : aliasDpaBusy(region, mappings[0].nvdimm);
    if (aliased === undefined || room.start < aliased.start || room.start >= aliased.end) continue;
    if (aliased.freeStart <= room.start) continue;
    room.start = Math.min(aliased.freeStart, room.end);
    return;
  }
}

/** nd_blk_available_dpa: bytes of a mapping that block namespaces may still take; 0 without labels. */
export function ndBlkAvailableDpa({ bus }: NdRegion, { nvdimm, sizeBytes }: NdMapping): number {
  if (nvdimm.driverData === undefined) return 0;
  const busy = bus.regions.reduce((sum, region) => {
    const { start = 0, freeStart = 0 } = aliasDpaBusy(region, nvdimm) ?? {};
    return sum + freeStart - start;
  }, 0);
  const taken = nvdimm.driverData.dpa.filter(({ labelId }) => labelId.startsWith('blk'));
  return sizeBytes - busy - taken.reduce((sum, resource) => sum + resource.sizeBytes, 0);
}

/**
 * nd_pmem_available_dpa: bytes of a mapping that memory namespaces may still take, and how many bytes at its end block
 * windows have on this dimm or, as `overlapBytes` says, on another of the set.
 */
export function ndPmemAvailableDpa(
  { nvdimm, start, sizeBytes }: NdMapping,
  overlapBytes: number,
): { readonly availableBytes: number; readonly overlapBytes: number } {
  const end = start + sizeBytes;
  let blkStart = Math.max(start, end - overlapBytes);
  let busy = 0;
  for (const resource of nvdimm.driverData?.dpa ?? []) {
    if (resource.start >= end || endOf(resource) <= start) continue;
    if (resource.labelId.startsWith('blk')) blkStart = Math.min(blkStart, Math.max(start, resource.start));
    else busy += resource.sizeBytes;
  }
  return { availableBytes: Math.max(0, blkStart - start - busy), overlapBytes: end - blkStart };
}
