/** The suite as text: short when all is well, in full where it is not, and a verdict either way. */
import { describe, expect, it } from 'vitest';
import { painter } from '#base/paint.ts';
import { scenarioResult, type ScenarioResult, type SuiteReport } from '#pmem/report/model.ts';
import { suiteSummary, suiteText, suiteVerdict } from '#pmem/report/suite.ts';
import { readScenarios } from '#pmem/scenarios/file/parse.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { runScenario } from '#pmem/scenarios/run-scenario.ts';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';

const plain = painter(false);
const trees = { before: { name: 'before', boot: before }, after: { name: 'after', boot: after } };

/** Results of a file of scenarios. */
function resultsOf(text: string): ScenarioResult[] {
  return readScenarios(text, 'x').map((scenario) => scenarioResult(runScenario(trees, scenario)));
}

// memory-and-dax.md 17 T2 and 20 E1, E7.
const scenarios = resultsOf(`
theme: writes: several
scenario: T2
source: facts T2
  dax write pmem0:/f @0 iov 1,4095
  fsync pmem0:/f
lost after: none
theme: writes: one
scenario: E1
  dax write pmem0:/f @5 iov 100
  fsync pmem0:/f
lost: none
theme: blocks
scenario: E7
  bio write pmem0 @0 4096
lost after: pmem0:0-4095
`);
const suite: SuiteReport = { before: 'before', after: 'after', scenarios };

const wrong = resultsOf(
  'theme: blocks\nscenario: E7 wrong\nsource: facts E7\nbio write pmem0 @0 4096\nlost: none',
);

describe('the summary', () => {
  it('should have a line for each group of themes with counts', () => {
    expect(suiteSummary(suite, plain).split('\n')).toEqual([
      'before/ against after/: what may a power failure leave?',
      '',
      '    scenarios       acknowledged                                        where durability is promised',
      'ok  writes       2  1 equal, 1 stronger                                 1 equal, 1 stronger',
      'ok  blocks       1  weaker                                              equal',
      '',
      'stronger: fewer ways to lose data; weaker: more (docs/OUTPUT.md)',
      '',
    ]);
  });

  it('should show what is not as expected in full, with source, replay and witness, and say how many', () => {
    const lines = suiteSummary({ ...suite, scenarios: [...scenarios, ...wrong] }, plain).split('\n');
    expect(lines).toContain('BAD blocks       2  weaker                                              equal');
    expect(lines).toContain('      after: bytes that may be lost: expected none, found pmem0:0-4095');
    expect(lines).toContain('      source: facts E7');
    expect(lines).toContain(
      "      replay: npx pmem-conform replay --trace 'boot adr clwb pmem0=2M / bio write pmem0 @0 4K'",
    );
    expect(lines.some((line) => line.startsWith('      only after/ may leave this'))).toBe(true);
    expect(lines.filter((line) => line.includes('T2'))).toEqual([]);
    expect(lines).toContain('Not as expected');
  });

  it('should name the slowest scenarios when told how long they took, and no time otherwise', () => {
    const times = [0.5, 2, 1.25, 3].map((seconds, index) => ({ name: `s${index}`, seconds }));
    expect(suiteSummary(suite, plain, times)).toContain('\nslowest: s3 (3.00 s), s1 (2.00 s), s2 (1.25 s)\n');
    expect(suiteSummary(suite, plain)).not.toContain('slowest');
    expect(suiteSummary(suite, plain, [{ name: 's', seconds: 0.02 }])).not.toContain('slowest');
  });

  it('should count the scenarios of several CPUs, and show those that are not as expected', () => {
    const scenario = { name: 'a race', source: '', shows: 'nothing', threads: [], expected: {} };
    const thread = { scenario, points: [], mismatches: [] };
    const well = suiteSummary({ ...suite, threads: [thread, thread] }, plain);
    expect(well).toContain('    several CPUs: 2 scenarios, all as expected\n');
    expect(suiteVerdict({ ...suite, threads: [thread, thread] })).toContain(
      '3 scenarios and 2 of several CPUs as expected',
    );
    const wrongThreads = { ...suite, threads: [thread, { ...thread, mismatches: ['any time: wrong'] }] };
    const bad = suiteSummary(wrongThreads, plain);
    expect(bad).toContain('several CPUs: 2 scenarios, 1 not as expected');
    expect(bad).toContain('BAD a race: nothing\n    any time: wrong\n');
    expect(suiteVerdict(wrongThreads)).toBe('1 of 3 scenarios and 2 of several CPUs not as expected');
  });

  it('should call the trees by their names', () => {
    const named = suiteSummary({ before: 'step-2', after: 'mine', scenarios: wrong }, plain);
    expect(named).toContain('step-2/ against mine/: ');
    expect(named).toContain('      only mine/ may leave this');
    expect(named).toContain("npx pmem-conform replay --trace --before step-2 --after mine 'boot adr");
  });

  it('should fit on a screen for the whole suite', () => {
    const results = suiteScenarios().map((scenario): ScenarioResult => ({
      ...scenarios[0]!,
      theme: scenario.theme,
    }));
    const text = suiteSummary({ ...suite, scenarios: results, threads: [] }, plain, [
      { name: 's', seconds: 1 },
    ]);
    expect(text.split('\n').length).toBeLessThanOrEqual(26);
  });
});

describe('the verdict', () => {
  it('should be one sentence about both trees, or how many are not as expected', () => {
    expect(suiteVerdict(suite)).toBe(
      '3 scenarios as expected (where durability is promised, after/ is equal to before/ in 2, stronger in 1)',
    );
    expect(suiteVerdict({ ...suite, scenarios: [...scenarios, ...wrong] })).toBe(
      '1 of 4 scenarios not as expected',
    );
    expect(suiteVerdict({ ...suite, scenarios: wrong })).toBe('1 of 1 scenario not as expected');
  });
});

describe('every scenario', () => {
  it('should have a line under its theme, and a witness where the sides differ', () => {
    const lines = suiteText(suite, plain).split('\n');
    expect(lines.filter((line) => /^(ok|BAD) /.test(line))).toEqual([
      `ok  ${'T2'.padEnd(48)} stronger      stronger      511/0/4 -> 511/2/4`,
      `ok  ${'E1'.padEnd(48)} equal         equal         12/2/3 =`,
      `ok  ${'E7'.padEnd(48)} weaker        equal         512/0/1 -> 512/0/0`,
    ]);
    expect(lines.filter((line) => ['writes: several', 'writes: one', 'blocks'].includes(line))).toHaveLength(
      3,
    );
    expect(lines.filter((line) => line.includes('may leave this'))).toEqual([
      "      only before/ may leave this, once operation 2 'fsync pmem0:/f' has returned:",
      "      only after/ may leave this, once operation 1 'bio write pmem0 @0 4K' has returned:",
    ]);
  });
});
