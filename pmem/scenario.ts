/**
 * A scenario: a workload with what the fact files say must come of it, on each side. Running one gives everything a
 * report needs; `mismatches` lists where the runs are not what the scenario says.
 */
import type { Relation } from '#machine/images/image-set-relation.ts';
import { eventsOf, sameEvents } from './run/events.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { checkWorkload } from './language/check-workload.ts';
import { type RunComparison, combine, compareRuns } from './compare/compare.ts';
import { describeData } from './run/data-runs.ts';
import { formatRanges, lossesOf } from './compare/losses.ts';
import { parseWorkload } from './language/notation.ts';
import { promisesOf } from './promise/promise.ts';
import { type AnalysisChoices, type Boot, type Outcome, type Run, runWorkload } from './run/run.ts';
import type { Workload } from './language/workload.ts';

/** What must come of one side. */
export interface SideExpectation {
  /** Bytes that a power failure after the last operation may lose, e.g. `pmem0:64-65` or `none`. */
  readonly lost: string;
  /** movnti, cache write-backs and sfences of all operations together. */
  readonly cost?: readonly [movnti: number, writeBacks: number, sfence: number];
  /** Instructions of each operation from the last backwards, in the notation of the real-kernel traces. */
  readonly events?: readonly string[];
  /** Results of the operations from the last backwards. */
  readonly results?: readonly string[];
  /** What the operations read, from the last backwards, as runs (`describeData`); nothing for those that do not read. */
  readonly data?: readonly string[];
  /** Lines of the kernel log. */
  readonly log?: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly theme: string;
  /** Where the expectations come from. */
  readonly source: string;
  readonly shows: string;
  readonly workload: string;
  /** Relation of the image sets at all acknowledgements, and at those that carry a promise. */
  readonly acked: Relation;
  readonly synced: Relation;
  readonly before: SideExpectation;
  readonly after: SideExpectation;
}

export interface Trees {
  readonly before: Boot;
  readonly after: Boot;
}

/** A workload run on both sides. */
export interface WorkloadReport {
  readonly workload: Workload;
  readonly before: Run;
  readonly after: Run;
  readonly comparison: RunComparison;
  readonly synced: Relation;
}

export interface ScenarioReport extends WorkloadReport {
  readonly scenario: Scenario;
  /** What was not as the scenario says, in sentences. Empty when all is as expected. */
  readonly mismatches: readonly string[];
}

/** Runs a workload on both sides and compares. */
export function compareWorkload(
  trees: Trees,
  workload: Workload,
  choices: AnalysisChoices = {},
): WorkloadReport {
  const before = runWorkload(trees.before, workload, choices);
  const after = runWorkload(trees.after, workload, choices);
  const comparison = compareRuns(before, after);
  const promises = promisesOf(workload);
  const promised = comparison.operations.filter(({ before: { index } }) => promises[index] === true);
  const synced = combine(promised.map(({ acked }) => acked.relation));
  return { workload, before, after, comparison, synced };
}

/** Runs a scenario and holds it to what it says. */
export function runScenario(trees: Trees, scenario: Scenario): ScenarioReport {
  const workload = parseWorkload(scenario.workload);
  checkWorkload(workload);
  const report = compareWorkload(trees, workload);
  const mismatches = [
    ...differs('relation at acknowledgements', report.comparison.acked, scenario.acked),
    ...differs('relation where a promise is made', report.synced, scenario.synced),
    ...sideMismatches('before', report.before, scenario.before),
    ...sideMismatches('after', report.after, scenario.after),
  ];
  return { scenario, ...report, mismatches };
}

function differs(what: string, found: string, expected: string | undefined): string[] {
  return expected === undefined || found === expected
    ? []
    : [`${what}: expected ${expected}, found ${found}`];
}

function sideMismatches(side: string, run: Run, expected: SideExpectation): string[] {
  const { storesNonTemporal, clwb, clflushopt, clflush, sfence } = run.counts;
  const cost = [storesNonTemporal, clwb + clflushopt + clflush, sfence].join(' ');
  const fromLast = [...run.outcomes].reverse();
  return [
    ...differs(`${side}: bytes that may be lost`, lostAtEnd(run), expected.lost),
    ...differs(`${side}: movnti, write-backs, sfence`, cost, expected.cost?.join(' ')),
    ...(expected.events ?? []).flatMap((events, index) =>
      eventMismatches(side, run, fromLast[index], events),
    ),
    ...(expected.results ?? []).flatMap((result, index) => {
      const outcome = fromLast[index];
      const found = outcome === undefined ? 'nothing' : describeResult(outcome.result);
      return differs(`${side}: result of '${outcome?.text}'`, found, result);
    }),
    ...(expected.data ?? []).flatMap((data, index) => {
      const outcome = fromLast[index];
      const found = describeData(outcome?.result.data ?? new Uint8Array(0));
      return differs(`${side}: data of '${outcome?.text}'`, found, data);
    }),
    ...differs(`${side}: log`, run.log.join('\n'), expected.log?.join('\n')),
  ];
}

/** The bytes that a power failure after the last operation may lose, as text. */
export function lostAtEnd(run: Run): string {
  const last = run.outcomes.at(-1);
  const life = last === undefined ? undefined : run.lives[last.life];
  if (last === undefined || life === undefined) return 'none';
  return formatRanges(lossesOf(life.history.acked(last.acknowledgement), life.subsystem.memory));
}

function eventMismatches(side: string, run: Run, outcome: Outcome | undefined, expected: string): string[] {
  const found = outcome === undefined ? [] : eventsOf(run, outcome);
  if (
    sameEvents(
      found,
      expected.split(' ').filter((text) => text !== ''),
    )
  )
    return [];
  return differs(`${side}: instructions of '${outcome?.text}'`, found.join(' '), expected);
}
