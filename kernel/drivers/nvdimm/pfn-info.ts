/**
 * The info block of the pfn and dax personalities on media (struct nd_pfn_sb, drivers/nvdimm/pfn.h, v4.12;
 * nvdimm-and-firmware.md 7.4): 4096 bytes at offset 4096 of the namespace, little endian, Fletcher-64 in the last 8.
 */
import { ndSbChecksum } from './fletcher64.ts';

/** Where the info block lies in its namespace, and its size. Bytes. */
export const PFN_INFO_OFFSET = 4096;
export const PFN_INFO_BYTES = 4096;

/** Which personality: PFN_SIG or DAX_SIG. */
export type PfnKind = 'pfn' | 'dax';

/** Where the array of struct page lives: PFN_MODE_RAM (1), PFN_MODE_PMEM (2). */
export const PfnMode = { ram: 1, pmem: 2 } as const;

const SIGNATURES: Readonly<Record<PfnKind, string>> = {
  pfn: 'NVDIMM_PFN_INFO\0',
  dax: 'NVDIMM_DAX_INFO\0',
};

/** An info block as it is on media. */
export interface PfnInfo {
  /** 16 characters, one a byte. */
  readonly signature: string;
  readonly uuid: Uint8Array;
  readonly parentUuid: Uint8Array;
  readonly flags: number;
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** From the start of the namespace (plus `startPadBytes`) to the data, bytes. */
  readonly dataOffset: bigint;
  /** Pages of data. */
  readonly pageCount: bigint;
  /** One of `PfnMode`. */
  readonly mode: number;
  readonly startPadBytes: number;
  readonly endTruncateBytes: number;
  readonly alignBytes: number;
  /** The bytes between `alignBytes` and the checksum; later versions have fields there. All 0 when absent. */
  readonly padding?: Uint8Array;
}

/** Where the padding starts. */
const PADDING_AT = 88;
const CHECKSUM_AT = PFN_INFO_BYTES - 8;

/** The signature of a personality. */
export function pfnSignature(kind: PfnKind): string {
  return SIGNATURES[kind];
}

/** The 4096 bytes of an info block, with their checksum. */
export function encodePfnInfo(info: PfnInfo): Uint8Array {
  const bytes = new Uint8Array(PFN_INFO_BYTES);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 16; index++) bytes[index] = info.signature.charCodeAt(index) || 0;
  bytes.set(info.uuid, 16);
  bytes.set(info.parentUuid, 32);
  view.setUint32(48, info.flags, true);
  view.setUint16(52, info.versionMajor, true);
  view.setUint16(54, info.versionMinor, true);
  view.setBigUint64(56, info.dataOffset, true);
  view.setBigUint64(64, info.pageCount, true);
  view.setUint32(72, info.mode, true);
  view.setUint32(76, info.startPadBytes, true);
  view.setUint32(80, info.endTruncateBytes, true);
  view.setUint32(84, info.alignBytes, true);
  if (info.padding !== undefined) bytes.set(info.padding, PADDING_AT);
  view.setBigUint64(CHECKSUM_AT, ndSbChecksum(bytes), true);
  return bytes;
}

/** Whether 4096 bytes begin as an info block of a personality does; most namespaces have none. */
export function hasPfnSignature(bytes: Uint8Array, kind: PfnKind): boolean {
  const signature = SIGNATURES[kind];
  for (let index = 0; index < signature.length; index++)
    if (bytes[index] !== signature.charCodeAt(index)) return false;
  return true;
}

/** The fields of 4096 bytes, whatever they are. */
export function decodePfnInfo(bytes: Uint8Array): PfnInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    signature: String.fromCharCode(...bytes.subarray(0, 16)),
    uuid: bytes.slice(16, 32),
    parentUuid: bytes.slice(32, 48),
    flags: view.getUint32(48, true),
    versionMajor: view.getUint16(52, true),
    versionMinor: view.getUint16(54, true),
    dataOffset: view.getBigUint64(56, true),
    pageCount: view.getBigUint64(64, true),
    mode: view.getUint32(72, true),
    startPadBytes: view.getUint32(76, true),
    endTruncateBytes: view.getUint32(80, true),
    alignBytes: view.getUint32(84, true),
    padding: bytes.slice(PADDING_AT, CHECKSUM_AT),
  };
}

/** Whether the checksum of an info block is right. */
export function pfnChecksumIsValid(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getBigUint64(CHECKSUM_AT, true) === ndSbChecksum(bytes);
}
