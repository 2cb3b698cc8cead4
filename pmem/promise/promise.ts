/** The promise, for those who run workloads: what a run does not give, and what it promised where. */
import type { Run } from '../run/run.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { Workload } from '../language/workload.ts';
import type { PromiseFinding } from './finding.ts';
import { judgePromise, type PromiseJudgement } from './judge.ts';

export type { PromiseFinding, PromiseRule } from './finding.ts';
export { judgePromise, type PromiseJudgement } from './judge.ts';
export { promisesOf } from './promises-of.ts';

/** What is owed to users that `run` of `workload` does not give. */
export function promiseFindings(workload: Workload, run: Run): readonly PromiseFinding[] {
  return judgePromise(workload, run).findings;
}

/** Whether the word at a byte address is one that operation `index` promised, byte or more, when it returned. */
export function promisedWords({ promised }: PromiseJudgement, index: number): (address: number) => boolean {
  const spans = promised.get(index) ?? [];
  return (address) => spans.some(({ start, end }) => address < end && address + WORD_SIZE_BYTES > start);
}
