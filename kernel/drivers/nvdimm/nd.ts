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
  /** Bytes of its label area; a dimm without one keeps no labels and has no driver data (`nvdimm_drvdata`). */
  readonly labelAreaBytes?: number;
  /** Attributes that the bus provider adds below `nfit/`, by name: text without line end, or a negative error. */
  readonly providerAttributes?: ReadonlyMap<string, string | number>;
  /** Names of the commands that the dimm takes, for its `commands` file. */
  readonly commands?: readonly string[];
  /** Parts of the dimm that namespaces took (dpa resources), in the order they were taken. */
  readonly allocations?: DpaAllocation[];
}

/** A part of a dimm that belongs to a namespace; device physical addresses, bytes. */
export interface DpaAllocation {
  readonly start: number;
  readonly length: number;
  readonly namespace: string;
  readonly kind: 'pmem' | 'blk';
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
  /** The table's page went with the driver; the file in sysfs did not. */
  badblocksFreed?: boolean;
  driverData?: NdRegionData;
  /** `nfit/range_index`; only regions that firmware tables describe have one. */
  readonly rangeIndex?: number;
  /** NUMA node, -1 (NUMA_NO_NODE) when firmware does not say. */
  readonly numaNode?: number;
  /** The interleave set, absent where the provider knows none. */
  readonly interleaveSet?: InterleaveSet;
  /** Devices that user space may configure next, and what became of the namespaces; set by the region driver. */
  children?: RegionChildren;
  /** Namespaces that labels on the region's dimms describe: they outlive the driver. */
  readonly labels?: NamespaceLabel[];
}

/** What the region driver makes below a region. */
export interface RegionChildren {
  readonly namespaces: NamespaceIo[];
  /** Registered and found namespaces: the two numbers of `init_namespaces`. */
  readonly active: number;
  readonly count: number;
  /** Names of the seed devices; absent where the region type has none. */
  readonly seeds: { namespace?: string; btt?: string; pfn?: string; dax?: string };
}

/** What a label says of a namespace; `offset` and `sizeBytes` are those of its range within the region. */
export interface NamespaceLabel {
  readonly id: number;
  uuid: string;
  alternateName: string;
  offset: number;
  sizeBytes: number;
}

/** struct nd_interleave_set: cookies that tie labels to the set they were written on. */
export interface InterleaveSet {
  readonly cookie: bigint;
  readonly altCookie: bigint;
}

/** struct nd_region_desc: what a bus provider says of a region. */
export interface NdRegionDesc {
  readonly start: number;
  readonly sizeBytes: number;
  readonly mappings: readonly NdMapping[];
  readonly lanes?: number;
  readonly pagemap?: boolean;
  readonly rangeIndex?: number;
  readonly numaNode?: number;
  readonly interleaveSet?: InterleaveSet;
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
  readonly dimms?: Nvdimm[];
  /** What the device core does with a new region: binds a driver to it, if one wants it. */
  regionAdded?: (region: NdRegion) => void;
  /** nvdimm_region_notify(NVDIMM_REVALIDATE_POISON). */
  poisonChanged?: (region: NdRegion) => void;
}

/** A namespace over a region of memory, with the raw access of struct nd_namespace_io. */
export interface NamespaceIo {
  readonly region: NdRegion;
  readonly name: string;
  /** Number within the region. */
  readonly id: number;
  start: number;
  sizeBytes: number;
  /** Its label, when labels describe it (nstype 5). */
  readonly label?: NamespaceLabel;
  /** The btt, pfn or dax device that has claimed it. */
  claim?: string;
  /** `force_raw`: no personality is looked for when the driver binds. */
  forceRaw?: boolean;
  /** Bad sectors of raw access; there while raw access is enabled. */
  badblocks?: BadBlocks;
}

/** is_bad_pmem: whether any whole sector of `[sector, sector + sizeBytes/512)` is known to be bad. */
export function isBadPmem(table: BadBlocks | undefined, sector: number, sizeBytes: number): boolean {
  if (table === undefined || table.ranges.length === 0) return false;
  return badblocksCheck(table, sector, Math.floor(sizeBytes / 512)).state !== 0;
}
