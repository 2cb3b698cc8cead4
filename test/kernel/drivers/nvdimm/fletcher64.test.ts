/** Fletcher-64 against a slow statement of it, known cookies and the checksums that real kernels wrote. */
import { describe, expect, it } from 'vitest';
import { ndFletcher64, ndSbChecksum } from '#kernel/drivers/nvdimm/fletcher64.ts';
import {
  interleaveSetAltCookie,
  interleaveSetCookie,
  interleaveSetCookie2,
} from '#kernel/drivers/nvdimm/interleave-cookie.ts';

/** The definition with unbounded numbers: low sum modulo 2^32, high sum modulo 2^32. */
function slowFletcher64(words: readonly number[]): bigint {
  let low = 0n;
  let high = 0n;
  for (const word of words) {
    low = (low + BigInt(word)) % 2n ** 32n;
    high = (high + low) % 2n ** 32n;
  }
  return high * 2n ** 32n + low;
}

function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => view.setUint32(index * 4, word, true));
  return bytes;
}

describe('Fletcher-64', () => {
  it('should be 0 for nothing and follow the definition, overflow included', () => {
    expect(ndFletcher64(new Uint8Array(0))).toBe(0n);
    for (const words of [[1], [1, 2, 3], Array<number>(2000).fill(0xffffffff), [0xffffffff, 1, 0x80000000]]) {
      expect(ndFletcher64(bytesOf(words))).toBe(slowFletcher64(words));
    }
  });

  it('should not look at the last 8 bytes of an info block', () => {
    const block = new Uint8Array(4096).map((_, index) => index % 251);
    const sum = ndSbChecksum(block);
    block.fill(0xee, 4088);
    expect(ndSbChecksum(block)).toBe(sum);
    block[0] = 77;
    expect(ndSbChecksum(block)).not.toBe(sum);
  });
});

describe('interleave-set cookies', () => {
  it('should be those of real dimms (real-firmware: 0x2468ac00123456 and, second kind, 0xba90120012b4dc)', () => {
    const mapping = { regionOffset: 0n, serialNumber: 0x123456, vendorId: 0x8086 };
    expect(interleaveSetCookie([mapping])).toBe(0x2468ac00123456n);
    expect(interleaveSetCookie2([mapping])).toBe(0xba90120012b4dcn);
  });

  it('should not depend on the order of the mappings, and sort by value or by bytes', () => {
    const near = { regionOffset: 0x0100n, serialNumber: 1 };
    const far = { regionOffset: 0x0001_0001n, serialNumber: 2 };
    expect(interleaveSetCookie([near, far])).toBe(interleaveSetCookie([far, near]));
    expect(interleaveSetAltCookie([near, far])).toBe(interleaveSetAltCookie([far, near]));
    expect(interleaveSetCookie([near, far])).toBe(slowFletcher64([0x100, 0, 1, 0, 0x10001, 0, 2, 0]));
    expect(interleaveSetAltCookie([near, far])).toBe(slowFletcher64([0x100, 0, 1, 0, 0x10001, 0, 2, 0]));
    const low = { regionOffset: 0x0201n, serialNumber: 3 };
    expect(interleaveSetCookie([near, low])).toBe(slowFletcher64([0x100, 0, 1, 0, 0x201, 0, 3, 0]));
    const high = { regionOffset: 0x0200n, serialNumber: 4 };
    const odd = { regionOffset: 0x1_0001n, serialNumber: 5 };
    expect(interleaveSetAltCookie([odd, high])).toBe(slowFletcher64([0x200, 0, 4, 0, 0x10001, 0, 5, 0]));
    const small = { regionOffset: 0x02n, serialNumber: 6 };
    const large = { regionOffset: 0x0301n, serialNumber: 7 };
    expect(interleaveSetCookie([large, small])).toBe(slowFletcher64([2, 0, 6, 0, 0x301, 0, 7, 0]));
    expect(interleaveSetAltCookie([large, small])).toBe(slowFletcher64([0x301, 0, 7, 0, 2, 0, 6, 0]));
  });
});
