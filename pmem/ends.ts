/** Every scenario on two trees: what came of it on each, how they relate, and what is not as the scenario says. */
import { ownHash } from '#base/own-package.ts';
import { hashOfParts } from '#base/hash.ts';
import { InputError } from '#base/input-error.ts';
import { once } from '#base/once.ts';
import type { EndsReport, EndsReporter, EndsRequest } from '#engine/ends.ts';
import { PART } from '#engine/plain-ends.ts';
import { isMine, shareOf } from '#engine/share.ts';
import type { Tree } from '#engine/subject.ts';
import { Tries } from '#engine/tries.ts';
import { mergeCoverage, type ModelCoverage } from '#machine/coverage/coverage.ts';
import { workloadReport } from './compare/compare-workload.ts';
import { loadTree } from './load-tree.ts';
import { coverageLines, coverageOfRuns } from './report/coverage.ts';
import { type ScenarioResult, scenarioResult, type SuiteReport } from './report/model.ts';
import { type ScenarioTime, suiteSummary, suiteText, suiteVerdict } from './report/suite.ts';
import type { Trees } from './run/run.ts';
import type { ThreadScenarioResult } from './run/threads.ts';
import { parseWorkload } from './language/notation.ts';
import { runWorkload } from './run/run.ts';
import { mismatchesOf } from './scenarios/mismatches.ts';
import { type ScenarioReport, scenarioReport } from './scenarios/run-scenario.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { scenariosFrom } from './scenarios/scenarios-from.ts';
import { threadScenarioResults } from './scenarios/threads.ts';
import { sourcesHash } from './sources-hash.ts';
import { pmemSubject } from './subject.ts';
import type { Tried } from './tried.ts';

/** What is told of two trees. */
interface Ends extends SuiteReport {
  /** Rules and pairs of instructions of the machine that no scenario made use of; only when asked for. */
  readonly neverExercised?: readonly string[];
}

