import { describe, expect, it } from 'vitest';
import { latin1Bytes, latin1Text } from '#base/latin1.ts';

describe('text of one byte a character', () => {
  it('should have the byte of each character, as ISO 8859-1 numbers them', () => {
    expect(latin1Bytes('Aé\0')).toEqual(Uint8Array.of(0x41, 0xe9, 0));
    expect(latin1Text(Uint8Array.of(0x41, 0xe9, 0))).toBe('Aé\0');
  });
});
