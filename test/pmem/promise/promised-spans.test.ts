/** Which words an operation promises when it returns. */
import { describe, expect, it } from 'vitest';
import { boot } from '../../../after/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { judgePromise, promisedWords } from '#pmem/promise/promise.ts';
import { runWorkload } from '#pmem/run/run.ts';

/** Whether each of the `words`, by their byte addresses on pmem0, is promised by the last operation of a workload. */
function promisedAtEnd(text: string, words: readonly number[]): boolean[] {
  const workload = parseWorkload(text);
  const run = runWorkload(boot, workload);
  const start = run.outcomes.at(-1)?.surroundings.places[0]?.start ?? NaN;
  const isPromised = promisedWords(judgePromise(workload, run), workload.steps.length - 1);
  return words.map((word) => isPromised(start + word));
}

describe('the words that an operation promises', () => {
  it('should be those it covers, begun ones too', () => {
    // Bytes 4 to 11 lie in words 0 and 8.
    expect(promisedAtEnd('store pmem0:/f @4 8 / fsync pmem0:/f', [0, 8, 16])).toEqual([true, true, false]);
  });

  it('should leave out words with bytes that nothing promised', () => {
    // memory-and-dax.md 12 patch 13: the zeros of bytes 100 to 149 lost their promise; they lie in words 96 to 144.
    const zeroed =
      'dax write pmem0:/f @0 iov 4096 / sysfs write pmem0/queue/write_cache "write through" / zero-in-place pmem0:/f @100 50';
    const switchedBack = 'sysfs write pmem0/queue/write_cache "write back"';
    expect(promisedAtEnd(`${zeroed} / ${switchedBack} / fsync pmem0:/f`, [88, 96, 144, 152])).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
