/**
 * The objects of libnvdimm (drivers/nvdimm/nd.h, nd-core.h): bus, dimm, region, namespace. The series changes what
 * is done with them, not what they are (nvdimm-and-firmware.md 1).
 */
import { type BadBlocks, badblocksCheck } from '../../block/badblocks.ts';
import type { Kernel } from '../../kernel.ts';
import type { PfnInfo } from './pfn-info.ts';

/** A dimm (`nmemN`). */
export interface Nvdimm {
  readonly name: string;
  /** Addresses of its flush hints, 8 bytes each; `num_flush` is their number. */
  readonly flushHints: readonly number[];
  /** NDD_ALIASING: its memory is reachable as pmem and as block windows. */
  readonly aliasing: boolean;
  /** NDD_UNARMED: it will not save its contents; regions on it are read-only. */
  readonly unarmed: boolean;
  /** Its label area, as the dimm keeps it over power failures; a dimm without one has no labels. */
  readonly labelArea?: Uint8Array;
  /** The kernel that sends commands to a dimm with a label area. */
  readonly kernel?: Kernel;
  /** Attributes that the bus provider adds below `nfit/`, by name: text without line end, or a negative error. */
  readonly providerAttributes?: ReadonlyMap<string, string | number>;
  /** Names of the commands that the dimm takes, for its `commands` file. */
  readonly commands?: readonly string[];
  /** Commands that fail, one bit for each number of `DimmCommand`. */
  failingCommands?: number;
  /** The dimm driver is bound. */
  isEnabled?: boolean;
  /** What the dimm driver keeps while it is bound to a dimm with labels (nvdimm_drvdata). */
  driverData?: NvdimmDriverData;
}

/** Numbers of dimm commands (include/uapi/linux/ndctl.h), as bits of `failingCommands` count them. */
export const DimmCommand = { getConfigSize: 4, getConfigData: 5, setConfigData: 6 } as const;

/** struct nvdimm_drvdata. */
export interface NvdimmDriverData {
  /** The kernel's copy of the label area. */
  readonly area: Uint8Array;
  /** The index block in use and the one that is written next; -1 for a label area that was never initialised. */
  nsCurrent: number;
  nsNext: number;
  /** Parts of the dimm that namespaces took, ascending. */
  readonly dpa: DpaResource[];
}

/** A part of a dimm that belongs to a namespace (a dpa resource); device physical addresses, bytes. */
export interface DpaResource {
  start: number;
  sizeBytes: number;
  /** nd_label_id: `pmem-UUID` or `blk-UUID`. */
  labelId: string;
  /** DPA_RESOURCE_ADJUSTED: it changed, and no label says so yet. */
  isAdjusted: boolean;
}

/** A part of a region that lies on one dimm. */
export interface NdMapping {
  readonly nvdimm: Nvdimm;
  readonly start: number;
  readonly sizeBytes: number;
  /** Slots of the labels that the region knows on this dimm (nd_mapping->labels), while its driver is bound. */
  labels?: number[];
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
  /** How a region of block windows is reached (struct nd_blk_region). */
  readonly blk?: NdBlkOperations;
}

/** What a bus provider says of a region of block windows (struct nd_blk_region_desc). */
export interface NdBlkOperations {
  /** Maps the windows when the region's driver binds. Returns 0 or a negative error. */
  enable: (region: NdRegion) => number;
  /** Moves bytes between `buffer` and the dimm at `dpa`. Returns 0 or a negative error. */
  doIo: (dpa: number, buffer: Uint8Array, isWrite: boolean) => number;
}

/** What the region driver makes below a region. */
export interface RegionChildren {
  readonly namespaces: NamespaceIo[];
  /** Registered and found namespaces: the two numbers of `init_namespaces`. */
  readonly active: number;
  readonly count: number;
  /** Names of the seed devices; absent where the region type has none. */
  readonly seeds: { namespace?: string; btt?: string; pfn?: string; dax?: string };
  /** Btt, pfn and dax devices other than the seeds, by name: what each was made for. */
  readonly claims: Map<string, NamespaceClaim>;
}

/** A btt, pfn or dax device over a namespace. */
export interface NamespaceClaim {
  readonly kind: 'btt' | 'pfn' | 'dax';
  readonly namespace: NamespaceIo;
  readonly uuid: string;
  /** Sector size of a btt, bytes. */
  readonly sectorBytes?: number;
  /** The info block of a pfn or dax device. */
  readonly info?: PfnInfo;
}

/** What labels say of a namespace, or user space of one without labels yet (nd_namespace_pmem, nd_namespace_blk). */
export interface NamespaceLabel {
  readonly kind: 'pmem' | 'blk';
  /** Empty until it is set. */
  uuid: string;
  alternateName: string;
  /** Sector size of a namespace on block windows, bytes; 0 until it is set, and for memory. */
  lbaSizeBytes: number;
  /** Parts of a namespace on block windows, in the order of its bytes. */
  resources: DpaResource[];
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
  readonly blk?: NdBlkOperations;
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
  /** The test module of the regression suite serves it (nvdimm-and-firmware.md 17.1). */
  readonly isMock?: boolean;
  /** What the device core does with a new region: binds a driver to it, if one wants it. */
  regionAdded?: (region: NdRegion) => void;
  /** nvdimm_region_notify(NVDIMM_REVALIDATE_POISON). */
  poisonChanged?: (region: NdRegion) => void;
}

/** A namespace, over memory with the raw access of struct nd_namespace_io, or over block windows. */
export interface NamespaceIo {
  readonly region: NdRegion;
  readonly name: string;
  /** Number within the region. */
  readonly id: number;
  /** Physical address of memory; 0 on block windows. */
  start: number;
  sizeBytes: number;
  /** What labels say of it (nstypes 5 and 6). */
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
