/** The promise, for those who run workloads: what a run does not give, and what it promised where. */
import type { AnalysisChoices, Boot, Run } from '../run/run.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { insideIndex, meanwhileIndex, type Workload } from '../language/workload.ts';
import { mergeFindings, type PromiseFinding } from './finding.ts';
import { insideWays } from './inside.ts';
import { judgePromise, type PromiseJudgement } from './judge.ts';
import { meanwhileWays } from './meanwhile.ts';
import type { Ways } from './ways.ts';

export type { PromiseFinding, PromiseRule } from './finding.ts';
export { judgePromise, type PromiseJudgement } from './judge.ts';
export { promisesOf } from './promises-of.ts';
export { resultText, type Ways, waysText } from './ways.ts';

/** What is owed to users that `run` of `workload` does not give, nor any of its ways. */
export function promiseFindings(workload: Workload, run: Run, ways?: Ways): readonly PromiseFinding[] {
  return withWays(judgePromise(workload, run), ways).findings;
}

/** What the ways come to that a workload can go on a tree; nothing for a workload that goes one. */
export function waysOf(boot: Boot, workload: Workload, choices: AnalysisChoices = {}): Ways | undefined {
  if (insideIndex(workload) >= 0) return insideWays(boot, workload, choices);
  return meanwhileIndex(workload) < 0 ? undefined : meanwhileWays(boot, workload, choices);
}

/** A judgement of what all ways share, and of all of them. */
export function withWays(judgement: PromiseJudgement, ways: Ways | undefined): PromiseJudgement {
  if (ways === undefined) return judgement;
  return { ...judgement, findings: mergeFindings([judgement.findings, ways.findings]) };
}

/** Whether the word at a byte address is one that operation `index` promised, byte or more, when it returned. */
export function promisedWords({ promised }: PromiseJudgement, index: number): (address: number) => boolean {
  const spans = promised.get(index) ?? [];
  return (address) => spans.some(({ start, end }) => address < end && address + WORD_SIZE_BYTES > start);
}
