import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SweepReport } from '#engine/run-sweep.ts';
import { conformIn } from '../support/conform.ts';
import { rootFolder } from '../support/project.ts';

const cacheHome = mkdtempSync(join(tmpdir(), 'sweep-'));
afterAll(() => rmSync(cacheHome, { recursive: true }));

const conform = (...words: string[]) => conformIn({ folder: rootFolder, cacheHome }, ['sweep', ...words]);

async function sweep(...words: string[]): Promise<{ code: number; report: SweepReport }> {
  const { code, out } = await conform('--quick', '--format', 'json', ...words);
  return { code, report: JSON.parse(out) as SweepReport };
}

describe('conform sweep', () => {
  it('should convict the rule of 2017 at step 3 with one operation', async () => {
    const { code, report } = await sweep('--variant', 'as-posted', '--only', 'dax write iov, plain');
    const failing = report.steps.filter(({ failures }) => failures.length > 0);
    expect([code, failing.map(({ step }) => step)]).toEqual([1, [3]]);
    const [failure] = failing[0]?.failures ?? [];
    expect(failure?.kind).toBe('broken promise');
    // A small copy over the end of a line: 2 to 7 bytes, not an aligned 4 (memory-and-dax.md 15 B3).
    const match = /^dax write pmem0:\/f @(\d+) iov (\d) sync$/.exec(failure?.workload ?? '');
    const [offset, size] = [Number(match?.[1]), Number(match?.[2])];
    expect([size >= 2 && size <= 7, (offset % 64) + size > 64]).toEqual([true, true]);
    expect(failure?.replay).toContain('--after as-posted@3');
  }, 30_000);

  it('should find that every step keeps its contract, and say what breaks on both sides', async () => {
    const { code, report } = await sweep('--only', 'raw write, plain');
    expect([code, report.trees, report.cases > 150]).toEqual([0, 15, true]);
    // B4: unaligned raw bytes stay in the cache before, which step 1 mends.
    expect(report.standing['lost']).toBeGreaterThan(50);
    expect(report.steps[0]?.declared['D1-raw-edges-written-back']).toBeGreaterThan(50);
    expect(report.judged).toBeLessThan(report.runs);
  }, 30_000);

  it.each([
    [['--only', 'nothing of that name'], "no row contains 'nothing of that name'"],
    [['--variant', 'nobody'], "unknown variant 'nobody'"],
    [['--step', '3', '--from', '2'], 'allowed'],
    [['--step', '99'], '99'],
  ])('should refuse %j', async (words, said) => {
    const { code, err } = await conform('--quick', ...words);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  });
});
