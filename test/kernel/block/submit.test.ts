/** Bios to a disk whose driver has gone. */
import { describe, expect, it } from 'vitest';
import { boot } from '../../../after/index.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';

const resultsOf = (text: string): string[] =>
  runWorkload(boot, parseWorkload(text)).outcomes.map(({ result }) => describeResult(result));

// pmem_release_queue runs blk_cleanup_queue when the driver goes, and generic_make_request of 4.12 fails a bio whose queue
// can not be entered. A mapped device holds the disk that it was loaded with.
describe('a mapped device whose member has lost its driver', () => {
  it('should get errors, for data and for flushes', () => {
    const loaded = 'boot adr pmem0=2M / dm dm-0 linear 1M pmem0@0 / bio write dm-0 @0 512 / detach pmem0';
    expect(resultsOf(`${loaded} / bio write dm-0 @0 512 / bio read dm-0 @0 512 / flush dm-0`)).toEqual([
      '0',
      '512',
      '0',
      '-EIO',
      '-EIO',
      '-EIO',
    ]);
  });

  it('should get errors until it is loaded again, although the driver is back', () => {
    const text =
      'boot adr pmem0=2M / dm dm-0 linear 1M pmem0@0 / detach pmem0 / attach pmem0 / bio write dm-0 @0 512 / dm dm-0 linear 1M pmem0@0 / bio write dm-0 @0 512';
    expect(resultsOf(text)).toEqual(['0', '0', '0', '-EIO', '0', '512']);
  });
});
