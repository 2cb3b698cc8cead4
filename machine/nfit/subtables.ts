/**
 * The subtables of an NVDIMM Firmware Interface Table as plain data (ACPI 6.1 and 6.2A;
 * nvdimm-and-firmware.md 10.1). 64-bit fields are bigints because firmware may put anything there; every reserved
 * field is kept, and `trailing` holds the bytes between the used size of a subtable and its stated length.
 */

/** The `type` field of each subtable. */
export const SubtableType = {
  spaRange: 0,
  memoryMap: 1,
  interleave: 2,
  smbios: 3,
  controlRegion: 4,
  blockWindow: 5,
  flushHint: 6,
  capabilities: 7,
} as const;

/** Bits of `SpaRange.flags`. */
export const SpaFlag = { addOnlineOnly: 1, proximityDomainValid: 2 } as const;

/** Bits of `MemoryMap.flags`. */
export const MemoryMapFlag = {
  saveFailed: 1,
  restoreFailed: 2,
  flushFailed: 4,
  notArmed: 8,
  healthObserved: 16,
  healthEnabled: 32,
  mapFailed: 64,
} as const;

/** Type 0: a system physical address range. */
export interface SpaRange {
  readonly type: 0;
  readonly rangeIndex: number;
  readonly flags: number;
  readonly reserved: number;
  readonly proximityDomain: number;
  /** Written form, lower case; see `spaTypeOf`. */
  readonly guid: string;
  readonly address: bigint;
  readonly lengthBytes: bigint;
  readonly memoryMapping: bigint;
}

/** Type 1: a part of an address range that lies on one dimm. */
export interface MemoryMap {
  readonly type: 1;
  readonly deviceHandle: number;
  readonly physicalId: number;
  readonly regionId: number;
  /** The address range; 0 for a dimm that is mapped nowhere. */
  readonly rangeIndex: number;
  /** The control region (type 4). */
  readonly regionIndex: number;
  readonly regionSizeBytes: bigint;
  readonly regionOffset: bigint;
  /** Start on the dimm (device physical address). */
  readonly address: bigint;
  readonly interleaveIndex: number;
  readonly interleaveWays: number;
  readonly flags: number;
  readonly reserved: number;
}

/** Type 2: how lines of several dimms alternate. */
export interface Interleave {
  readonly type: 2;
  readonly interleaveIndex: number;
  readonly reserved: number;
  /** As stated; `lineOffsets` holds no more than the subtable has room for. */
  readonly lineCount: number;
  readonly lineSizeBytes: number;
  readonly lineOffsets: readonly number[];
  readonly trailing: Uint8Array;
}

/** The block control window fields of a control region, there when `windows` is not 0. */
export interface ControlWindow {
  readonly windowSizeBytes: bigint;
  readonly commandOffset: bigint;
  readonly commandSizeBytes: bigint;
  readonly statusOffset: bigint;
  readonly statusSizeBytes: bigint;
  readonly flags: number;
  readonly reserved: Uint8Array;
}

/** Type 4: who made a dimm, and its block control windows. */
export interface ControlRegion {
  readonly type: 4;
  readonly regionIndex: number;
  readonly vendorId: number;
  readonly deviceId: number;
  readonly revisionId: number;
  readonly subsystemVendorId: number;
  readonly subsystemDeviceId: number;
  readonly subsystemRevisionId: number;
  readonly validFields: number;
  readonly manufacturingLocation: number;
  readonly manufacturingDate: number;
  readonly reserved: Uint8Array;
  readonly serialNumber: number;
  readonly code: number;
  readonly windows: number;
  readonly window?: ControlWindow;
  readonly trailing: Uint8Array;
}

/** Type 5: the aperture through which blocks of a dimm are read and written. */
export interface BlockWindow {
  readonly type: 5;
  readonly regionIndex: number;
  readonly windows: number;
  readonly offset: bigint;
  readonly sizeBytes: bigint;
  readonly capacityBytes: bigint;
  readonly startAddress: bigint;
}

/** Type 6: addresses a store to which drains the write-pending queues in front of a dimm. */
export interface FlushHintTable {
  readonly type: 6;
  readonly deviceHandle: number;
  /** As stated; `addresses` holds no more than the subtable has room for. */
  readonly hintCount: number;
  readonly reserved: Uint8Array;
  readonly addresses: readonly bigint[];
  readonly trailing: Uint8Array;
}

/** Type 7 (ACPI 6.2A): what the platform does when power fails. Linux 4.12 does not know this type. */
export interface Capabilities {
  readonly type: 7;
  readonly highestCapability: number;
  readonly reserved: Uint8Array;
  readonly capabilities: number;
  readonly reservedAfter: number;
}

/** SMBIOS (type 3), a type that nobody knows, or a type 7 of another size. */
export interface RawSubtable {
  readonly type: 'raw';
  readonly rawType: number;
  /** All its bytes, `type` and `length` included; fewer than 4 when it says that it has fewer. */
  readonly bytes: Uint8Array;
}

export type Subtable =
  | SpaRange
  | MemoryMap
  | Interleave
  | ControlRegion
  | BlockWindow
  | FlushHintTable
  | Capabilities
  | RawSubtable;

/** The valid bits of a capabilities subtable: those up to its highest capability. */
export function validCapabilities({ highestCapability, capabilities }: Capabilities): number {
  return highestCapability >= 31 ? capabilities : (capabilities & ((1 << (highestCapability + 1)) - 1)) >>> 0;
}
