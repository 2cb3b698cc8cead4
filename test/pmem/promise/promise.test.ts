/** What findings say: which operation's content is missing, where, and which findings of two runs are the same. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { promiseFindings } from '#pmem/promise/promise.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';

function findingsOf(boot: Boot, text: string) {
  const workload = parseWorkload(text);
  return promiseFindings(workload, runWorkload(boot, workload));
}

describe('a finding', () => {
  it('should name the last writer also where two operations wrote the same pattern', () => {
    // memory-and-dax.md 15 B4: before, 13 bytes at 3 leave their head, bytes 3 to 7, in the cache. The first write made
    // the same bytes durable, so that the second can lose nothing.
    const same = 'detach pmem0 / raw write pmem0 @0 16 bytes 5a / raw write pmem0 @3 13 bytes 5a';
    expect(findingsOf(before, same)).toEqual([]);
    const changed =
      'detach pmem0 / raw write pmem0 @0 16 bytes 5b / raw write pmem0 @3 13 bytes 5a / raw write pmem0 @3 13 bytes 5a';
    expect(findingsOf(before, changed)).toMatchObject([
      { rule: 'lost', index: 2, writerIndex: 2, writer: 'raw write pmem0 @3 13 bytes 5a', first: 3, last: 7 },
      { rule: 'lost', index: 3, writerIndex: 3, first: 3, last: 7 },
    ]);
  });

  it('should be a sentence with the disk and the bytes', () => {
    const [finding] = findingsOf(before, 'dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f');
    expect(finding?.text).toBe(
      "'fsync pmem0:/f' returned success, but pmem0:0-7 of 'dax write pmem0:/f @0 iov 1,4095' may be lost",
    );
  });

  it('should have the same key in another run, whatever the bytes', () => {
    // memory-and-dax.md 15 B6: before and after leave the end of a copy that faults dirty, at the same bytes.
    const text = 'dax write pmem0:/f @0 iov 4096 readable 40 / fsync pmem0:/f';
    const [here] = findingsOf(before, text);
    const [there] = findingsOf(after, text);
    expect(here?.key).toBe(there?.key);
    const [other] = findingsOf(before, `flush pmem0 / ${text}`);
    expect(other?.key).not.toBe(here?.key);
  });

  it('should not ask for data where the same write zeroed a new block over it, on a table that has a place twice', () => {
    // Pages 1 and 2 of dm-0 are the same page of pmem0; page 2 of the file is new, and comes last.
    for (const second of ['4K', '64K']) {
      const table = `dm dm-0 linear 8K pmem0@0 linear 8K pmem0@${second}`;
      expect(findingsOf(after, `${table} / dax write dm-0:/f @8184 bvec 9`)).toEqual([]);
    }
  });
});
