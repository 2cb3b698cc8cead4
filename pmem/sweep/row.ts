/**
 * A row of the sweep: cases that share one booted machine, each on lines of its own and with its own sync. What is made ready
 * before the first case belongs to each of them: a case by itself is the row without the others.
 */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import { formatWorkload } from '../language/notation.ts';
import type { Step, Workload } from '../language/workload.ts';

/** One case. */
export interface SweepCase {
  /** What it needs there before; swept for its own sake elsewhere, so trees are not compared by it. */
  readonly needs: readonly Step[];
  /** One operation, and the sync behind it where it has none of its own. */
  readonly steps: readonly Step[];
}

export const stepsOfCase = ({ needs, steps }: SweepCase): readonly Step[] => [...needs, ...steps];

export interface SweepRow {
  /** Says what it is; no two rows of a plan have the same. */
  readonly id: string;
  readonly boot: BootConfiguration;
  readonly setup: readonly Step[];
  readonly cases: readonly SweepCase[];
}

/** The whole row as one workload. */
export const workloadOf = ({ boot, setup, cases }: SweepRow): Workload => ({
  boot,
  steps: [...setup, ...cases.flatMap(stepsOfCase)].map((operation) => ({ operation })),
});

/** One case by itself, where it stands in the row; without a case what all of them share. */
export const caseText = (row: SweepRow, index?: number): string =>
  formatWorkload(workloadOf({ ...row, cases: index === undefined ? [] : row.cases.slice(index, index + 1) }));

/** The case that each step of the row belongs to, by its place in the workload; -1 for the setup and for what cases need. */
export const casesOfSteps = ({ setup, cases }: SweepRow): number[] => [
  ...setup.map(() => -1),
  ...cases.flatMap(({ needs, steps }, index) => [...needs.map(() => -1), ...steps.map(() => index)]),
];
