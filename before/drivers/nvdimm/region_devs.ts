/**
 * drivers/nvdimm/region_devs.c: regions, and the flush that completes every write to them
 * (nvdimm-and-firmware.md 4).
 */
import { wmb, writeqFlushHint } from '#kernel/arch/x86/special-insns.ts';
import type { NdMapping, NdRegion, NvdimmBus, RegionType } from '#kernel/drivers/nvdimm/nd.ts';
import { ENXIO } from '#kernel/errno.ts';
import { type Kernel, mustExist, print, staticVariable } from '#kernel/kernel.ts';

/** Mappings must be multiples of this, bytes. */
const SZ_4K = 4096;

/** Lanes of a region (ND_MAX_LANES). */
const ND_MAX_LANES = 256;

/** GOLDEN_RATIO_32 of include/linux/hash.h. */
const GOLDEN_RATIO_32 = 0x61c88647;

const flushIdx = staticVariable('flush_idx', () => ({ value: 0 }));
const regionIda = staticVariable('region_ida', () => new Set<number>());

/** struct nd_region_desc: what a bus provider says of a region. */
export interface NdRegionDesc {
  readonly start: number;
  readonly sizeBytes: number;
  readonly mappings: readonly NdMapping[];
  readonly lanes?: number;
  readonly pagemap?: boolean;
}

/** hash_32(value, bits): the multiplicative hash of include/linux/hash.h. */
function hash32(value: number, bits: number): number {
  return (Math.imul(value, GOLDEN_RATIO_32) >>> 0) >>> (32 - bits);
}

/**
 * nd_region_activate: collects the flush hints of the region's dimms (the smallest count rules, rounded down to a
 * power of two) and drops a dimm's slot 0 when an earlier dimm has the same address. Returns 0 or a negative error.
 */
export function ndRegionActivate(region: NdRegion): number {
  const counts = region.mappings.map(({ nvdimm }) => nvdimm.flushHints.length).filter((count) => count > 0);
  const hintsShift = counts.length === 0 ? 0 : Math.floor(Math.log2(Math.min(...counts)));
  const flushWpq = region.mappings.map(({ nvdimm }): (number | undefined)[] =>
    counts.length === 0
      ? []
      : Array.from({ length: 1 << hintsShift }, (_, slot) =>
          mustExist(nvdimm.flushHints[slot], 'flush_wpq[0]'),
        ),
  );
  flushWpq.forEach((slots, mapping) => {
    if (flushWpq.slice(0, mapping).some((earlier) => earlier[0] === slots[0])) slots[0] = undefined;
  });
  region.driverData = { hintsShift, flushWpq };
  return 0;
}

/** nd_region_create: a region of `type` as `desc` says, `undefined` when a mapping is not 4K aligned. */
function ndRegionCreateType(bus: NvdimmBus, desc: NdRegionDesc, type: RegionType): NdRegion | undefined {
  const { kernel } = bus;
  for (const [index, mapping] of desc.mappings.entries()) {
    if (mapping.start % SZ_4K === 0 && mapping.sizeBytes % SZ_4K === 0) continue;
    print(kernel, 'error', bus.name, `mapping${index} is not 4K aligned`);
    return undefined;
  }
  const id = firstFree(regionIda(kernel));
  const region: NdRegion = {
    kernel,
    bus,
    id,
    name: `region${id}`,
    type,
    start: desc.start,
    sizeBytes: desc.sizeBytes,
    mappings: desc.mappings,
    readOnly: desc.mappings.some(({ nvdimm }) => nvdimm.unarmed),
    lanes: desc.lanes ?? ND_MAX_LANES,
    pagemap: desc.pagemap ?? false,
  };
  bus.regions.push(region);
  return region;
}

function firstFree(used: Set<number>): number {
  let id = 0;
  while (used.has(id)) id++;
  used.add(id);
  return id;
}

/** nvdimm_pmem_region_create, nvdimm_volatile_region_create, nvdimm_blk_region_create. */
export function ndRegionCreate(bus: NvdimmBus, desc: NdRegionDesc, type: RegionType): NdRegion | undefined {
  return ndRegionCreateType(bus, desc, type);
}

/** generic nvdimm_flush: see `nvdimmFlush`. Picks a hint slot by a hash of the task and a per-CPU counter. */
function nextHintIndex(kernel: Kernel): number {
  const index = flushIdx(kernel);
  index.value = (index.value + hash32(kernel.current.pid + index.value, 8)) | 0;
  return index.value;
}

/**
 * nvdimm_flush(region): fence, one hint store for each dimm that has hints, fence. Two fences always, also without
 * hints. Completes every earlier non-temporal store and cache write-back of this CPU.
 */
export function nvdimmFlush(region: NdRegion): void {
  const { kernel } = region;
  const { hintsShift, flushWpq } = mustExist(region.driverData, 'nd_region drvdata');
  const index = nextHintIndex(kernel);
  wmb(kernel);
  for (const slots of flushWpq) {
    const hint = slots[index & ((1 << hintsShift) - 1)];
    if (slots[0] !== undefined && hint !== undefined) writeqFlushHint(kernel, hint);
  }
  wmb(kernel);
}

/** nvdimm_has_flush(region): 1 with flush hints, 0 when the platform drains by itself, -ENXIO when nobody knows. */
export function nvdimmHasFlush(region: NdRegion): number {
  if (region.mappings.length === 0) return -ENXIO;
  return region.mappings.some(({ nvdimm }) => nvdimm.flushHints.length > 0) ? 1 : 0;
}
