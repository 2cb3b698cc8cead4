/**
 * Where each field of each subtable lies (nvdimm-and-firmware.md 10.1): one function a type, for both directions
 * (`fields.ts`). Subtables of variable size get told how many entries and how many bytes after them to handle.
 */
import { BLANK_CONTROL_WINDOW } from './blank-subtables.ts';
import type { FieldAccess } from './fields.ts';
import type {
  BlockWindow,
  Capabilities,
  ControlRegion,
  ControlWindow,
  FlushHintTable,
  Interleave,
  MemoryMap,
  SpaRange,
} from './subtables.ts';

/** Bytes of each subtable as the 4.12 parser uses them; without lines, windows and hints where these vary. */
export const SubtableSize = {
  spaRange: 56,
  memoryMap: 48,
  interleaveFixed: 16,
  interleaveLeast: 20,
  controlRegionFixed: 32,
  controlRegionWindows: 80,
  blockWindow: 40,
  flushHintFixed: 16,
  flushHintLeast: 24,
  capabilities: 16,
} as const;

/** Type 0. */
export function spaRangeLayout(access: FieldAccess, from: SpaRange): SpaRange {
  return {
    type: 0,
    rangeIndex: access.u16(4, from.rangeIndex),
    flags: access.u16(6, from.flags),
    reserved: access.u32(8, from.reserved),
    proximityDomain: access.u32(12, from.proximityDomain),
    guid: access.guid(16, from.guid),
    address: access.u64(32, from.address),
    lengthBytes: access.u64(40, from.lengthBytes),
    memoryMapping: access.u64(48, from.memoryMapping),
  };
}

/** Type 1. */
export function memoryMapLayout(access: FieldAccess, from: MemoryMap): MemoryMap {
  return {
    type: 1,
    deviceHandle: access.u32(4, from.deviceHandle),
    physicalId: access.u16(8, from.physicalId),
    regionId: access.u16(10, from.regionId),
    rangeIndex: access.u16(12, from.rangeIndex),
    regionIndex: access.u16(14, from.regionIndex),
    regionSizeBytes: access.u64(16, from.regionSizeBytes),
    regionOffset: access.u64(24, from.regionOffset),
    address: access.u64(32, from.address),
    interleaveIndex: access.u16(40, from.interleaveIndex),
    interleaveWays: access.u16(42, from.interleaveWays),
    flags: access.u16(44, from.flags),
    reserved: access.u16(46, from.reserved),
  };
}

/** Type 2; `offsetCount` line offsets and `trailingBytes` after them. */
export function interleaveLayout(
  access: FieldAccess,
  from: Interleave,
  offsetCount: number,
  trailingBytes: number,
): Interleave {
  return {
    type: 2,
    interleaveIndex: access.u16(4, from.interleaveIndex),
    reserved: access.u16(6, from.reserved),
    lineCount: access.u32(8, from.lineCount),
    lineSizeBytes: access.u32(12, from.lineSizeBytes),
    lineOffsets: Array.from({ length: offsetCount }, (_, index) =>
      access.u32(16 + 4 * index, from.lineOffsets[index] ?? 0),
    ),
    trailing: access.bytes(16 + 4 * offsetCount, trailingBytes, from.trailing),
  };
}

function controlWindowLayout(access: FieldAccess, from: ControlWindow): ControlWindow {
  return {
    windowSizeBytes: access.u64(32, from.windowSizeBytes),
    commandOffset: access.u64(40, from.commandOffset),
    commandSizeBytes: access.u64(48, from.commandSizeBytes),
    statusOffset: access.u64(56, from.statusOffset),
    statusSizeBytes: access.u64(64, from.statusSizeBytes),
    flags: access.u16(72, from.flags),
    reserved: access.bytes(74, 6, from.reserved),
  };
}

/** Type 4; with the window fields when `hasWindow`, and `trailingBytes` after what is used. */
export function controlRegionLayout(
  access: FieldAccess,
  from: ControlRegion,
  hasWindow: boolean,
  trailingBytes: number,
): ControlRegion {
  const usedBytes = hasWindow ? SubtableSize.controlRegionWindows : SubtableSize.controlRegionFixed;
  return {
    type: 4,
    regionIndex: access.u16(4, from.regionIndex),
    vendorId: access.u16(6, from.vendorId),
    deviceId: access.u16(8, from.deviceId),
    revisionId: access.u16(10, from.revisionId),
    subsystemVendorId: access.u16(12, from.subsystemVendorId),
    subsystemDeviceId: access.u16(14, from.subsystemDeviceId),
    subsystemRevisionId: access.u16(16, from.subsystemRevisionId),
    validFields: access.u8(18, from.validFields),
    manufacturingLocation: access.u8(19, from.manufacturingLocation),
    manufacturingDate: access.u16(20, from.manufacturingDate),
    reserved: access.bytes(22, 2, from.reserved),
    serialNumber: access.u32(24, from.serialNumber),
    code: access.u16(28, from.code),
    windows: access.u16(30, from.windows),
    ...(hasWindow ? { window: controlWindowLayout(access, from.window ?? BLANK_CONTROL_WINDOW) } : {}),
    trailing: access.bytes(usedBytes, trailingBytes, from.trailing),
  };
}

/** Type 5. */
export function blockWindowLayout(access: FieldAccess, from: BlockWindow): BlockWindow {
  return {
    type: 5,
    regionIndex: access.u16(4, from.regionIndex),
    windows: access.u16(6, from.windows),
    offset: access.u64(8, from.offset),
    sizeBytes: access.u64(16, from.sizeBytes),
    capacityBytes: access.u64(24, from.capacityBytes),
    startAddress: access.u64(32, from.startAddress),
  };
}

/** Type 6; `addressCount` hint addresses and `trailingBytes` after them. */
export function flushHintLayout(
  access: FieldAccess,
  from: FlushHintTable,
  addressCount: number,
  trailingBytes: number,
): FlushHintTable {
  return {
    type: 6,
    deviceHandle: access.u32(4, from.deviceHandle),
    hintCount: access.u16(8, from.hintCount),
    reserved: access.bytes(10, 6, from.reserved),
    addresses: Array.from({ length: addressCount }, (_, index) =>
      access.u64(16 + 8 * index, from.addresses[index] ?? 0n),
    ),
    trailing: access.bytes(16 + 8 * addressCount, trailingBytes, from.trailing),
  };
}

/** Type 7. */
export function capabilitiesLayout(access: FieldAccess, from: Capabilities): Capabilities {
  return {
    type: 7,
    highestCapability: access.u8(4, from.highestCapability),
    reserved: access.bytes(5, 3, from.reserved),
    capabilities: access.u32(8, from.capabilities),
    reservedAfter: access.u32(12, from.reservedAfter),
  };
}
