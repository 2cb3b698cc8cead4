/** Every scenario on two trees: what came of it on each, how they relate, and what is not as the scenario says. */
import { join } from 'node:path';
import { hashOfParts } from '#base/hash.ts';
import { InputError } from '#base/input-error.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import type { EndsReport, EndsReporter, EndsRequest } from '#engine/ends.ts';
import { mergeCoverage, type ModelCoverage } from '#machine/coverage/coverage.ts';
import { loadTree } from './load-tree.ts';
import { coverageLines, coverageOfRuns } from './report/coverage.ts';
import { type ScenarioResult, scenarioResult } from './report/model.ts';
import { suiteText } from './report/text.ts';
import { threadLines } from './report/threads.ts';
import type { Boot } from './run/run.ts';
import type { ThreadScenarioResult } from './run/threads.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { threadScenarioResults } from './scenarios/threads.ts';
import { sourcesHash } from './sources-hash.ts';

/** What is told of two trees. */
interface Ends {
  readonly before: string;
  readonly after: string;
  readonly scenarios: readonly ScenarioResult[];
  /** Threads that run at the same time; only when all scenarios were run. */
  readonly threads?: readonly ThreadScenarioResult[];
  /** Rules and pairs of instructions of the machine that no scenario made use of; only when asked for. */
  readonly neverExercised?: readonly string[];
}

/** Reports on two trees by `scenarios`. */
export function endsReporter(scenarios: readonly Scenario[]): EndsReporter {
  return async (request) => {
    const chosen = choose(scenarios, request.only);
    const isWhole = chosen.length === scenarios.length;
    const boots = bootsOf(request);
    const { rows, coverage } = await runAll(request, chosen, boots);
    return reportOf({
      before: request.before.name,
      after: request.after.name,
      scenarios: rows,
      ...(isWhole && areEnds(request) && { threads: await runThreads(request, boots) }),
      ...(coverage !== undefined && { neverExercised: coverageLines(coverage) }),
    });
  };
}

/** What is expected of threads is expected of the ends of the series. */
const areEnds = ({ before, after }: EndsRequest): boolean =>
  before.name === 'before' && after.name === 'after';

function choose(scenarios: readonly Scenario[], only: string | undefined): readonly Scenario[] {
  const wanted = only?.toLowerCase() ?? '';
  const chosen = scenarios.filter(({ name, theme, source }) =>
    [name, theme, source].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (chosen.length > 0) return chosen;
  const themes = [...new Set(scenarios.map(({ theme }) => theme))].join(', ');
  throw new InputError(`no scenario contains '${only}'\n  themes: ${themes}`);
}

/** Both trees, loaded when they are first needed. */
function bootsOf({ before, after }: EndsRequest): () => Promise<{ before: Boot; after: Boot }> {
  let loaded: Promise<{ before: Boot; after: Boot }> | undefined;
  return () =>
    (loaded ??= (async () => ({
      before: await loadTree(before.folder),
      after: await loadTree(after.folder),
    }))());
}

/** Hash of what makes rows out of runs; how they are rendered is no part of it. */
function rowsHash(): string {
  const folder = import.meta.dirname;
  const files = readTree(join(folder, 'report'));
  return hashOfParts([
    sourcesHash(),
    files.get('model.ts') ?? '',
    treeHash(readTree(join(folder, 'compare'))),
  ]);
}

async function runAll(
  { before, after, store, onProgress, withCoverage }: EndsRequest,
  chosen: readonly Scenario[],
  boots: () => Promise<{ before: Boot; after: Boot }>,
): Promise<{ rows: ScenarioResult[]; coverage?: ModelCoverage }> {
  const trees = [before, after].flatMap(({ name, hash }) => [name, hash]);
  const table = store.table<ScenarioResult>('ends', [rowsHash(), ...trees]);
  const covered: ModelCoverage[] = [];
  const rows: ScenarioResult[] = [];
  for (const [index, scenario] of chosen.entries()) {
    const key = JSON.stringify(scenario);
    const known = withCoverage ? undefined : table.get(key);
    if (known === undefined) {
      onProgress?.(index, chosen.length);
      const report = runScenario(await boots(), scenario);
      if (withCoverage) covered.push(coverageOfRuns([report.before, report.after]));
      table.set(key, scenarioResult(report));
    }
    const row = table.get(key);
    if (row !== undefined) rows.push(row);
  }
  store.save();
  return withCoverage ? { rows, coverage: mergeCoverage(...covered) } : { rows };
}

async function runThreads(
  { before, after, store }: EndsRequest,
  boots: () => Promise<{ before: Boot; after: Boot }>,
): Promise<readonly ThreadScenarioResult[]> {
  const own = treeHash(readTree(join(import.meta.dirname, 'scenarios')));
  const table = store.table<readonly ThreadScenarioResult[]>('threads', [
    rowsHash(),
    own,
    before.hash,
    after.hash,
  ]);
  const known = table.get('threads');
  if (known !== undefined) return known;
  const results = threadScenarioResults(await boots());
  table.set('threads', results);
  store.save();
  return results;
}

function reportOf(ends: Ends): EndsReport {
  const { scenarios, threads = [], neverExercised } = ends;
  const wrongCount = [...scenarios, ...threads].filter(({ mismatches }) => mismatches.length > 0).length;
  return {
    data: ends,
    wrongCount,
    verdict:
      wrongCount === 0
        ? `${scenarios.length} scenarios on ${ends.before}/ and ${ends.after}/ are as the facts say`
        : `${wrongCount} of ${scenarios.length} scenarios on ${ends.before}/ and ${ends.after}/ are not as the facts say`,
    text: (_isVerbose, paint) =>
      [
        suiteText(ends, paint),
        ...(threads.length === 0
          ? []
          : [
              paint('bold', 'Several CPUs: images that a power failure may leave'),
              ...threadLines(threads, paint),
              '',
            ]),
        ...(neverExercised === undefined
          ? []
          : [
              'What of the machine no scenario made use of',
              ...neverExercised.map((line) => `  ${line}`),
              '',
            ]),
      ].join('\n'),
  };
}
