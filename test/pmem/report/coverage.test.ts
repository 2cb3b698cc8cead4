import { describe, expect, it } from 'vitest';
import { coverageLines, coverageOfRuns } from '#pmem/report/coverage.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { mergeCoverage, type ModelCoverage } from '#machine/coverage/coverage.ts';
import { boot } from '../../../after/index.ts';

function runOf(text: string): ReturnType<typeof runWorkload> {
  return runWorkload(boot, parseWorkload(text));
}

/** Everything used once, but for what `changes` says. */
function used(
  changes: Partial<ModelCoverage['rules']> = {},
  unusedPairs: readonly string[] = [],
): ModelCoverage {
  const none = mergeCoverage();
  const rules = Object.fromEntries(Object.keys(none.rules).map((rule) => [rule, 1]));
  return {
    rules: { ...none.rules, ...rules, ...changes },
    pairs: none.pairs.map((pair) => {
      const count = unusedPairs.includes(`${pair.earlier}→${pair.later}`) ? 0 : 1;
      return { ...pair, same: count, other: count };
    }),
  };
}

describe('coverage of runs', () => {
  it('adds up the records of all lives', () => {
    const one = runOf('dax write pmem0:/f @0 iov 64 / fsync pmem0:/f');
    const two = runOf(
      'dax write pmem0:/f @0 iov 64 / fsync pmem0:/f / crash worst / dax write pmem0:/f @0 iov 64',
    );
    expect(two.lives.length).toBe(2);
    expect(coverageOfRuns([one]).rules.R7).toBe(1);
    expect(coverageOfRuns([one, two]).rules.R7).toBe(3);
    expect(coverageOfRuns([one]).rules.C5).toBeGreaterThan(0);
    expect(coverageOfRuns([])).toEqual(mergeCoverage());
  });

  it('knows from the boot line which domain a run had', () => {
    const eadr = runOf('boot eadr clwb pmem0=2M / dax write pmem0:/f @1 iov 3');
    expect(coverageOfRuns([eadr]).rules).toMatchObject({ R5a: 0 });
    expect(coverageOfRuns([eadr]).rules['R5a-eADR']).toBeGreaterThan(0);
  });
});

describe('coverage in words', () => {
  it('says nothing when all was exercised', () => {
    expect(coverageLines(used())).toEqual([]);
  });

  it('names rules with their meaning and pairs together', () => {
    expect(coverageLines(used({ C8: 0 }, ['W→FO', 'NT→NT']))).toEqual([
      'never exercised: C8, cached store, clflush of its line, fence, then a non-temporal store',
      'never exercised: pairs W→FO, NT→NT',
    ]);
  });

  it('keeps to lines of a terminal', () => {
    const lines = coverageLines(mergeCoverage());
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(lines.filter((line) => line.startsWith('  ')).length).toBeGreaterThan(1);
  });
});
