/**
 * Memory modules and address ranges described as a person would, turned into the subtables of an NFIT. The builder
 * fills in what follows from the description (counts, handles, ranges' GUIDs) and leaves out nothing that it was
 * told, so deliberately odd platforms can be described too.
 */
import {
  BLANK_BLOCK_WINDOW,
  BLANK_CAPABILITIES,
  BLANK_CONTROL_REGION,
  BLANK_CONTROL_WINDOW,
  BLANK_FLUSH_HINT,
  BLANK_INTERLEAVE,
  BLANK_MEMORY_MAP,
  BLANK_SPA_RANGE,
} from './blank-subtables.ts';
import { SPA_TYPE_GUIDS, type SpaTypeName } from './guid.ts';
import type {
  BlockWindow,
  ControlRegion,
  ControlWindow,
  FlushHintTable,
  Interleave,
  MemoryMap,
  SpaRange,
  Subtable,
} from './subtables.ts';
import { DEFAULT_NFIT_HEADER, type NfitHeader, encodeNfit } from './table.ts';

/** An aperture of a dimm; bytes. */
export interface BlockWindowDescription {
  readonly windows: number;
  readonly offset?: number;
  readonly sizeBytes: number;
  readonly capacityBytes: number;
  readonly startAddress?: number;
}

/** A control region of a dimm, by the index that mappings name it with. */
export interface ControlRegionDescription {
  readonly index: number;
  /** Format interface code, e.g. 0x301. */
  readonly code?: number;
  /** Block control windows; none when absent. */
  readonly windows?: number;
  readonly window?: Partial<ControlWindow>;
  readonly blockWindow?: BlockWindowDescription;
}

/** A memory module. */
export interface DimmDescription {
  /** See `dimmHandle`. */
  readonly handle: number;
  readonly physicalId?: number;
  readonly serialNumber: number;
  readonly identity?: Partial<ControlRegion>;
  readonly controlRegions: readonly ControlRegionDescription[];
  readonly flushHints?: readonly number[];
  /** Says that the dimm is mapped nowhere: flags and control region of its memory map. */
  readonly unmapped?: { readonly controlRegion: number; readonly flags?: number };
}

/** A part of an address range that lies on one dimm; sizes and offsets in bytes. */
export interface MappingDescription {
  readonly dimm: number;
  readonly controlRegion: number;
  readonly dpa?: number;
  readonly sizeBytes?: number;
  readonly regionOffset?: number;
  readonly interleaveIndex?: number;
  readonly interleaveWays?: number;
  readonly regionId?: number;
  readonly flags?: number;
}

/** An address range. */
export interface RangeDescription {
  readonly index: number;
  /** A known type, or the written form of any other GUID. */
  readonly type: SpaTypeName | { readonly guid: string };
  readonly address: number;
  readonly sizeBytes: number;
  readonly flags?: number;
  readonly proximityDomain?: number;
  readonly memoryMapping?: number;
  readonly mappings?: readonly MappingDescription[];
}

export interface Topology {
  readonly header?: Partial<NfitHeader>;
  readonly dimms: readonly DimmDescription[];
  readonly ranges: readonly RangeDescription[];
  readonly interleaves?: readonly {
    readonly index: number;
    readonly lineSizeBytes: number;
    readonly lineOffsets: readonly number[];
  }[];
  /** Platform capabilities (ACPI 6.2A). */
  readonly capabilities?: { readonly highest: number; readonly bits: number };
}

/** The handle of a dimm: node << 16 | socket << 12 | memory controller << 8 | channel << 4 | dimm. */
export function dimmHandle(
  node: number,
  socket: number,
  controller: number,
  channel: number,
  dimm: number,
): number {
  return ((node << 16) | (socket << 12) | (controller << 8) | (channel << 4) | dimm) >>> 0;
}

