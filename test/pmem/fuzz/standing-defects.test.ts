/** Standing defects are known by what a workload does, however its numbers are written. */
import { describe, expect, it } from 'vitest';
import { fuzzOptions } from '#pmem/fuzz/pairs.ts';
import { openFuzz } from '#pmem/fuzz/target.ts';
import { project } from '../../support/project.ts';

describe('standing defects', () => {
  it('should be known by sizes with units too: poison that ends in another sector (15.1 l)', async () => {
    const target = await openFuzz(fuzzOptions(project, 1));
    for (const size of ['4K', '4096', '0x1000']) {
      const text = `poison pmem0 @1 ${size}\nbio write pmem0 @4K 512`;
      const judged = target.judgeText(text, 'before', 'after');
      expect(judged?.findings).toEqual([]);
      expect(judged?.counted).toContain('defect l');
    }
  });

  // Only since step 12 has a volatile region a disk, so what was wrong with every disk before is new on this one (B14: the mapping
  // from before the second table stores where the file was).
  it('should be known on a volatile region, where they are new', async () => {
    const target = await openFuzz(fuzzOptions(project, 1));
    const lines = [
      'dm dm-0 linear 192K pmem0@0',
      'store dm-0:/f @0 1',
      'dm dm-0 linear 128K pmem0@512',
      'store dm-0:/f @0 1',
    ];
    const judged = target.judgeText(
      ['boot adr clwb pmem0=2M,volatile', ...lines].join('\n'),
      'before',
      'after',
    );
    expect(judged?.findings).toEqual([]);
    expect(judged?.counted).toContain('defect B14');
  });
});
