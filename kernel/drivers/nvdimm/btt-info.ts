/**
 * The info block of an arena on media (struct btt_sb; `nd_btt_arena_is_valid` of btt_devs.c, `parse_arena_meta` and
 * `btt_arena_write_layout` of btt.c; nvdimm-and-firmware.md 9.1): 4096 bytes, little endian, offsets relative to its
 * arena, Fletcher-64 in the last 8 bytes.
 */
import { type ArenaGeometry, BTT_PAGE_BYTES } from './btt-layout.ts';
import { ndSbChecksum } from './fletcher64.ts';

/** IB_FLAG_ERROR_MASK: the arena had an internal error and must not be written. */
export const IB_FLAG_ERROR = 1;

/** BTT_SIG. */
const SIGNATURE = 'BTT_ARENA_INFO\0\0';

const VERSION_MAJOR = 1;
const VERSION_MINOR = 1;

/** An info block as it is on media. */
export interface BttInfo {
  /** 16 characters, one a byte. */
  readonly signature: string;
  readonly uuid: Uint8Array;
  readonly parentUuid: Uint8Array;
  readonly flags: number;
  readonly versionMajor: number;
  readonly versionMinor: number;
  readonly externalLbaSizeBytes: number;
  readonly externalLbaCount: number;
  readonly internalLbaSizeBytes: number;
  readonly internalLbaCount: number;
  readonly nfree: number;
  readonly infoSizeBytes: number;
  readonly nextOffset: bigint;
  readonly dataOffset: bigint;
  readonly mapOffset: bigint;
  readonly logOffset: bigint;
  readonly info2Offset: bigint;
  readonly checksum: bigint;
}

/** The info block of a new arena; its checksum is that of `encodeBttInfo`. */
export function bttInfoOf(
  arena: ArenaGeometry,
  uuid: Uint8Array,
  parentUuid: Uint8Array,
): Omit<BttInfo, 'checksum'> {
  const relative = (offset: number): bigint => BigInt(offset - arena.infoOffset);
  return {
    signature: SIGNATURE,
    uuid,
    parentUuid,
    flags: 0,
    versionMajor: VERSION_MAJOR,
    versionMinor: VERSION_MINOR,
    externalLbaSizeBytes: arena.externalLbaSizeBytes,
    externalLbaCount: arena.externalLbaCount,
    internalLbaSizeBytes: arena.internalLbaSizeBytes,
    internalLbaCount: arena.internalLbaCount,
    nfree: arena.nfree,
    infoSizeBytes: BTT_PAGE_BYTES,
    nextOffset: BigInt(arena.nextOffset),
    dataOffset: relative(arena.dataOffset),
    mapOffset: relative(arena.mapOffset),
    logOffset: relative(arena.logOffset),
    info2Offset: relative(arena.info2Offset),
  };
}

/** The 4096 bytes of an info block, with their checksum. */
export function encodeBttInfo(info: Omit<BttInfo, 'checksum'>): Uint8Array {
  const bytes = new Uint8Array(BTT_PAGE_BYTES);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 16; index++) bytes[index] = info.signature.charCodeAt(index) || 0;
  bytes.set(info.uuid, 16);
  bytes.set(info.parentUuid, 32);
  view.setUint32(48, info.flags, true);
  view.setUint16(52, info.versionMajor, true);
  view.setUint16(54, info.versionMinor, true);
  view.setUint32(56, info.externalLbaSizeBytes, true);
  view.setUint32(60, info.externalLbaCount, true);
  view.setUint32(64, info.internalLbaSizeBytes, true);
  view.setUint32(68, info.internalLbaCount, true);
  view.setUint32(72, info.nfree, true);
  view.setUint32(76, info.infoSizeBytes, true);
  view.setBigUint64(80, info.nextOffset, true);
  view.setBigUint64(88, info.dataOffset, true);
  view.setBigUint64(96, info.mapOffset, true);
  view.setBigUint64(104, info.logOffset, true);
  view.setBigUint64(112, info.info2Offset, true);
  view.setBigUint64(4088, ndSbChecksum(bytes), true);
  return bytes;
}

/** The fields of 4096 bytes, whatever they are. */
export function decodeBttInfo(bytes: Uint8Array): BttInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    signature: String.fromCharCode(...bytes.subarray(0, 16)),
    uuid: bytes.slice(16, 32),
    parentUuid: bytes.slice(32, 48),
    flags: view.getUint32(48, true),
    versionMajor: view.getUint16(52, true),
    versionMinor: view.getUint16(54, true),
    externalLbaSizeBytes: view.getUint32(56, true),
    externalLbaCount: view.getUint32(60, true),
    internalLbaSizeBytes: view.getUint32(64, true),
    internalLbaCount: view.getUint32(68, true),
    nfree: view.getUint32(72, true),
    infoSizeBytes: view.getUint32(76, true),
    nextOffset: view.getBigUint64(80, true),
    dataOffset: view.getBigUint64(88, true),
    mapOffset: view.getBigUint64(96, true),
    logOffset: view.getBigUint64(104, true),
    info2Offset: view.getBigUint64(112, true),
    checksum: view.getBigUint64(4088, true),
  };
}

/**
 * nd_btt_arena_is_valid: whether `bytes` are an info block of a BTT on the namespace with `parentUuid`. Neither the
 * BTT's own uuid nor the version is looked at, so an info block that is there wins over what is asked for.
 */
export function bttInfoIsValid(bytes: Uint8Array, parentUuid: Uint8Array): boolean {
  for (let index = 0; index < SIGNATURE.length; index++)
    if (bytes[index] !== SIGNATURE.charCodeAt(index)) return false;
  const info = decodeBttInfo(bytes);
  const named = info.parentUuid.some((byte) => byte !== 0);
  if (named && info.parentUuid.some((byte, index) => byte !== parentUuid[index])) return false;
  return info.checksum === ndSbChecksum(bytes);
}

/** parse_arena_meta: the arena at `offset` that `info` describes. */
export function arenaOfInfo(info: BttInfo, offset: number, externalLbaStart: number): ArenaGeometry {
  const absolute = (relative: bigint): number => offset + Number(relative);
  const nextOffset = Number(info.nextOffset);
  return {
    sizeBytes: nextOffset > 0 ? nextOffset : Number(info.info2Offset) + BTT_PAGE_BYTES,
    externalLbaStart,
    externalLbaSizeBytes: info.externalLbaSizeBytes,
    externalLbaCount: info.externalLbaCount,
    internalLbaSizeBytes: info.internalLbaSizeBytes,
    internalLbaCount: info.internalLbaCount,
    nfree: info.nfree,
    infoOffset: offset,
    dataOffset: absolute(info.dataOffset),
    mapOffset: absolute(info.mapOffset),
    logOffset: absolute(info.logOffset),
    info2Offset: absolute(info.info2Offset),
    nextOffset,
  };
}
