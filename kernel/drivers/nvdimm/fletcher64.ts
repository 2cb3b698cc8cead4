/**
 * Fletcher-64 over 32-bit words, the checksum of info blocks and the source of interleave-set cookies
 * (drivers/nvdimm/core.c, namespace label code; nvdimm-and-firmware.md 7.4, 9.1, 10.5).
 */

/** nd_fletcher64(addr, len, le): over whole little-endian words of `bytes`; a shorter rest is not looked at. */
export function ndFletcher64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wordCount = Math.floor(bytes.length / 4);
  let low = 0;
  let high = 0;
  for (let word = 0; word < wordCount; word++) {
    low = (low + view.getUint32(word * 4, true)) >>> 0;
    // C adds in 64 bits and shifts the sum up by 32, which keeps the lower 32.
    high = (high + low) >>> 0;
  }
  return BigInt(low) | (BigInt(high) << 32n);
}

/** nd_sb_checksum: of an info block of 4096 bytes, as if its last 8 bytes, the checksum itself, were 0. */
export function ndSbChecksum(infoBlock: Uint8Array): bigint {
  const bytes = infoBlock.slice();
  bytes.fill(0, bytes.length - 8);
  return ndFletcher64(bytes);
}
