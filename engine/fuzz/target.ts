/** What fuzzing must know of a thing under test: workloads by number, and what is wrong with one. */
import type { Finding } from '../failure.ts';

/** Something wrong with a workload on two trees. */
export interface FuzzFinding extends Finding {
  /** Names of the trees that it was tried on. */
  readonly before: string;
  readonly after: string;
}

/** What came of one workload. */
export interface FuzzJudgement {
  readonly findings: readonly FuzzFinding[];
  /** What is counted and no finding, such as standing defects by name: each name as often as it counts. */
  readonly counted: readonly string[];
}

export interface FuzzTarget {
  /** Tries workload `number`: always the same one. */
  judge(number: number): FuzzJudgement;
  /** Tries a workload on two trees, by their names. Nothing for one that can not be run. */
  judgeText(text: string, before: string, after: string): FuzzJudgement | undefined;
  /** Workloads one simplification away that can be run, the boldest first. */
  simpler(text: string): Iterable<string>;
  /** The command that tries a workload again, as a shell reads it. */
  replay(text: string, before: string, after: string): string;
}

/** How each worker opens the target: a module that exports `openFuzz`, and what that is given, as plain data. */
export interface FuzzPlan {
  /** URL of the module. */
  readonly module: string;
  readonly options: unknown;
}

/** Opens the target of a plan. */
export async function openTarget({ module, options }: FuzzPlan): Promise<FuzzTarget> {
  const { openFuzz } = (await import(module)) as { openFuzz(given: unknown): Promise<FuzzTarget> };
  return openFuzz(options);
}
