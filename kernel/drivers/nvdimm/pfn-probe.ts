/** Where the info block of a pfn or dax device lies, and how one is told from other bytes (nvdimm-and-firmware.md 7.4). */

/** Signatures of the two kinds; on media each is followed by a zero byte. */
export type PfnSignature = 'NVDIMM_PFN_INFO' | 'NVDIMM_DAX_INFO';

/** Offset of the info block in its namespace, bytes. */
export const pfnInfoOffset = 4096;

/** Whether the 16 bytes at the start of `block` are the signature. */
export function hasPfnSignature(block: Uint8Array, signature: PfnSignature): boolean {
  return String.fromCharCode(...block.subarray(0, 16)) === `${signature}\0`;
}
