/**
 * The objects of libnvdimm (drivers/nvdimm/nd.h, nd-core.h): bus, dimm, region, namespace. The series changes what
 * is done with them, not what they are (nvdimm-and-firmware.md 1).
 */
import { type BadBlocks, badblocksCheck } from '../../block/badblocks.ts';
import type { Kernel } from '../../kernel.ts';

/** A dimm (`nmemN`). */
export interface Nvdimm {
  readonly name: string;
  /** Addresses of its flush hints, 8 bytes each; `num_flush` is their number. */
  readonly flushHints: readonly number[];
  /** NDD_ALIASING: its memory is reachable as pmem and as block windows. */
  readonly aliasing: boolean;
  /** NDD_UNARMED: it will not save its contents; regions on it are read-only. */
  readonly unarmed: boolean;
}

/** A part of a region that lies on one dimm. */
export interface NdMapping {
  readonly nvdimm: Nvdimm;
  readonly start: number;
  readonly sizeBytes: number;
}

/** struct device_type of a region. */
export type RegionType = 'nd_pmem' | 'nd_blk' | 'nd_volatile';

/** Driver data of an activated region. */
export interface NdRegionData {
  /** floor(log2(hints per dimm)). */
  readonly hintsShift: number;
  /** Hint addresses by mapping and slot; a mapping without hints, or whose twin has the same, has no slot 0. */
  readonly flushWpq: (number | undefined)[][];
}

export interface NdRegion {
  readonly kernel: Kernel;
  readonly bus: NvdimmBus;
  /** `regionN`; N is global over all buses. */
  readonly id: number;
  readonly name: string;
  readonly type: RegionType;
  readonly start: number;
  readonly sizeBytes: number;
  readonly mappings: readonly NdMapping[];
  readOnly: boolean;
  readonly lanes: number;
  /** ND_REGION_PAGEMAP: only e820 regions have it. */
  readonly pagemap: boolean;
  /** Bad sectors of the whole region, when the region driver set them up. */
  badblocks?: BadBlocks;
  driverData?: NdRegionData;
}

/** A byte range known to be poisoned, by physical address. */
export interface PoisonEntry {
  start: number;
  length: number;
}

/** Answer of the platform to a range question about clearing errors (ARS_CAP). */
export interface ArsCap {
  readonly clearErrUnit: number;
}

/** The commands of a bus provider (nvdimm_bus_descriptor->ndctl) that libnvdimm itself sends. */
export interface BusCommands {
  /** ARS_CAP for `[start, start + length)`: the clear unit, or a negative error. */
  arsCap: (start: number, length: number) => ArsCap | number;
  /** CLEAR_ERROR: how many bytes from `start` were cleared (partial is allowed), or a negative error. */
  clearError: (start: number, length: number) => number;
}

export interface NvdimmBus {
  readonly kernel: Kernel;
  readonly name: string;
  readonly providerName: string;
  /** Absent for e820: the bus can not send commands. */
  readonly commands?: BusCommands;
  /** The bus's poison list, in the order of its records. */
  readonly poison: PoisonEntry[];
  readonly regions: NdRegion[];
}

/** A namespace over a region of memory, with the raw access of struct nd_namespace_io. */
export interface NamespaceIo {
  readonly region: NdRegion;
  readonly name: string;
  /** Number within the region. */
  readonly id: number;
  readonly start: number;
  readonly sizeBytes: number;
  /** The btt, pfn or dax device that has claimed it. */
  claim?: string;
  /** Bad sectors of raw access; there while raw access is enabled. */
  badblocks?: BadBlocks;
}

/** is_bad_pmem: whether any whole sector of `[sector, sector + sizeBytes/512)` is known to be bad. */
export function isBadPmem(table: BadBlocks | undefined, sector: number, sizeBytes: number): boolean {
  if (table === undefined || table.ranges.length === 0) return false;
  return badblocksCheck(table, sector, Math.floor(sizeBytes / 512)).state !== 0;
}
