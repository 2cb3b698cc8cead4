/** What is compared, and what is too much for it. */
import { describe, expect, it } from 'vitest';
import { TooManyImagesError } from '#base/too-many-images.ts';
import { compareRuns, UNDECIDED_MAX } from '#pmem/compare/compare.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { type Run, runWorkload } from '#pmem/run/run.ts';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';

/** Both runs of sectors that are written and never flushed: the series leaves them undecided, the code before it does not. */
function bothRuns(count: number): readonly [Run, Run] {
  const workload = parseWorkload('bio write pmem0 @0 4096\n'.repeat(count));
  return [runWorkload(before, workload), runWorkload(after, workload)];
}

describe('the comparison of two runs', () => {
  it('should be refused before the work where it would take hours', () => {
    // 512 words a write: after the n-th, 512 n are undecided; 512 * (1 + … + 512) is above the limit.
    expect(512 * ((512 * 513) / 2)).toBeGreaterThan(UNDECIDED_MAX);
    const [one, other] = bothRuns(512);
    expect(() => compareRuns(one, other)).toThrow(TooManyImagesError);
    expect(() => compareRuns(one, other)).toThrow('too much stays undecided');
    // Not where nothing differs, nor where less is undecided.
    expect(compareRuns(one, one)).toMatchObject({ acked: 'equal', inFlight: 'equal' });
    expect(compareRuns(...bothRuns(5))).toMatchObject({ acked: 'weaker' });
  });
});
