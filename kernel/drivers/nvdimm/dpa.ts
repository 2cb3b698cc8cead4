/**
 * Room on dimms for namespaces (drivers/nvdimm/namespace_devs.c and dimm_devs.c, the parts that the series leaves
 * alone; nvdimm-and-firmware.md 7.2). A memory namespace is one piece, at the same place in every mapping of its
 * region. One on block windows is made of pieces, each from the upper end of the first gap that lies behind all memory
 * namespaces that the dimm shares with it; first where no memory region reaches, then where one does.
 */
import { EBUSY, ENXIO } from '../../errno.ts';
import { warnOnce } from '../../kernel.ts';
import type { DpaResource, NamespaceLabel, NdMapping, NdRegion, NvdimmDriverData } from './nd.ts';

/** Owner of the room that is kept from block windows while they look for other room first. */
const PMEM_RESERVE = 'pmem-reserve';

/** A piece of free room, device physical addresses; `end` is behind it. */
export interface FreeRoom {
  start: number;
  end: number;
}

/** What the trees know of memory regions on a dimm. */
export interface DpaRules {
  /** alias_dpa_busy for all regions of the bus: moves the start of free room behind the memory namespaces there. */
  readonly clipAliased: (region: NdRegion, room: FreeRoom) => void;
  /** reserve_free_pmem: takes what memory regions of the dimm have left. Returns 0 or a negative error. */
  readonly reserveFreePmem: (region: NdRegion, mapping: NdMapping) => number;
}

/** nd_label_gen_id: the owner of resources of a namespace. */
export function labelIdOf({ kind, uuid }: Pick<NamespaceLabel, 'kind' | 'uuid'>): string {
  return `${kind}-${uuid}`;
}

export const endOf = ({ start, sizeBytes }: Pick<DpaResource, 'start' | 'sizeBytes'>): number =>
  start + sizeBytes;

/** Resources of a namespace on one dimm, ascending. */
export function resourcesOf({ dpa }: NvdimmDriverData, labelId: string): DpaResource[] {
  return dpa.filter((resource) => resource.labelId === labelId);
}

