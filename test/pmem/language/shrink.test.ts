import { describe, expect, it } from 'vitest';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { shrinkWorkload } from '#pmem/language/shrink.ts';
import { simplerWorkloads } from '#pmem/language/simpler.ts';
import { scenarios } from '#pmem/scenarios/index.ts';

describe('shrinking', () => {
  it('should go on to one operation on the usual machine when everything shows', () => {
    for (const { workload } of scenarios.slice(0, 40)) {
      const smallest = shrinkWorkload(parseWorkload(workload), () => true);
      expect(smallest.steps).toHaveLength(1);
      expect([...simplerWorkloads(smallest)]).toEqual([]);
    }
  });

  it('should keep what is needed to show it, and find that in a few trials', () => {
    const text = [
      'boot none clwb pmem0=8M,hints=2 pmem1=4M,pages ram0=1M',
      'dm dm-0 stripe 1M 4K pmem0@1M,pmem1@1M',
      'bio write dm-0 @0 512,1024 preflush',
      'dax write dm-0:/g @4099 pipe 3,64,7 sync',
      'fsync pmem1:/f',
      'store pmem0:/f @61 16 by B',
      'flush pmem0',
    ];
    let trials = 0;
    // Six bytes or more over the end of the first line of a file.
    const smallest = shrinkWorkload(parseWorkload(text.join('\n')), ({ steps }) => {
      trials++;
      return steps.some(
        ({ operation }) =>
          operation.kind === 'store' &&
          operation.sizeBytes >= 6 &&
          operation.offset < 64 &&
          operation.offset + operation.sizeBytes > 64,
      );
    });
    expect(formatWorkload(smallest)).toBe('boot adr clwb pmem0=2M\nstore pmem0:/f @59 6');
    expect(trials).toBeLessThan(100);
  });
});
