/** Runs one workload on two trees and compares, in general and where success promises durability. */
import type { Relation } from '#machine/images/image-set-relation.ts';
import { promisesOf } from '../promise/promise.ts';
import { type AnalysisChoices, type Run, runWorkload, type Trees } from '../run/run.ts';
import type { Workload } from '../language/workload.ts';
import { combine, compareRuns, type RunComparison } from './compare.ts';

/** A workload run on both sides. */
export interface WorkloadReport {
  readonly workload: Workload;
  readonly before: Run;
  readonly after: Run;
  readonly comparison: RunComparison;
  /** The relation at the acknowledgements that promise durability. */
  readonly synced: Relation;
}

/** Runs a workload on both sides and compares. */
export function compareWorkload(
  trees: Trees,
  workload: Workload,
  choices: AnalysisChoices = {},
): WorkloadReport {
  const before = runWorkload(trees.before, workload, choices);
  return workloadReport(workload, before, runWorkload(trees.after, workload, choices));
}

/** Compares the runs of a workload on both sides. */
export function workloadReport(workload: Workload, before: Run, after: Run): WorkloadReport {
  const comparison = compareRuns(before, after);
  return { workload, before, after, comparison, synced: syncedRelation(workload, comparison) };
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
