/** A workload: how a machine boots, and what is done to it. Plain data; its text form is `notation.ts`. */
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import type { Line } from './lines.ts';

/** A power failure: `worst` leaves only what is guaranteed, `best` everything that was stored. */
export interface CrashStep {
  readonly kind: 'crash';
  readonly image: 'worst' | 'best';
}

/** What is done at one step. */
export type Step = Operation | CrashStep;
export type StepOf<Kind extends Step['kind']> = Step & { readonly kind: Kind };

/** One step, and the line it was written on (for messages; absent for generated steps). */
export interface WorkloadStep {
  readonly operation: Step;
  readonly line?: Line;
}

export interface Workload {
  readonly boot: BootConfiguration;
  readonly steps: readonly WorkloadStep[];
}
