/**
 * What mutants are tried with besides the rows of the quick sweep. Another source of workloads (generated ones, say) is one
 * entry more in `workloadSources`.
 */
import { suiteScenarios } from '../scenarios/index.ts';

export interface WorkloadSource {
  readonly name: string;
  readonly texts: () => readonly string[];
}

export const workloadSources: readonly WorkloadSource[] = [
  { name: 'scenarios', texts: () => suiteScenarios().map(({ workload }) => workload) },
];
