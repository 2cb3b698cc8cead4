/**
 * drivers/nvdimm/region_devs.c: regions, and the flush that completes every write to them
 * (nvdimm-and-firmware.md 4).
 */
import { wmb, writeqFlushHint } from '#kernel/arch/x86/special-insns.ts';
import type { NdRegion, NdRegionDesc, NvdimmBus, RegionType } from '#kernel/drivers/nvdimm/nd.ts';
import {
  type DeviceAttribute,
  REGION_ATTRIBUTES,
  strtobool,
} from '#kernel/drivers/nvdimm/region-attributes.ts';
import { EINVAL, ENXIO } from '#kernel/errno.ts';
import { type Kernel, isEnabled, mustExist, print, staticVariable } from '#kernel/kernel.ts';
import { ndBlkAvailableDpa, ndPmemAvailableDpa } from './dimm_devs.ts';
import { isMemory, isNdBlk, isNdPmem, isNdRegion } from './nd-core.ts';

/** Mappings must be multiples of this, bytes. */
const SZ_4K = 4096;

/** Lanes of a region (ND_MAX_LANES). */
const ND_MAX_LANES = 256;

/** GOLDEN_RATIO_32 of include/linux/hash.h. */
const GOLDEN_RATIO_32 = 0x61c88647;

const flushIdx = staticVariable('flush_idx', () => ({ value: 0 }));
const regionIda = staticVariable('region_ida', () => new Set<number>());

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

/**
 * nd_region_to_nstype: 5 (namespaces with labels) when a dimm is reachable in two ways, 4 (the whole region is one
 * namespace) when not, 6 for block windows, 0 for what no driver binds to.
 */
export function ndRegionToNstype(region: NdRegion): number {
  if (isMemory(region)) return region.mappings.some(({ nvdimm }) => nvdimm.aliasing) ? 5 : 4;
  return isNdBlk(region) ? 6 : 0;
}

/** size_show: bytes of memory, or of the one mapping of another region. */
function sizeShow(region: NdRegion): string {
  const [only] = region.mappings;
  if (isMemory(region)) return `${region.sizeBytes}\n`;
  return `${region.mappings.length === 1 && only !== undefined ? only.sizeBytes : 0}\n`;
}

/** deep_flush_show. */
function deepFlushShow(region: NdRegion): string {
  return `${nvdimmHasFlush(region)}\n`;
}

/** deep_flush_store: any true value flushes; a region that has no driver data is followed into NULL. */
function deepFlushStore(region: NdRegion, text: string): number {
  const flush = strtobool(text);
  if (flush !== true) return flush === false ? -EINVAL : flush;
  nvdimmFlush(region);
  return text.length;
}

/** set_cookie_show. */
function setCookieShow({ interleaveSet }: NdRegion): string | number {
  return interleaveSet === undefined ? -ENXIO : `0x${interleaveSet.cookie.toString(16)}\n`;
}

/**
 * nd_region_available_dpa: bytes of all mappings that new namespaces may take; 0 when a dimm keeps no labels. What
 * block windows have at the end of one mapping is lost to all of an interleave set.
 */
export function ndRegionAvailableDpa(region: NdRegion): number {
  if (region.mappings.some(({ nvdimm }) => nvdimm.driverData === undefined)) return 0;
  let overlapBytes = 0;
  for (;;) {
    let available = 0;
    let largest = overlapBytes;
    for (const mapping of region.mappings) {
      if (isMemory(region)) {
        const room = ndPmemAvailableDpa(mapping, overlapBytes);
        available += room.availableBytes;
        largest = Math.max(largest, room.overlapBytes);
      } else if (isNdBlk(region)) available += ndBlkAvailableDpa(region, mapping);
    }
    if (largest === overlapBytes) return available;
    overlapBytes = largest;
  }
}

