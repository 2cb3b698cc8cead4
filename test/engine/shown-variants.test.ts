/** What a reader is shown of a variant: the image that tells both sides apart, and the road of the byte that it loses. */
import { describe, expect, it } from 'vitest';
import { judgeVariants } from '#engine/judge-series.ts';
import { shownVariants } from '#engine/shown-variants.ts';
import type { Subject } from '#engine/subject.ts';
import { emptyStore, project } from '../support/project.ts';

describe('a variant that is shown', () => {
  it('should have the image, the road through the function that it changes, and both again from the store', async () => {
    // The end of a write-back is rounded down: zeroing 65 bytes from 64 on leaves byte 128 in a cache (its variant.yaml).
    const store = emptyStore();
    const judged = await judgeVariants(project, ['end-misses-a-line'], { store });
    const [shown] = await shownVariants(project, store, judged);
    const [failure] = shown!.failures;
    expect(failure!.witness!.join('\n')).toContain('pmem0:128-135');
    expect([failure!.road!.first, failure!.road!.last]).toEqual([128, 128]);
    expect(failure!.road!.frames.map((frame) => frame.function)).toContain('daxZeroPageRange');
    const blind: Subject = { ...project.subject, open: () => expect.fail('it is known') };
    expect(await shownVariants({ ...project, subject: blind }, store, judged)).toEqual([shown]);
  });

  it('should be as it was judged where nothing convicts it', async () => {
    const verdict = {
      name: 'cache-off',
      title: '',
      convictedAt: null,
      expectedAt: null,
      isDeclared: true,
      failures: [],
      asExpected: true,
    };
    expect(await shownVariants(project, emptyStore(), [verdict])).toEqual([verdict]);
  });
});
