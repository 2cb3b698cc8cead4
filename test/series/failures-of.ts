/** Judging one step of the series by hand, as `conform run` does it. */
import type { Contract } from '#engine/contract.ts';
import { gather } from '#engine/evidence.ts';
import type { Failure } from '#engine/failure.ts';
import { explain, explainAsIs } from '#engine/explain.ts';
import { judgeStep, type StepToJudge } from '#engine/judge.ts';
import type { EvidenceStore } from '#engine/store.ts';
import type { Subject, Tree } from '#engine/subject.ts';
import { project, stepName } from '../support/project.ts';

const { series, subject } = project;
// What is found out about trees is kept under the hashes of all that it follows from, as by `conform run`.
export const store: EvidenceStore = project.store(false);

/** What is wrong with `after` as step `step`; the gravest is explained in full, or nothing is where `isBrief`. */
export async function failuresOf(
  step: number,
  after: Tree,
  contract: Contract | undefined = project.contracts()[step - 1],
  own: Subject = subject,
  isBrief = false,
): Promise<readonly Failure[]> {
  const before = series.tree(stepName(step - 1));
  const judged: StepToJudge = { step, before, after, first: before, contract, lineage: () => [] };
  const { evidence, groups } = judgeStep(own, judged, await gather({ subject: own, store }, [], [judged]));
  const told = isBrief ? explainAsIs(own, judged, groups) : await explain(own, judged, groups, undefined, 1);
  return [...told, ...evidence.failures];
}
