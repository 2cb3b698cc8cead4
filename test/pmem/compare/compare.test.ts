/** What is compared, and what is too much for it. */
import { describe, expect, it } from 'vitest';
import { TooManyImagesError } from '#base/too-many-images.ts';
import { compareRuns } from '#pmem/compare/compare.ts';
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
  it('should be refused before the work where more is undecided than can be looked at', () => {
    // 512 words a write: 512, 1024, 1536 and 2048 are undecided after the four.
    const [one, other] = bothRuns(4);
    expect(() => compareRuns(one, other, 5119)).toThrow(TooManyImagesError);
    expect(() => compareRuns(one, other, 5119)).toThrow('too much stays undecided');
    expect(compareRuns(one, other, 5120)).toMatchObject({ acked: 'weaker' });
    // Not where nothing differs.
    expect(compareRuns(one, one, 0)).toMatchObject({ acked: 'equal', inFlight: 'equal' });
  });
});
