/** A workload: how a machine boots, and what is done to it. Plain data; its text form is `notation.ts`. */
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import type { Line } from './lines.ts';

/** A power failure: `worst` leaves only what is guaranteed, `best` everything that was stored. */
export interface CrashStep {
  readonly kind: 'crash';
  readonly image: 'worst' | 'best';
}

/** A power failure while the operation before it runs: in `bound` ways at most, each of which goes on by itself. */
export interface CrashInsideStep {
  readonly kind: 'crash inside';
  readonly bound: number;
}

/** A step that no kernel performs: it ends a life of the machine. */
export type PowerFailure = CrashStep | CrashInsideStep;

/** What is done at one step. */
export type Step = Operation | PowerFailure;
export type StepOf<Kind extends Step['kind']> = Step & { readonly kind: Kind };

/** One step, and the line it was written on (for messages; absent for generated steps). */
export interface WorkloadStep {
  readonly operation: Step;
  readonly line?: Line;
  /**
   * Another task does it while the operation of the next step runs: at some point of it, from its beginning to its end. One such way is
   * to do it first, so a workload without this mark is one of the ways.
   */
  readonly isMeanwhile?: true;
}

export interface Workload {
  readonly boot: BootConfiguration;
  readonly steps: readonly WorkloadStep[];
}

export function isPowerFailure(step: Step): step is PowerFailure {
  return step.kind === 'crash' || step.kind === 'crash inside';
}

/** The place of the operation that another task does while the next one runs; -1 without one. */
export function meanwhileIndex({ steps }: Workload): number {
  return steps.findIndex(({ isMeanwhile }) => isMeanwhile);
}

/** The place of the power failure inside an operation; -1 without one. */
export function insideIndex({ steps }: Workload): number {
  return steps.findIndex(({ operation }) => operation.kind === 'crash inside');
}
