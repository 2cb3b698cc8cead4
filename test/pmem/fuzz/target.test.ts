/** Fuzzing accuses nobody wrongly, and finds what the series broke. */
import { describe, expect, it } from 'vitest';
import { runBatch } from '#engine/fuzz/batch.ts';
import { explainFound } from '#engine/fuzz/explain.ts';
import type { FuzzTarget } from '#engine/fuzz/target.ts';
import { fuzzOptions } from '#pmem/fuzz/pairs.ts';
import { openFuzz } from '#pmem/fuzz/target.ts';
import { project } from '../../support/project.ts';
import { isThorough } from '../../support/thorough.ts';

const open = (seed: number, names: Parameters<typeof fuzzOptions>[2] = {}): Promise<FuzzTarget> =>
  openFuzz(fuzzOptions(project, seed, names));

const COUNT = isThorough ? 150 : 75;

describe('fuzzing', () => {
  it('should find nothing on the ends of the series and between neighbours, and count standing defects by name', async () => {
    const { found, counted } = runBatch(await open(2), 0, COUNT);
    expect(found.map(({ text, workload }) => `${text}: ${workload.text}`)).toEqual([]);
    expect(counted['workloads']).toBe(COUNT);
    expect(counted['equal records']).toBeGreaterThan(COUNT / 8);
    expect(counted['records that differ']).toBeGreaterThan(COUNT / 8);
    expect(Object.keys(counted).some((name) => name.startsWith('defect '))).toBe(true);
  });

  it('should say the same each time, whatever was tried before', async () => {
    const [one, other] = [await open(3), await open(3)];
    const count = isThorough ? 30 : 10;
    const first = runBatch(one, 0, count);
    runBatch(other, count, 2 * count);
    expect({ ...runBatch(other, 0, count), seconds: 0 }).toEqual({ ...first, seconds: 0 });
  });

  it('should find the regression of 2017, and shrink it to two operations', async () => {
    // A seed with which it comes early.
    const target = await open(4, { before: 'step-2', after: 'as-posted@3' });
    let from = 0;
    let found = runBatch(target, 0, 0).found;
    const isIt = (): boolean =>
      found.some(({ kind, cause }) => kind === 'broken promise' && cause === 'dax write iovec');
    for (; !isIt() && from < 4000; from += 50) found = runBatch(target, from, from + 50).found;
    expect(isIt()).toBe(true);
    const failures = await explainFound(target, found);
    const it = failures.find(({ cause }) => cause === 'dax write iovec');
    const operations = it?.workload.split('\n').filter((line) => !line.startsWith('boot')) ?? [];
    expect(operations.length).toBeLessThanOrEqual(2);
    expect(operations[0]).toMatch(/^dax write .* iov (\d+,)*[2-7](,\d+)*( sync)?$/);
  });

  it('should refuse trees that it was not opened for', async () => {
    const target = await open(1, { before: 'step-2', after: 'step-3' });
    expect(() => target.judgeText('flush pmem0', 'before', 'after')).toThrow(RangeError);
  });
});
