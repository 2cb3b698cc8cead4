/** The table of bad sectors, defects included (nvdimm-and-firmware.md 11.6). */
import { describe, expect, it } from 'vitest';
import {
  badblocksCheck,
  badblocksClear,
  badblocksSet,
  badblocksShow,
  badblocksStore,
  newBadBlocks,
} from '#kernel/block/badblocks.ts';

/** A table after `badblocks_set` of each range, acknowledged. */
function tableOf(...ranges: readonly (readonly [start: number, sectors: number])[]) {
  const table = newBadBlocks();
  for (const [start, sectors] of ranges) badblocksSet(table, start, sectors, true);
  return table;
}

describe('badblocks_set', () => {
  it('should join ranges that touch', () => {
    expect(badblocksShow(tableOf([8, 8], [16, 8]))).toBe('8 16\n');
    expect(badblocksShow(tableOf([16, 8], [8, 8]))).toBe('8 16\n');
    expect(badblocksShow(tableOf([0, 4], [8, 4], [4, 4]))).toBe('0 12\n');
  });

  it('should store the pieces of a long new range each before the last one (ordering defect)', () => {
    expect(badblocksShow(tableOf([0, 1024]))).toBe('512 512\n0 512\n');
    expect(badblocksShow(tableOf([0, 1500]))).toBe('1024 476\n512 512\n0 512\n');
  });

  it('should lose the tail of a range over three entries (lost-tail defect)', () => {
    expect(badblocksShow(tableOf([32, 1], [34, 1], [36, 1], [32, 12]))).toBe('32 3\n36 1\n');
  });
});

describe('badblocks_check', () => {
  it('should find the lowest overlap of a sorted table', () => {
    const table = tableOf([8, 8], [100, 4]);
    expect(badblocksCheck(table, 0, 8).state).toBe(0);
    expect(badblocksCheck(table, 0, 9)).toMatchObject({ state: 1, first: { start: 8, length: 8 } });
    expect(badblocksCheck(table, 15, 200)).toMatchObject({ state: 1, first: { start: 8 } });
    expect(badblocksCheck(table, 16, 84).state).toBe(0);
  });

  it('should call most of a long range good (ordering defect)', () => {
    const kilo = tableOf([0, 1024]);
    expect(badblocksCheck(kilo, 512, 8).state).toBe(0);
    expect(badblocksCheck(kilo, 1016, 8).state).toBe(0);
    const longer = tableOf([0, 1500]);
    for (let sector = 0; sector < 1500; sector += 100)
      expect(badblocksCheck(longer, sector, 8).state).toBe(0);
  });
});

describe('badblocks_clear', () => {
  it('should trim, delete and split', () => {
    const table = tableOf([0, 16]);
    badblocksClear(table, 4, 4);
    expect(badblocksShow(table)).toBe('0 4\n8 8\n');
    badblocksClear(table, 0, 4);
    expect(badblocksShow(table)).toBe('8 8\n');
    badblocksClear(table, 12, 100);
    expect(badblocksShow(table)).toBe('8 4\n');
  });
});

describe('badblocks_store', () => {
  it('should read "SECTOR LENGTH" and refuse anything else', () => {
    const table = newBadBlocks();
    expect(badblocksStore(table, '8 8\n')).toBe(4);
    expect(badblocksShow(table)).toBe('8 8\n');
    for (const text of ['', '8', '8 0', '8 -1', '8 8 8', 'x 8', '8 8x'])
      expect(badblocksStore(table, text)).toBe(-22);
  });

  it('should wrap the length to 32 bits, as the kernel was reported to', () => {
    const table = newBadBlocks();
    badblocksStore(table, '2055 4294967299');
    expect(badblocksShow(table)).toBe('2055 3\n');
  });
});