/** nvdimm_allocated_dpa: bytes that a namespace has on one dimm. */
export function allocatedDpa(data: NvdimmDriverData, labelId: string): number {
  return resourcesOf(data, labelId).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** nvdimm_allocate_dpa: takes a part of a dimm; `undefined` when something of it is taken. */
export function allocateDpa(
  { dpa }: NvdimmDriverData,
  labelId: string,
  start: number,
  sizeBytes: number,
): DpaResource | undefined {
  if (dpa.some((other) => other.start < start + sizeBytes && start < endOf(other))) return undefined;
  const resource = { start, sizeBytes, labelId, isAdjusted: false };
  const behind = dpa.findIndex((other) => other.start > start);
  dpa.splice(behind === -1 ? dpa.length : behind, 0, resource);
  return resource;
}

/** nvdimm_free_dpa. */
export function freeDpa({ dpa }: NvdimmDriverData, resource: DpaResource): void {
  dpa.splice(dpa.indexOf(resource), 1);
}

/** Free room beside a resource: in front of it (only the first one in the mapping), or behind it. */
interface Gap {
  readonly resource: DpaResource;
  readonly next: DpaResource | undefined;
  readonly inFront: boolean;
  readonly room: FreeRoom;
}

function* gapsIn(mapping: NdMapping, { dpa }: NvdimmDriverData): Generator<Gap> {
  const mappingEnd = endOf(mapping);
  let isFirst = true;
  for (let index = 0; index < dpa.length; index++) {
    const resource = dpa[index];
    if (resource === undefined || resource.start >= mappingEnd || endOf(resource) <= mapping.start) continue;
    const next = dpa[index + 1];
    if (isFirst && resource.start > mapping.start) {
      yield { resource, next, inFront: true, room: { start: mapping.start, end: resource.start } };
    }
    isFirst = false;
    const start = endOf(resource);
    const end = next === undefined ? mappingEnd : Math.min(mappingEnd, next.start);
    if (start < end) yield { resource, next, inFront: false, room: { start, end } };
  }
}

/** space_valid: whether room (which it may make smaller) will do for a namespace that wants `bytes` in all. */
function isRoomValid(
  region: NdRegion,
  labelId: string,
  existing: DpaResource | undefined,
  bytes: number,
  room: FreeRoom,
  rules: DpaRules,
): boolean {
  if (labelId === PMEM_RESERVE) return true;
  if (labelId.startsWith('blk')) {
    rules.clipAliased(region, room);
    return room.start < room.end;
  }
  if (room.end - room.start < bytes) return false;
  return existing === undefined || room.start === endOf(existing) || room.end === existing.start;
}

/**
 * Takes `bytes` of a gap: a resource of the same namespace beside it grows, or a new one is made. Growing towards lower
 * addresses is not noted as an adjustment, as in C: the label of a namespace on block windows is then not renewed.
 */
function takeFrom(data: NvdimmDriverData, gap: Gap, labelId: string, bytes: number): boolean {
  const { resource, next, inFront, room } = gap;
  const above = inFront ? resource : next;
  if (above?.labelId === labelId && above.start === room.end) {
    above.start -= bytes;
    above.sizeBytes += bytes;
    return true;
  }
  if (!inFront && resource.labelId === labelId && endOf(resource) === room.start) {
    resource.sizeBytes += bytes;
    resource.isAdjusted = true;
    return true;
  }
  const start = labelId.startsWith('pmem') ? room.start : room.end - bytes;
  return allocateDpa(data, labelId, start, bytes) !== undefined;
}

function firstOf<Value>(values: Iterable<Value>, isWanted: (value: Value) => boolean): Value | undefined {
  for (const value of values) if (isWanted(value)) return value;
  return undefined;
}

/** scan_allocate: finds room for `bytes` more in a mapping. Returns the bytes that found none. */
export function scanAllocate(
  region: NdRegion,
  mapping: NdMapping,
  labelId: string,
  bytes: number,
  rules: DpaRules,
): number {
  const data = mapping.nvdimm.driverData;
  if (data === undefined) return bytes;
  const existing = resourcesOf(data, labelId).at(-1);
  let left = bytes;
  while (left > 0) {
    const gap = firstOf(gapsIn(mapping, data), ({ room }) =>
      isRoomValid(region, labelId, existing, bytes, room, rules),
    );
    if (gap === undefined) break;
    const taken = Math.min(gap.room.end - gap.room.start, left);
    if (!takeFrom(data, gap, labelId, taken)) return left;
    left -= taken;
  }
  const mayStart = labelId.startsWith('pmem') || data.dpa.length === 0;
  return left === bytes && mayStart ? initDpaAllocation(mapping, data, labelId, bytes) : left;
}

/** init_dpa_allocation: the first resource of a mapping. */
function initDpaAllocation(
  mapping: NdMapping,
  data: NvdimmDriverData,
  labelId: string,
  bytes: number,
): number {
  const start = labelId.startsWith('blk') ? endOf(mapping) - bytes : mapping.start;
  return allocateDpa(data, labelId, start, bytes) === undefined ? bytes : 0;
}

/** __reserve_free_pmem for one region, if it is one of memory: takes `bytes` of a mapping away from block windows. */
export function reserveDpa(region: NdRegion, mapping: NdMapping, bytes: number, rules: DpaRules): number {
  const left = scanAllocate(region, mapping, PMEM_RESERVE, bytes, rules);
  warnOnce(region.kernel, left > 0, 'pmem reserve underrun');
  return left > 0 ? -ENXIO : 0;
}

/** release_free_pmem. */
export function releaseReserve(mapping: NdMapping): void {
  const data = mapping.nvdimm.driverData;
  if (data === undefined) return;
  for (const resource of resourcesOf(data, PMEM_RESERVE)) freeDpa(data, resource);
}

/** merge_dpa: joins neighbours of a namespace on block windows. */
function mergeDpa(data: NvdimmDriverData, labelId: string): void {
  for (let index = 0; index + 1 < data.dpa.length;) {
    const [resource, next] = [data.dpa[index], data.dpa[index + 1]];
    if (resource === undefined || next === undefined) return;
    const areOne = resource.labelId === labelId && next.labelId === labelId && endOf(resource) === next.start;
    if (!areOne) {
      index++;
      continue;
    }
    resource.sizeBytes += next.sizeBytes;
    resource.isAdjusted = true;
    freeDpa(data, next);
  }
}

/** grow_dpa_allocation: `bytes` more on every dimm of the region. Returns 0 or -ENXIO. */
export function growDpaAllocation(region: NdRegion, labelId: string, bytes: number, rules: DpaRules): number {
  for (const mapping of region.mappings) {
    let left = bytes;
    if (labelId.startsWith('blk')) {
      const error = rules.reserveFreePmem(region, mapping);
      if (error !== 0) return error;
      left = scanAllocate(region, mapping, labelId, left, rules);
      releaseReserve(mapping);
    }
    if (left > 0) left = scanAllocate(region, mapping, labelId, left, rules);
    if (warnOnce(region.kernel, left > 0, 'allocation underrun')) return -ENXIO;
    const data = mapping.nvdimm.driverData;
    if (data !== undefined && labelId.startsWith('blk')) mergeDpa(data, labelId);
  }
  return 0;
}

/** shrink_dpa_allocation: `bytes` fewer on every dimm of the region, from the namespace's last resource on. */
export function shrinkDpaAllocation(region: NdRegion, labelId: string, bytes: number): void {
  for (const { nvdimm } of region.mappings) {
    const data = nvdimm.driverData;
    if (data === undefined) continue;
    let left = bytes;
    for (const resource of resourcesOf(data, labelId).reverse()) {
      if (left >= resource.sizeBytes) {
        left -= resource.sizeBytes;
        freeDpa(data, resource);
        continue;
      }
      if (left > 0) shorten(resource, left);
      break;
    }
  }
}

/** Block windows keep their highest addresses, memory its lowest. */
function shorten(resource: DpaResource, bytes: number): void {
  if (resource.labelId.startsWith('blk')) resource.start += bytes;
  resource.sizeBytes -= bytes;
  resource.isAdjusted = true;
}

/** nd_label_reserve_dpa: takes what the labels of a dimm say. Returns 0, or -EBUSY when two of them overlap. */
export function reserveLabels(
  data: NvdimmDriverData,
  labels: readonly { readonly labelId: string; readonly dpa: number; readonly rawSizeBytes: number }[],
): number {
  const failed = labels.some(
    ({ labelId, dpa, rawSizeBytes }) => allocateDpa(data, labelId, dpa, rawSizeBytes) === undefined,
  );
  return failed ? -EBUSY : 0;
}
