/** The data that workloads write. */
import { describe, expect, it } from 'vitest';
import { patternBytes, tagByte, tagBytes } from '#kernel/subsystem/tag-bytes.ts';

describe('the bytes of an operation', () => {
  it('should differ from those of any other operation in 255 in a row, and from zero', () => {
    const values = Array.from({ length: 255 }, (_, operation) => tagByte(operation, 4711));
    expect(new Set(values).size).toBe(255);
    expect(values).not.toContain(0);
  });

  it('should be the same at a place, whatever the range begins with', () => {
    expect(tagBytes(3, 100, 8).subarray(4)).toEqual(tagBytes(3, 104, 4));
  });
});

describe('a pattern', () => {
  it('should begin with the range and be cut at its end', () => {
    expect([...patternBytes('1e1e00c0', 10)]).toEqual([30, 30, 0, 192, 30, 30, 0, 192, 30, 30]);
    expect([...patternBytes('00', 3)]).toEqual([0, 0, 0]);
  });
});
