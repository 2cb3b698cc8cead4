/** Rules that say nothing as long as no run uses them: those of the promise, and those of the machine. */
import { mergeCoverage, type ModelCoverage, neverExercised } from '#machine/coverage/coverage.ts';
import type { Workload } from '../language/workload.ts';
import type { PromiseRule } from '../promise/finding.ts';
import { judgePromise, waysOf, withWays } from '../promise/promise.ts';
import { coverageOfRuns } from '../report/coverage.ts';
import { type Boot, runWorkload } from '../run/run.ts';
import type { Conviction } from './convictions.ts';

/** Every rule; a rule that is missing here does not compile. */
const PROMISE_RULES: Readonly<Record<PromiseRule, true>> = {
  lost: true,
  'lost again': true,
  wrong: true,
  'not there': true,
  read: true,
  'poison as data': true,
  'over poison': true,
  refused: true,
  order: true,
  synchronous: true,
  sector: true,
  namespace: true,
};

/** What may use a rule. */
export interface RuleEvidence {
  /** Trees as they are, each run with every workload. */
  readonly boots: readonly Boot[];
  readonly workloads: readonly Workload[];
  /** Trees with something wrong in them, tried on every way that their workload can go. */
  readonly convictions: readonly Conviction[];
  /** What the litmus tests make use of. */
  readonly litmus: ModelCoverage;
}

/** `promise rule lost again`, `machine rule C7` or `machine table W→FO` for each rule that nothing of `evidence` uses. */
export function unusedRules({ boots, workloads, convictions, litmus }: RuleEvidence): string[] {
  const convicting = new Set<string>();
  const runs = boots.flatMap((boot) =>
    workloads.map((workload) => {
      const run = runWorkload(boot, workload);
      for (const { rule } of judgePromise(workload, run).findings) convicting.add(rule);
      return run;
    }),
  );
  for (const { boot, workload } of convictions) {
    const judgement = judgePromise(workload, runWorkload(boot, workload));
    for (const { rule } of withWays(judgement, waysOf(boot, workload)).findings) convicting.add(rule);
  }
  const machine = neverExercised(mergeCoverage(coverageOfRuns(runs), litmus));
  return [
    ...Object.keys(PROMISE_RULES)
      .filter((rule) => !convicting.has(rule))
      .map((rule) => `promise rule ${rule}`),
    ...machine.map((name) => `machine ${name.includes('→') ? 'table' : 'rule'} ${name}`),
  ];
}
