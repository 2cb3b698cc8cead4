/** A report as data: what the text shows and what `--format json` prints. Computed once from finished runs. */
import type { Relation } from '#base/relation.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { eventsOf } from '../run/events.ts';
import { formatStep, formatWorkload } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import type { Run, Trees } from '../run/run.ts';
import { type Cost, costOf } from '../run/cost.ts';
import { lostAtEnd } from '../compare/losses.ts';
import type { WorkloadReport } from '../compare/compare-workload.ts';
import type { ScenarioReport } from '../scenarios/run-scenario.ts';
import type { ThreadScenarioResult } from '../run/threads.ts';
import { type WitnessReport, witnessesOf } from '../compare/witness.ts';
import { mergeFindings } from '../promise/finding.ts';
import { crashInside, type InsideReport } from '../promise/inside.ts';
import { promiseFindings, promisesOf, resultText, type Ways, waysText } from '../promise/promise.ts';

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
  /** What came of the ways that the workload can go, when it can go several. */
  readonly ways?: WaysReport;
  /** Power failures inside each operation; absent where nobody asked. */
  readonly inside?: readonly InsideResult[];
  /** What each side owes and does not give; absent where nobody asked. */
  readonly promise?: PromiseReport;
}

/** The ways that a workload can go, side by side. */
export interface WaysReport {
  /** What was tried, in words. */
  readonly before: string;
  readonly after: string;
  /** What operations that go several ways came back with. */
  readonly results: readonly {
    readonly operation: string;
    readonly before: string;
    readonly after: string;
  }[];
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
    ...(report.ways !== undefined && { ways: waysReport(report.workload, report.ways) }),
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

const resultAt = (ways: Ways, index: number): string =>
  resultText(ways, ways.results.get(index) ?? new Map());

function waysReport({ steps }: Workload, { before, after }: NonNullable<WorkloadReport['ways']>): WaysReport {
  const indexes = new Set([...before.results.keys(), ...after.results.keys()]);
  return {
    before: waysText(before),
    after: waysText(after),
    results: [...indexes].map((index) => {
      const step = steps[index]?.operation;
      const operation = step === undefined ? '' : formatStep(step);
      return { operation, before: resultAt(before, index), after: resultAt(after, index) };
    }),
  };
}

/** Power failures inside one operation, on both sides. */
export interface InsideResult {
  readonly operation: string;
  readonly before: InsideReport;
  readonly after: InsideReport;
}

/** Fails the power inside every operation that writes what is read again at boot, in about `bound` ways each. */
export function insideReport(trees: Trees, workload: Workload, bound: number): InsideResult[] {
  const others = new Map(crashInside(trees.after, workload, bound).map((report) => [report.index, report]));
  return crashInside(trees.before, workload, bound).flatMap((before) => {
    const after = others.get(before.index);
    return after === undefined ? [] : [{ operation: before.operation, before, after }];
  });
}

/** Holds both sides of a workload to the promise. */
export function promiseReport(
  { workload, before, after, ways }: WorkloadReport,
  inside: readonly InsideResult[] = [],
): PromiseReport {
  const [left, right] = [
    mergeFindings([
      promiseFindings(workload, before, ways?.before),
      ...inside.map((one) => one.before.findings),
    ]),
    mergeFindings([
      promiseFindings(workload, after, ways?.after),
      ...inside.map((one) => one.after.findings),
    ]),
  ];
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
