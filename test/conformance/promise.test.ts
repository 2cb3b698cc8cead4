/** Which operation a broken promise is laid to. */
import { describe, expect, it } from 'vitest';
import { boot as before } from '../../before/index.ts';
import { parseWorkload } from '#conformance/notation.ts';
import { brokenPromises } from '#conformance/promise.ts';
import { runWorkload } from '#conformance/run.ts';

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
