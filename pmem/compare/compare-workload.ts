/** Runs one workload on two trees and compares, in general and where success promises durability. */
import { combine, type Relation } from '#base/relation.ts';
import { promisesOf, type Ways, waysOf } from '../promise/promise.ts';
import { type AnalysisChoices, type Boot, type Run, runWorkload, type Trees } from '../run/run.ts';
import type { Workload } from '../language/workload.ts';
import { compareRuns, type RunComparison } from './compare.ts';

/** A workload run on both sides. */
export interface WorkloadReport {
  readonly workload: Workload;
  readonly before: Run;
  readonly after: Run;
  readonly comparison: RunComparison;
  /** The relation at the acknowledgements that promise durability. */
  readonly synced: Relation;
  /** Where the workload can go several ways: what they came to on each side. */
  readonly ways?: { readonly before: Ways; readonly after: Ways };
}

/** Runs a workload on both sides and compares. */
export function compareWorkload(
  trees: Trees,
  workload: Workload,
  choices: AnalysisChoices = {},
): WorkloadReport {
  const sideOf = (boot: Boot): Side => ({
    run: runWorkload(boot, workload, choices),
    ways: waysOf(boot, workload, choices),
  });
  const before = sideOf(trees.before);
  return workloadReport(workload, before, trees.after === trees.before ? before : sideOf(trees.after));
}

/** What came of a workload on one tree. */
export interface Side {
  readonly run: Run;
  readonly ways?: Ways | undefined;
}

/** Compares what came of a workload on both sides. */
export function workloadReport(
  workload: Workload,
  { run: before, ways: left }: Side,
  side: Side,
): WorkloadReport {
  const { run: after, ways: right } = side;
  const comparison = compareRuns(before, after);
  const synced = syncedRelation(workload, comparison);
  const ways = left === undefined || right === undefined ? undefined : { before: left, after: right };
  return { workload, before, after, comparison, synced, ...(ways !== undefined && { ways }) };
}

/**
 * The relation over the acknowledgements that promise the whole image, on a platform and a kernel that can keep it
 * (`promisesOf`): what `synced` means everywhere.
 */
export function syncedRelation(workload: Workload, { operations }: RunComparison): Relation {
  const promises = promisesOf(workload);
  return combine(
    operations.filter(({ before }) => promises[before.index] === true).map(({ acked }) => acked.relation),
  );
}
