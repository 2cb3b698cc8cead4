/** Runs that did the same are told from others without reading what they may leave. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { generator } from '#pmem/fuzz/generate.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import type { Workload } from '#pmem/language/workload.ts';
import { digestOfRun } from '#pmem/run/digest.ts';
import { type Boot, type Run, runWorkload } from '#pmem/run/run.ts';
import { sameRuns } from '#pmem/run/same-run.ts';
import { isThorough } from '../../support/thorough.ts';

const like = (boot: Boot, workload: Workload, other: Run): Run =>
  runWorkload(boot, workload, {}, { step: 0, configuration: workload.boot, like: other });

describe('two runs', () => {
  it('should be the same exactly where their digests are, one made beside the other or alone', () => {
    const make = generator();
    const count = isThorough ? 150 : 45;
    let equal = 0;
    for (let number = 0; number < count; number++) {
      const workload = make(41, number);
      const [left, right] = [runWorkload(before, workload), runWorkload(after, workload)];
      const beside = like(after, workload, left);
      const isEqual = digestOfRun(left) === digestOfRun(right);
      expect([number, sameRuns(left, right), sameRuns(left, beside)]).toEqual([number, isEqual, isEqual]);
      expect([number, digestOfRun(beside)]).toEqual([number, digestOfRun(right)]);
      if (isEqual) equal++;
    }
    expect(equal).toBeGreaterThan(count / 8);
    expect(equal).toBeLessThan(count - count / 8);
  });

  it('should not take over what a power failure leaves of a life that was another', () => {
    // B5: before/ loses the end of the first piece, so the second life begins from other media.
    const workload = parseWorkload(
      'dax write pmem0:/f @0 iov 1,4095\nfsync pmem0:/f\ncrash\ndax read pmem0:/f @0 iov 8',
    );
    const left = runWorkload(before, workload);
    const right = like(after, workload, left);
    expect(right.outcomes.at(-1)?.result.data).toEqual(
      runWorkload(after, workload).outcomes.at(-1)?.result.data,
    );
    expect(right.outcomes.at(-1)?.result.data).not.toEqual(left.outcomes.at(-1)?.result.data);
  });
});