/** region_visible: whether a region has the file, and with which mode; 0 hides it. */
export function regionVisible(region: NdRegion, name: string): number {
  if (name === 'pfn_seed' || name === 'dax_seed') return isMemory(region) ? 0o444 : 0;
  if (name === 'badblocks' || name === 'resource') return isNdPmem(region) ? 0o444 : 0;
  if (name === 'read_only') return 0o644;
  if (name === 'deep_flush') {
    const hasFlush = nvdimmHasFlush(region);
    if (hasFlush < 0) return 0;
    return hasFlush === 1 ? 0o644 : 0o444;
  }
  const hasSet = isMemory(region) && region.interleaveSet !== undefined;
  if (name === 'set_cookie') return hasSet ? 0o444 : 0;
  if (name === 'available_size') return ndRegionToNstype(region) >= 5 || hasSet ? 0o444 : 0;
  if (name.startsWith('mapping') && name !== 'mappings') {
    return Number(name.slice('mapping'.length)) < region.mappings.length ? 0o444 : 0;
  }
  return name === 'nfit/range_index' && region.rangeIndex === undefined ? 0 : 0o444;
}

/** nd_region_attributes: the files whose content depends on the type of the region; the others are the kernel's. */
export const ndRegionAttributes: ReadonlyMap<string, DeviceAttribute<NdRegion>> = new Map<
  string,
  DeviceAttribute<NdRegion>
>([
  ...REGION_ATTRIBUTES,
  ['size', { show: sizeShow }],
  ['nstype', { show: (region) => `${ndRegionToNstype(region)}\n` }],
  ['deep_flush', { show: deepFlushShow, store: deepFlushStore }],
  ['set_cookie', { show: setCookieShow }],
  ['available_size', { show: (region) => `${ndRegionAvailableDpa(region)}\n` }],
]);

/**
 * nd_region_notify_driver_action: what the region layer does when a driver was bound to a region or taken off: gives
 * up what the driver had. Labels stay.
 */
export function ndRegionNotifyDriverAction(region: NdRegion, isBound: boolean): void {
  if (isBound || !isNdRegion(region)) return;
  delete region.children;
  for (const mapping of region.mappings) delete mapping.labels;
}

/**
 * nd_region_create (nvdimm_pmem_region_create, nvdimm_volatile_region_create, nvdimm_blk_region_create): a region of
 * `type` as `desc` says; `undefined` when a mapping is not 4K aligned, or a blk region has not one mapping.
 */
export function ndRegionCreate(bus: NvdimmBus, desc: NdRegionDesc, type: RegionType): NdRegion | undefined {
  const { kernel } = bus;
  if (type === 'nd_blk' && desc.mappings.length !== 1) return undefined;
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
    numaNode: desc.numaNode ?? -1,
    ...(desc.rangeIndex === undefined ? {} : { rangeIndex: desc.rangeIndex }),
    ...(desc.interleaveSet === undefined ? {} : { interleaveSet: desc.interleaveSet }),
    ...(desc.blk === undefined ? {} : { blk: desc.blk }),
  };
  bus.regions.push(region);
  bus.regionAdded?.(region);
  return region;
}

function firstFree(used: Set<number>): number {
  let id = 0;
  while (used.has(id)) id++;
  used.add(id);
  return id;
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
  const index = nextHintIndex(kernel);
  wmb(kernel);
  if (region.mappings.length > 0) mustExist(region.driverData, 'nd_region drvdata');
  const { hintsShift, flushWpq } = region.driverData ?? { hintsShift: 0, flushWpq: [] };
  for (const slots of flushWpq) {
    const hint = slots[index & ((1 << hintsShift) - 1)];
    if (slots[0] !== undefined && hint !== undefined) writeqFlushHint(kernel, hint);
  }
  wmb(kernel);
}

/** nvdimm_has_flush(region): 1 with flush hints, 0 when the platform drains by itself, -ENXIO when nobody knows. */
export function nvdimmHasFlush(region: NdRegion): number {
  if (region.mappings.length === 0 || !isEnabled(region.kernel, 'ARCH_HAS_PMEM_API')) return -ENXIO;
  return region.mappings.some(({ nvdimm }) => nvdimm.flushHints.length > 0) ? 1 : 0;
}

/** nvdimm_has_cache(region): whether CPU caches over the region must be written back to make data durable. */
export function nvdimmHasCache(region: NdRegion): boolean {
  return isNdPmem(region);
}
