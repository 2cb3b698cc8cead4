/** Rules that say nothing as long as no run uses them: those of the promise, and those of the machine. */
import { neverExercised } from '#machine/coverage/coverage.ts';
import type { Workload } from '../language/workload.ts';
import type { PromiseRule } from '../promise/finding.ts';
import { judgePromise } from '../promise/promise.ts';
import { coverageOfRuns } from '../report/coverage.ts';
import { type Boot, runWorkload } from '../run/run.ts';

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

/** `promise rule lost again`, `machine rule C7` or `machine table W→FO` for each that no run of `workloads` on `boots` uses. */
export function unusedRules(boots: readonly Boot[], workloads: readonly Workload[]): string[] {
  const convicting = new Set<string>();
  const runs = boots.flatMap((boot) =>
    workloads.map((workload) => {
      const run = runWorkload(boot, workload);
      for (const { rule } of judgePromise(workload, run).findings) convicting.add(rule);
      return run;
    }),
  );
  const machine = neverExercised(coverageOfRuns(runs));
  return [
    ...Object.keys(PROMISE_RULES)
      .filter((rule) => !convicting.has(rule))
      .map((rule) => `promise rule ${rule}`),
    ...machine.map((name) => `machine ${name.includes('→') ? 'table' : 'rule'} ${name}`),
  ];
}