/** The subtables of `topology`: ranges, maps, interleaves, control regions, block windows, hints, capabilities. */
export function topologySubtables(topology: Topology): Subtable[] {
  const { dimms, ranges, interleaves = [], capabilities } = topology;
  return [
    ...ranges.map(spaRange),
    ...ranges.flatMap((range) =>
      (range.mappings ?? []).map((mapping) => memoryMap(topology, range, mapping)),
    ),
    ...dimms.flatMap(unmappedMemoryMap),
    ...interleaves.map(({ index, lineSizeBytes, lineOffsets }): Interleave => ({
      ...BLANK_INTERLEAVE,
      interleaveIndex: index,
      lineCount: lineOffsets.length,
      lineSizeBytes,
      lineOffsets,
    })),
    ...dimms.flatMap((dimm) => dimm.controlRegions.map((region) => controlRegion(dimm, region))),
    ...dimms.flatMap((dimm) => dimm.controlRegions.flatMap(blockWindow)),
    ...dimms.flatMap(flushHints),
    ...(capabilities === undefined
      ? []
      : [
          {
            ...BLANK_CAPABILITIES,
            highestCapability: capabilities.highest,
            capabilities: capabilities.bits,
          },
        ]),
  ];
}

/** The bytes of a table for `topology`. */
export function topologyTable(topology: Topology): Uint8Array {
  return encodeNfit({
    header: { ...DEFAULT_NFIT_HEADER, ...topology.header },
    subtables: topologySubtables(topology),
  });
}

function spaRange(range: RangeDescription): SpaRange {
  return {
    ...BLANK_SPA_RANGE,
    rangeIndex: range.index,
    flags: range.flags ?? 0,
    proximityDomain: range.proximityDomain ?? 0,
    guid: typeof range.type === 'string' ? SPA_TYPE_GUIDS[range.type] : range.type.guid,
    address: BigInt(range.address),
    lengthBytes: BigInt(range.sizeBytes),
    memoryMapping: BigInt(range.memoryMapping ?? 0),
  };
}

function memoryMap(topology: Topology, range: RangeDescription, mapping: MappingDescription): MemoryMap {
  return {
    ...BLANK_MEMORY_MAP,
    deviceHandle: mapping.dimm,
    physicalId: topology.dimms.find(({ handle }) => handle === mapping.dimm)?.physicalId ?? 0,
    regionId: mapping.regionId ?? 0,
    rangeIndex: range.index,
    regionIndex: mapping.controlRegion,
    regionSizeBytes: BigInt(mapping.sizeBytes ?? 0),
    regionOffset: BigInt(mapping.regionOffset ?? 0),
    address: BigInt(mapping.dpa ?? 0),
    interleaveIndex: mapping.interleaveIndex ?? 0,
    interleaveWays: mapping.interleaveWays ?? 1,
    flags: mapping.flags ?? 0,
  };
}

function unmappedMemoryMap(dimm: DimmDescription): MemoryMap[] {
  if (dimm.unmapped === undefined) return [];
  return [
    {
      ...BLANK_MEMORY_MAP,
      deviceHandle: dimm.handle,
      physicalId: dimm.physicalId ?? 0,
      regionIndex: dimm.unmapped.controlRegion,
      flags: dimm.unmapped.flags ?? 0,
    },
  ];
}

function controlRegion(dimm: DimmDescription, region: ControlRegionDescription): ControlRegion {
  const windows = region.windows ?? 0;
  return {
    ...BLANK_CONTROL_REGION,
    ...dimm.identity,
    regionIndex: region.index,
    serialNumber: dimm.serialNumber,
    code: region.code ?? 0,
    windows,
    ...(windows === 0 ? {} : { window: { ...BLANK_CONTROL_WINDOW, ...region.window } }),
  };
}

function blockWindow(region: ControlRegionDescription): BlockWindow[] {
  const window = region.blockWindow;
  if (window === undefined) return [];
  return [
    {
      ...BLANK_BLOCK_WINDOW,
      regionIndex: region.index,
      windows: window.windows,
      offset: BigInt(window.offset ?? 0),
      sizeBytes: BigInt(window.sizeBytes),
      capacityBytes: BigInt(window.capacityBytes),
      startAddress: BigInt(window.startAddress ?? 0),
    },
  ];
}

function flushHints({ handle, flushHints: addresses }: DimmDescription): FlushHintTable[] {
  if (addresses === undefined) return [];
  return [
    {
      ...BLANK_FLUSH_HINT,
      deviceHandle: handle,
      hintCount: addresses.length,
      addresses: addresses.map(BigInt),
    },
  ];
}
