import { describe, expect, it } from 'vitest';
import { PWRITE, rowsOf } from './support.ts';
import { memberPlace } from '#pmem/traces/member-place.ts';
import { type Place, placeOf } from '#pmem/traces/place.ts';

const at = (on: string, op = 'pwrite'): Place | undefined => placeOf(rowsOf({ ...PWRITE, on, op })[0]!);

describe('what a row happened to', () => {
  it.each([
    ['ext4 dax on pmem0', 'dax file', ['pmem0'], 'nvdimm'],
    ['ext4 dax on e820 pmem3', 'dax file', ['pmem3'], 'e820'],
    ['ext4 dax on brd', 'dax file', [], 'ram disk'],
    ['xfs dax on pmem0', 'dax file', ['pmem0'], 'nvdimm'],
    ['ext4 (no dax) on pmem1', 'page cache file', ['pmem1'], 'nvdimm'],
    ['ext4 (no dax) on btt 512', 'btt', [], 'nvdimm'],
    ['block device pmem4 (fsdax)', 'block device', ['pmem4'], 'nvdimm'],
    ['btt sector 4096 on raw namespace5.0', 'btt', [], 'nvdimm'],
  ] as const)('should read %s', (on, kind, members, memory) => {
    expect(at(on)).toMatchObject({ kind, members, memory });
  });

  it('should read mapped devices, in the order of their tables', () => {
    expect(at('ext4 dax on dm-linear pmem3(8 MiB)+pmem4(16 MiB)')).toMatchObject({
      members: ['pmem3', 'pmem4'],
      mapped: { linearBytes: [8 * 2 ** 20, 16 * 2 ** 20] },
    });
    expect(at('block device dm-stripe 4 KiB chunk over pmem4,pmem2')).toMatchObject({
      members: ['pmem4', 'pmem2'],
      mapped: { chunkBytes: 4096 },
    });
    expect(at('ext4 dax on dm-linear on pmem0')?.mapped).toEqual({ linearBytes: [16 * 2 ** 20] });
  });

  it('should take binding for an operation on a namespace, whatever it is called', () => {
    for (const [on, op] of [
      ['pmem4', 'bind_pfn_existing'],
      ['btt512', 'unbind_btt_used'],
      ['namespace1.0', 'btt_set_namespace'],
    ] as const)
      expect(at(on, op)?.kind).toBe('namespace');
  });

  it('should know nothing of other texts', () => {
    expect(at('the moon')).toBeUndefined();
  });
});

describe('places on members', () => {
  it('should follow a linear table', () => {
    const place = at('block device dm-linear pmem3(8 MiB)+pmem4(16 MiB)')!;
    expect(memberPlace(place, 8 * 2 ** 20 - 1)).toEqual({ index: 0, offset: 8 * 2 ** 20 - 1 });
    expect(memberPlace(place, 8 * 2 ** 20)).toEqual({ index: 1, offset: 0 });
  });

  it('should follow a stripe (memory-and-dax.md 8.4)', () => {
    const place = at('block device dm-stripe 64 KiB chunk over pmem3,pmem4')!;
    // Measured: 8908824 of the device is 4452376 of the second member, 8912920 is 4456472 of the first.
    expect(memberPlace(place, 8_908_824)).toEqual({ index: 1, offset: 4_452_376 });
    expect(memberPlace(place, 8_912_920)).toEqual({ index: 0, offset: 4_456_472 });
  });
});
