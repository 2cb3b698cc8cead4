/** Runs one workload on two trees and compares, in general and where success promises durability. */
import type { Relation } from '#machine/images/image-set-relation.ts';
import { promisesOf, type Ways, waysOf } from '../promise/promise.ts';
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
  /** Where the workload can go several ways: what they came to on each side. */
  readonly ways?: { readonly before: Ways; readonly after: Ways };
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
  const synced = syncedRelation(workload, comparison);
  const [left, right] = [
    waysOf(trees.before, workload, choices),
    trees.before === trees.after ? undefined : waysOf(trees.after, workload, choices),
  ];
  const ways = left === undefined ? undefined : { before: left, after: right ?? left };
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
