/** Which operation a broken promise is laid to, and which operations promise the whole image. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { brokenPromises } from '#pmem/promise/promise.ts';
import { carriesPromise, promisesWholeImage } from '#pmem/promise/promise-points.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { compareWorkload } from '#pmem/compare/compare-workload.ts';

describe('a broken promise', () => {
  it('should name the last writer also where two operations wrote the same pattern', () => {
    const workload = parseWorkload(
      'detach pmem0 / raw write pmem0 @0 16 bytes 5a / raw write pmem0 @3 13 bytes 5a',
    );
    // memory-and-dax.md 15 B4: before, 13 bytes at 3 leave their head, bytes 3 to 7, in the cache. The first write made
    // the same bytes durable, so that the second can lose nothing.
    expect(brokenPromises(workload, runWorkload(before, workload))).toEqual([]);
    const changed = parseWorkload(
      'detach pmem0 / raw write pmem0 @0 16 bytes 5b / raw write pmem0 @3 13 bytes 5a / raw write pmem0 @3 13 bytes 5a',
    );
    expect(brokenPromises(changed, runWorkload(before, changed))).toMatchObject([
      { index: 2, writer: 'raw write pmem0 @3 13 bytes 5a', first: 3, last: 7 },
      { index: 3, writer: 'raw write pmem0 @3 13 bytes 5a', first: 3, last: 7 },
    ]);
  });
});

/** What the one operation of a workload promises. */
function isPromised(text: string) {
  const operation = parseWorkload(text).steps[0]?.operation as Operation;
  return { something: carriesPromise(operation), wholeImage: promisesWholeImage(operation) };
}

describe('a write with PREFLUSH alone', () => {
  // memory-and-dax.md 15 B20: after patch 1 a write bio without FUA ends without fence, so its own data may be lost.
  it('should not be held to its own data', () => {
    const report = compareWorkload({ before, after }, parseWorkload('bio write pmem0 @8192 4096 preflush'));
    expect(report.comparison.acked).toBe('weaker');
    expect(report.synced).toBe('equal');
  });

  it('should promise what was acknowledged before it all the same', () => {
    expect(isPromised('bio write pmem0 @0 512 preflush')).toEqual({ something: true, wholeImage: false });
  });

  it('should promise the whole image when it has FUA too, or no data of its own', () => {
    const wholeImage = { something: true, wholeImage: true };
    expect(isPromised('bio write pmem0 @0 512 preflush fua')).toEqual(wholeImage);
    expect(isPromised('bio write pmem0 @0 0 preflush')).toEqual(wholeImage);
  });
});