/** Reports on two trees by the scenarios of the suite, which are read when they are needed, or by those of a file. */
export function endsReporter(suite: () => readonly Scenario[]): EndsReporter {
  return async (request) => {
    const { file, only, before, after } = request;
    const scenarios = file === undefined ? suite() : scenariosFrom(file);
    const chosen = choose(scenarios, only);
    const isWhole = file === undefined && chosen.length === scenarios.length;
    const { rows, times, coverage } = await runAll(request, shareOf(request.share, chosen));
    if (request.share !== undefined) {
      if (isWhole && areEnds(request) && isMine(request.share, 0))
        await runThreads(request, bootsOf(request));
      return PART;
    }
    const told = await tellSince(request, chosen, rows);
    const ends = {
      before: before.name,
      after: after.name,
      scenarios: told,
      ...(isWhole && areEnds(request) && { threads: await runThreads(request, bootsOf(request)) }),
      ...(coverage !== undefined && { neverExercised: coverageLines(coverage) }),
    };
    return reportOf(ends, times);
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
function bootsOf({ before, after }: EndsRequest): () => Promise<Trees> {
  return once(async () => ({
    before: await loadTree(before.folder),
    after: await loadTree(after.folder),
  }));
}

/**
 * Says of each row that is not as expected since which tree of the series the later side has been so: what is expected of the
 * end is not met by earlier trees either, but in another way.
 */
async function tellSince(
  { after, between }: EndsRequest,
  chosen: readonly Scenario[],
  rows: readonly ScenarioResult[],
): Promise<ScenarioResult[]> {
  const told: ScenarioResult[] = [];
  for (const row of rows) {
    const scenario = chosen.find(({ name }) => name === row.name);
    const isWrong = scenario !== undefined && row.mismatches.length > 0;
    const since = isWrong ? await firstAsWrong(scenario, after, between()) : undefined;
    told.push(since === undefined ? row : { ...row, since });
  }
  return told;
}

async function firstAsWrong(
  scenario: Scenario,
  after: Tree,
  between: readonly Tree[],
): Promise<string | undefined> {
  if (between.length === 0) return undefined;
  const workload = parseWorkload(scenario.workload);
  const wrongOn = async ({ folder }: Tree): Promise<string> =>
    mismatchesOf(scenario, after.name, runWorkload(await loadTree(folder), workload)).join('\n');
  const atEnd = await wrongOn(after);
  if (atEnd === '') return undefined;
  let first = after;
  for (const tree of [...between].reverse()) {
    if ((await wrongOn(tree)) !== atEnd) break;
    first = tree;
  }
  return first.name;
}

/** Hash of what makes rows out of runs; how they are rendered is no part of it. */
function rowsHash(): string {
  return hashOfParts([
    sourcesHash(),
    ownHash('pmem/report/model.ts'),
    ownHash('pmem/compare'),
    ownHash('pmem/scenarios/mismatches.ts'),
    ownHash('pmem/scenarios/run-scenario.ts'),
  ]);
}

/** A row follows from what the scenario says and from what came of it on both sides, whichever trees these were. */
const rowOf = (scenario: Scenario, digests: readonly unknown[]): string =>
  JSON.stringify([scenario, ...digests]);

async function runAll(
  { before, after, store, onProgress, withCoverage }: EndsRequest,
  chosen: readonly Scenario[],
): Promise<{ rows: ScenarioResult[]; times: ScenarioTime[]; coverage?: ModelCoverage }> {
  const table = store.table<ScenarioResult>('ends', [rowsHash(), before.name, after.name]);
  const tries = new Tries(pmemSubject([]), store, [before, after]);
  const covered: ModelCoverage[] = [];
  const rows: ScenarioResult[] = [];
  const times: ScenarioTime[] = [];
  for (const [index, scenario] of chosen.entries()) {
    if ([before, after].some(({ hash }) => tries.known(hash, scenario.workload) === undefined))
      onProgress?.(index, chosen.length);
    const start = performance.now();
    const key = rowOf(scenario, [
      await digestOn(tries, before, scenario),
      await digestOn(tries, after, scenario),
    ]);
    const known = withCoverage ? undefined : table.get(key);
    if (known !== undefined) {
      rows.push(known);
      continue;
    }
    const report = await reportOn(tries, scenario, before, after);
    const row = scenarioResult(report);
    times.push({ name: scenario.name, seconds: (performance.now() - start) / 1000 });
    if (withCoverage) covered.push(coverageOfRuns([report.before, report.after]));
    table.set(key, row);
    rows.push(row);
  }
  store.save();
  return withCoverage ? { rows, times, coverage: mergeCoverage(...covered) } : { rows, times };
}

/** What a scenario gives on a tree is known by; its error where it ended in one. */
async function digestOn(tries: Tries<Tried>, { hash }: Tree, { workload }: Scenario): Promise<string> {
  const { facts } = await tries.facts(hash, workload);
  return 'error' in facts ? facts.error : facts.digest;
}

/** Throws `InputError` where the scenario ends in an error on one of the trees. */
async function reportOn(
  tries: Tries<Tried>,
  scenario: Scenario,
  before: Tree,
  after: Tree,
): Promise<ScenarioReport> {
  const [left, right] = [await triedOn(tries, before, scenario), await triedOn(tries, after, scenario)];
  const report = workloadReport(left.workload, left, right);
  return scenarioReport(scenario, report, [before.name, after.name]);
}

async function triedOn(tries: Tries<Tried>, { name, hash }: Tree, scenario: Scenario): Promise<Tried> {
  const outcome = await tries.attempt(hash, scenario.workload);
  if ('tried' in outcome) return outcome.tried;
  throw new InputError(`scenario '${scenario.name}' ended in an error on ${name}: ${outcome.error}`);
}

async function runThreads(
  { before, after, store }: EndsRequest,
  boots: () => Promise<Trees>,
): Promise<readonly ThreadScenarioResult[]> {
  const own = ownHash('pmem/scenarios/threads.ts');
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

function reportOf(ends: Ends, times: readonly ScenarioTime[]): EndsReport {
  const { scenarios, threads = [], neverExercised } = ends;
  return {
    data: ends,
    cases: [
      ...scenarios.map(({ name, mismatches }) => ({ name, problems: mismatches })),
      ...threads.map(({ scenario, mismatches }) => ({ name: scenario.name, problems: mismatches })),
    ],
    wrongCount: [...scenarios, ...threads].filter(({ mismatches }) => mismatches.length > 0).length,
    verdict: suiteVerdict(ends),
    text: (isVerbose, paint) =>
      [
        isVerbose ? suiteText(ends, paint) : suiteSummary(ends, paint, times),
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
