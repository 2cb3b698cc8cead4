/** Where the memory of a machine lies: usual devices where they always were, large ones out of each other's way. */
import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { layoutOf, rangesOf } from '#kernel/subsystem/layout.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Name and first address of each range of a boot line, in GiB. */
function placesOf(boot: string): Record<string, number> {
  const ranges = rangesOf(layoutOf(parseWorkload(`boot ${boot}`).boot));
  return Object.fromEntries(ranges.map(({ name, start }) => [name, start / GIB]));
}

describe('the layout of a machine', () => {
  it('should put small devices where their kind begins, one behind the other', () => {
    expect(placesOf('pmem0=2M pmem1=5M ram0=1M pmem2=2M axonram0=1M dcssblk0=1M e820=2M nfit=pmem')).toEqual({
      ram0: 1,
      pmem0: 4,
      pmem1: 4 + 2 / 1024,
      // 5 MiB behind 2 MiB, rounded up to 2 MiB.
      pmem2: 4 + 8 / 1024,
      spa1: 64,
      'e820-0': 1024,
      axonram0: 32 * 1024,
      dcssblk0: 64 * 1024,
    });
  });

  it('should put what would overlap behind what is in the way', () => {
    // The hints of nmem0 are a page at 2 GiB; the next boundary of 2 MiB follows.
    const behindHints = 2 + 2 / 1024;
    expect(placesOf('ram0=4G pmem0=2M')).toEqual({ ram0: behindHints, pmem0: behindHints + 4 });
    // The table has 2 MiB at 64 GiB.
    expect(placesOf('pmem0=100G nfit=pmem')).toEqual({ pmem0: 64 + 2 / 1024, spa1: 64 });
    expect(placesOf('pmem0=2T e820=2M')).toEqual({ pmem0: 4, 'e820-0': 4 + 2048 });
  });

  it('should keep devices off the flush hints of a table', () => {
    // The hint of `pmem-hints` is on the second page at 63 GiB.
    expect(placesOf('pmem0=59G,no-dimm')).toEqual({ pmem0: 4 });
    expect(placesOf('pmem0=60G,no-dimm nfit=pmem-hints')).toEqual({ pmem0: 64 + 2 / 1024, spa1: 64 });
  });

  it('should never let two devices overlap', () => {
    const ranges = rangesOf(
      layoutOf(parseWorkload('boot ram0=40T pmem0=40T axonram0=40T dcssblk0=40T e820=40T nfit=windows').boot),
    ).sort((left, right) => left.start - right.start);
    expect(ranges).toHaveLength(7);
    for (const [index, { start }] of ranges.slice(1).entries()) {
      const earlier = ranges[index]!;
      expect(earlier.start + earlier.sizeBytes).toBeLessThanOrEqual(start);
    }
  });

  it('should complain, and name what is in the way, when addresses of 52 bits do not reach', () => {
    expect(() => placesOf('pmem0=2048T pmem1=2048T')).toThrow(
      `no room for the ${2048 * 1024 * 1024 * MIB} bytes of pmem1 behind pmem0`,
    );
    expect(() => placesOf('pmem0=4096T')).toThrow('bytes of pmem0\n');
  });
});
