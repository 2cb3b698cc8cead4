/**
 * Subtables in which nothing has been said yet: what decoding starts from and what descriptions are laid over. All
 * fields are 0 and all reserved bytes empty, which the encoder writes as zeroes.
 */
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

const NO_BYTES = new Uint8Array(0);

/** A blank `SpaRange`. */
export const BLANK_SPA_RANGE: SpaRange = {
  type: 0,
  rangeIndex: 0,
  flags: 0,
  reserved: 0,
  proximityDomain: 0,
  guid: '00000000-0000-0000-0000-000000000000',
  address: 0n,
  lengthBytes: 0n,
  memoryMapping: 0n,
};

/** A blank `MemoryMap`. */
export const BLANK_MEMORY_MAP: MemoryMap = {
  type: 1,
  deviceHandle: 0,
  physicalId: 0,
  regionId: 0,
  rangeIndex: 0,
  regionIndex: 0,
  regionSizeBytes: 0n,
  regionOffset: 0n,
  address: 0n,
  interleaveIndex: 0,
  interleaveWays: 0,
  flags: 0,
  reserved: 0,
};

/** A blank `Interleave`. */
export const BLANK_INTERLEAVE: Interleave = {
  type: 2,
  interleaveIndex: 0,
  reserved: 0,
  lineCount: 0,
  lineSizeBytes: 0,
  lineOffsets: [],
  trailing: NO_BYTES,
};

/** A blank `ControlWindow`. */
export const BLANK_CONTROL_WINDOW: ControlWindow = {
  windowSizeBytes: 0n,
  commandOffset: 0n,
  commandSizeBytes: 0n,
  statusOffset: 0n,
  statusSizeBytes: 0n,
  flags: 0,
  reserved: NO_BYTES,
};

/** A blank `ControlRegion`. */
export const BLANK_CONTROL_REGION: ControlRegion = {
  type: 4,
  regionIndex: 0,
  vendorId: 0,
  deviceId: 0,
  revisionId: 0,
  subsystemVendorId: 0,
  subsystemDeviceId: 0,
  subsystemRevisionId: 0,
  validFields: 0,
  manufacturingLocation: 0,
  manufacturingDate: 0,
  reserved: NO_BYTES,
  serialNumber: 0,
  code: 0,
  windows: 0,
  trailing: NO_BYTES,
};

/** A blank `BlockWindow`. */
export const BLANK_BLOCK_WINDOW: BlockWindow = {
  type: 5,
  regionIndex: 0,
  windows: 0,
  offset: 0n,
  sizeBytes: 0n,
  capacityBytes: 0n,
  startAddress: 0n,
};

/** A blank `FlushHintTable`. */
export const BLANK_FLUSH_HINT: FlushHintTable = {
  type: 6,
  deviceHandle: 0,
  hintCount: 0,
  reserved: NO_BYTES,
  addresses: [],
  trailing: NO_BYTES,
};

/** A blank `Capabilities`. */
export const BLANK_CAPABILITIES: Capabilities = {
  type: 7,
  highestCapability: 0,
  reserved: NO_BYTES,
  capabilities: 0,
  reservedAfter: 0,
};
