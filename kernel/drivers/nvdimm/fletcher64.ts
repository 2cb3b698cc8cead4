/**
 * Fletcher-64 over 32-bit words, the checksum of info blocks and the source of interleave-set cookies
 * (drivers/nvdimm/core.c, namespace label code; nvdimm-and-firmware.md 7.4, 9.1, 10.5).
 */

/** nd_fletcher64(addr, len, le): over whole little-endian words of `bytes`; a shorter rest is not looked at. */
export function ndFletcher64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wordCount = Math.floor(bytes.length / 4);
  let low = 0;
  let high = 0n;
  for (let word = 0; word < wordCount; word++) {
    low = (low + view.getUint32(word * 4, true)) >>> 0;
    high += BigInt(low);
  }
  // The upper sum is 64 bits wide; shifting it into place keeps its lower 32.
  return BigInt(low) | (BigInt.asUintN(32, high) << 32n);
}

/** nd_sb_checksum: of an info block of 4096 bytes, as if its last 8 bytes, the checksum itself, were 0. */
export function ndSbChecksum(infoBlock: Uint8Array): bigint {
  const bytes = infoBlock.slice();
  bytes.fill(0, bytes.length - 8);
  return ndFletcher64(bytes);
}
