import { describe, expect, it } from 'vitest';
import { PmemcheckFiles } from '../../../recordings/import/pmemcheck-files.ts';

const mapping = (path: string, address: number, sizeBytes: number, offsetBytes = 0) => ({
  path,
  address,
  sizeBytes,
  offsetBytes,
});

describe('files of a pmemcheck log', () => {
  it('should be one mapping where they are mapped again, in part, or further', () => {
    const files = new PmemcheckFiles();
    expect(files.add(mapping('a', 0x2000, 0x2000, 0x1000))).toBe(0);
    for (let time = 0; time < 3; time++) expect(files.add(mapping('a', 0x3000, 0x1000, 0x2000))).toBe(0);
    expect(files.add(mapping('a', 0x1000, 0x5000))).toBe(0);
    expect([...files.partsOf(0, 0x10_000)]).toEqual([{ file: 0, from: 0, to: 0x5000 }]);
    expect(files.find(0x1fff, 2)).toMatchObject({ address: 0x1000, offsetBytes: 0 });
    expect(files.find(0x5fff, 2)).toBeUndefined();
  });

  it('should be refused over another file, and over another place of the same', () => {
    const files = new PmemcheckFiles();
    files.add(mapping('a', 0x1000, 0x1000));
    files.add(mapping('b', 0x3000, 0x1000));
    expect(files.add(mapping('a', 0x2000, 0x2000, 0x1000))).toContain('mapped over b');
    expect(files.add(mapping('a', 0x1000, 0x1000, 0x1000))).toContain('mapped over a');
    expect(files.add(mapping('c', 0x2000, 0x1000))).toBe(2);
  });

  it('should give a byte that is mapped at two addresses once', () => {
    const files = new PmemcheckFiles();
    files.add(mapping('a', 0x5000, 0x1000));
    files.add(mapping('a', 0x1000, 0x1000));
    expect([...files.partsOf(0, 0x10_000)]).toEqual([{ file: 0, from: 0, to: 0x1000 }]);
  });
});
