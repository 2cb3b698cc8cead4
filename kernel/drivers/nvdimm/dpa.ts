/**
 * Room on dimms for labelled memory namespaces (drivers/nvdimm/dimm_devs.c and namespace_devs.c, the parts that the
 * series leaves alone; nvdimm-and-firmware.md 7.2). A namespace lies at the same place in every mapping of its
 * region, so room is looked for at offsets within one mapping.
 */
import type { NdRegion } from './nd.ts';

/** Parts of a region that are taken, as ranges within one mapping, ascending. */
function takenExtents(region: NdRegion): { start: number; end: number }[] {
  return region.mappings
    .flatMap(({ nvdimm, start, sizeBytes }) =>
      (nvdimm.allocations ?? [])
        .filter((part) => part.start >= start && part.start < start + sizeBytes)
        .map((part) => ({ start: part.start - start, end: part.start - start + part.length })),
    )
    .sort((left, right) => left.start - right.start);
}

/** The lowest offset within the region where `sizeBytes` fit; `undefined` when they do not. */
export function freeExtent(region: NdRegion, sizeBytes: number): number | undefined {
  const ways = region.mappings.length;
  const each = sizeBytes / ways;
  let offset = 0;
  for (const { start, end } of takenExtents(region)) {
    if (start - offset >= each) break;
    offset = Math.max(offset, end);
  }
  const room = Math.min(...region.mappings.map((mapping) => mapping.sizeBytes));
  return offset + each <= room ? offset * ways : undefined;
}

/** Takes `[offset, offset + sizeBytes)` of the region for a namespace, an equal part of each mapping. */
export function allocateDpa(region: NdRegion, namespace: string, offset: number, sizeBytes: number): void {
  const ways = region.mappings.length;
  for (const { nvdimm, start } of region.mappings) {
    const part = { start: start + offset / ways, length: sizeBytes / ways, namespace, kind: 'pmem' as const };
    nvdimm.allocations?.push(part);
  }
}

/** Gives back what a namespace has. */
export function releaseDpa(region: NdRegion, namespace: string): void {
  for (const { nvdimm } of region.mappings) {
    const { allocations } = nvdimm;
    const kept = (allocations ?? []).filter((part) => part.namespace !== namespace);
    allocations?.splice(0, allocations.length, ...kept);
  }
}
