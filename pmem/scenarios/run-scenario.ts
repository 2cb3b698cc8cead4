/** Runs a scenario on two trees, whichever they are, and holds each to what the scenario says of it. */
import { checkWorkload } from '../language/check-workload.ts';
import { parseWorkload } from '../language/notation.ts';
import { compareWorkload, type WorkloadReport } from '../compare/compare-workload.ts';
import type { Boot } from '../run/run.ts';
import { mismatchesOf, relationMismatches } from './mismatches.ts';
import type { Scenario } from './scenario.ts';

/** A tree by the name that scenarios know it by. */
export interface NamedTree {
  readonly name: string;
  readonly boot: Boot;
}

export interface NamedTrees {
  readonly before: NamedTree;
  readonly after: NamedTree;
}

export interface ScenarioReport extends WorkloadReport {
  readonly scenario: Scenario;
  /** What was not as the scenario says, in sentences. Empty when all is as expected. */
  readonly mismatches: readonly string[];
}

/** Runs `scenario` on both trees. Throws `InputError` for a workload that is none. */
export function runScenario({ before, after }: NamedTrees, scenario: Scenario): ScenarioReport {
  const workload = parseWorkload(scenario.workload);
  checkWorkload(workload);
  const report = compareWorkload({ before: before.boot, after: after.boot }, workload);
  return scenarioReport(scenario, report, [before.name, after.name]);
}

/** Holds both sides of a workload to what `scenario` says of the trees of these names. */
export function scenarioReport(
  scenario: Scenario,
  report: WorkloadReport,
  [before, after]: readonly [before: string, after: string],
): ScenarioReport {
  const mismatches = [
    ...relationMismatches(scenario, before, after, report),
    ...mismatchesOf(scenario, before, report.before, report.ways?.before),
    ...(after === before ? [] : mismatchesOf(scenario, after, report.after, report.ways?.after)),
  ];
  return { scenario, ...report, mismatches };
}
