/** A report as data: what the text shows and what `--format json` prints. Computed once from finished runs. */
import type { Relation } from '#machine/images/image-set-relation.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { eventsOf } from '../run/events.ts';
import { formatWorkload } from '../language/notation.ts';
import type { Run } from '../run/run.ts';
import { type Cost, costOf } from '../run/cost.ts';
import { lostAtEnd } from '../compare/losses.ts';
import type { WorkloadReport } from '../compare/compare-workload.ts';
import type { ScenarioReport } from '../scenarios/run-scenario.ts';
import type { ThreadScenarioResult } from '../run/threads.ts';
import { type WitnessReport, witnessesOf } from '../compare/witness.ts';
import { promiseFindings, promisesOf } from '../promise/promise.ts';

export interface OperationReport {
  readonly operation: string;
  /** Same result, and the same bytes read. */
  readonly sameResult: boolean;
  readonly acked: Relation;
  readonly inFlight: Relation;
  readonly before: SideReport;
  readonly after: SideReport;
}

export interface SideReport {
  readonly result: string;
  readonly events: readonly string[];
}

/** One workload on both sides. */
export interface ComparisonReport {
  readonly workload: string;
  readonly acked: Relation;
  readonly synced: Relation;
  readonly inFlight: Relation;
  readonly sameResults: boolean;
  readonly sameLog: boolean;
  readonly cost: { readonly before: Cost; readonly after: Cost };
  readonly lost: { readonly before: string; readonly after: string };
  readonly log: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly witnesses: readonly WitnessReport[];
  readonly operations: readonly OperationReport[];
  /** What each side owes and does not give; absent where nobody asked. */
  readonly promise?: PromiseReport;
}

/** Sentences about what each side owes and does not give. */
export interface PromiseReport {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** `after` breaks a promise that `before` keeps. */
  readonly isBrokenAnew: boolean;
}

export interface ScenarioResult extends ComparisonReport {
  readonly name: string;
  readonly theme: string;
  readonly source: string;
  readonly shows: string;
  readonly mismatches: readonly string[];
  /** The first tree of the series from which on the later side is as wrong as this. */
  readonly since?: string;
}

export interface SuiteReport {
  /** Names of the two trees. */
  readonly before: string;
  readonly after: string;
  readonly scenarios: readonly ScenarioResult[];
  /** Threads that run at the same time; absent when they did not run. */
  readonly threads?: readonly ThreadScenarioResult[];
}

/** The report of one workload. */
export function comparisonReport(report: WorkloadReport): ComparisonReport {
  const { before, after, comparison, synced } = report;
  return {
    workload: formatWorkload(report.workload),
    acked: comparison.acked,
    synced,
    inFlight: comparison.inFlight,
    sameResults: comparison.sameResults,
    sameLog: comparison.sameLog,
    cost: { before: costOf(before.counts), after: costOf(after.counts) },
    lost: { before: lostAtEnd(before), after: lostAtEnd(after) },
    log: { before: before.log, after: after.log },
    witnesses: witnesses(report),
    operations: comparison.operations.map((operation) => ({
      operation: operation.before.text,
      sameResult: operation.sameResult,
      acked: operation.acked.relation,
      inFlight: operation.inFlight.relation,
      before: sideReport(before, operation.before),
      after: sideReport(after, operation.after),
    })),
  };
}

/** Holds both sides of a workload to the promise. */
export function promiseReport({ workload, before, after }: WorkloadReport): PromiseReport {
  const [left, right] = [promiseFindings(workload, before), promiseFindings(workload, after)];
  const known = new Set(left.map(({ key }) => key));
  return {
    before: left.map(({ text }) => text),
    after: right.map(({ text }) => text),
    isBrokenAnew: right.some(({ key }) => !known.has(key)),
  };
}

/**
 * The witnesses of the last promise that differs, else of the last difference once an operation has returned, else of the
 * last one while an operation runs.
 */
function witnesses({ workload, before, after, comparison: { operations } }: WorkloadReport): WitnessReport[] {
  const promises = promisesOf(workload);
  const acked = operations.filter((operation) => operation.acked.relation !== 'equal');
  const promised = acked.filter((operation) => promises[operation.before.index] === true);
  const shown = promised.at(-1) ?? acked.at(-1);
  if (shown !== undefined) return witnessesOf(before, after, shown);
  const running = operations.filter((operation) => operation.inFlight.relation !== 'equal').at(-1);
  return running === undefined ? [] : witnessesOf(before, after, running, 'in-flight');
}

function sideReport(run: Run, outcome: Run['outcomes'][number]): SideReport {
  return { result: describeResult(outcome.result), events: eventsOf(run, outcome) };
}

/** The report of one scenario. */
export function scenarioResult(report: ScenarioReport): ScenarioResult {
  const { name, theme, source, shows } = report.scenario;
  return { name, theme, source, shows, mismatches: report.mismatches, ...comparisonReport(report) };
}
