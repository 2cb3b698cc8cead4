import { assert, maxSafeNat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSize, parseSize } from '#pmem/language/sizes.ts';

describe('a number of bytes', () => {
  it('should be digits or hexadecimal, with a unit', () => {
    expect(parseSize('4K')).toBe(4096);
    expect(parseSize('0x1f')).toBe(31);
    expect(parseSize('0x2m')).toBe(2 * 2 ** 20);
    for (const text of ['', '-1', '1.5', '4KB', '0x', '1e3', '4 K']) expect(parseSize(text)).toBeUndefined();
  });

  it('should end below 2^53, where numbers are no longer exact', () => {
    expect(parseSize('9007199254740991')).toBe(2 ** 53 - 1);
    expect(parseSize('9007199254740992')).toBeUndefined();
    expect(parseSize('8192T')).toBeUndefined();
  });

  it('should write sizes so that they read back', () => {
    assert(property(maxSafeNat(), (size) => parseSize(formatSize(size)) === size));
  });
});
