/**
 * What mutants are tried with besides the rows of the quick sweep: every scenario, then workloads by chance. Another source is one
 * entry more in `workloadSources`.
 */
import { generator } from '../fuzz/generate.ts';
import { formatWorkload } from '../language/notation.ts';
import { suiteScenarios } from '../scenarios/index.ts';

export interface WorkloadSource {
  readonly name: string;
  readonly texts: () => readonly string[];
}

export const workloadSources: readonly WorkloadSource[] = [
  { name: 'scenarios', texts: () => suiteScenarios().map(({ workload }) => workload) },
  { name: 'by chance', texts: generated },
];

/** The seed of the workloads by chance, and how many: as many as keep all mutants under half an hour on two cores (docs/TEETH.md). */
const SEED = 2017;
const GENERATED = 300;

function generated(): readonly string[] {
  const make = generator();
  return Array.from({ length: GENERATED }, (_, number) => formatWorkload(make(SEED, number)));
}
