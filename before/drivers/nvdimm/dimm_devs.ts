/**
 * drivers/nvdimm/dimm_devs.c: how much of a dimm is still free, for memory and for block windows. Both may reach the
 * same cells: what a memory namespace took is lost to block windows, and so is everything below it in its region
 * (nvdimm-and-firmware.md 7.1, 16.3).
 */
import type { DpaAllocation, NdMapping, NdRegion, Nvdimm } from '#kernel/drivers/nvdimm/nd.ts';
import { isNdPmem } from './nd-core.ts';

/** Whether an allocation lies in a mapping. */
function isInside(mapping: NdMapping, { start, length }: DpaAllocation): boolean {
  return start >= mapping.start && start + length <= mapping.start + mapping.sizeBytes;
}

/**
 * alias_dpa_busy: how many bytes of `nvdimm` a memory region of the same bus keeps from block windows: from the start
 * of its mapping to the end of the highest namespace there.
 */
function aliasDpaBusy(region: NdRegion, nvdimm: Nvdimm): number {
  if (!isNdPmem(region)) return 0;
  const mapping = region.mappings.find((candidate) => candidate.nvdimm === nvdimm);
  if (mapping === undefined) return 0;
  const taken = (nvdimm.allocations ?? []).filter(({ kind }) => kind === 'pmem');
  const ends = taken
    .filter((allocation) => isInside(mapping, allocation))
    .map(({ start, length }) => start + length - mapping.start);
  return Math.max(0, ...ends);
}

/** nd_blk_available_dpa: bytes of a mapping that block namespaces may still take. */
export function ndBlkAvailableDpa(region: NdRegion, { nvdimm, sizeBytes }: NdMapping): number {
  if (nvdimm.labelAreaBytes === undefined) return 0;
  const busy = region.bus.regions.reduce((sum, other) => sum + aliasDpaBusy(other, nvdimm), 0);
  const taken = (nvdimm.allocations ?? []).filter(({ kind }) => kind === 'blk');
  return sizeBytes - busy - taken.reduce((sum, { length }) => sum + length, 0);
}

/** nd_pmem_available_dpa: bytes of a mapping that memory namespaces may still take; 0 for a dimm without labels. */
export function ndPmemAvailableDpa({ nvdimm, start, sizeBytes }: NdMapping): number {
  if (nvdimm.labelAreaBytes === undefined) return 0;
  const taken = (nvdimm.allocations ?? []).filter((allocation) =>
    isInside({ nvdimm, start, sizeBytes }, allocation),
  );
  return sizeBytes - taken.reduce((sum, { length }) => sum + length, 0);
}
