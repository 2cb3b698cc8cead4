/**
 * What was observed of one step: its differences from its predecessor over all scenarios, each covered by a declaration
 * of its contract or not. Plain data, so that it can be stored, shown and compared without running anything again.
 */
import type { Relation } from '#machine/images/image-set-relation.ts';
import type { Difference } from './contract.ts';
import type { Cost } from '#pmem/run/cost.ts';

/** One observed difference between a step and its predecessor. */
export interface ObservedDifference {
  readonly scenario: string;
  /** Number of the operation in the workload, from 1; 0 for the whole run (log). */
  readonly operation: number;
  readonly operationText: string;
  readonly dimension: Difference['dimension'];
  readonly relation: Difference['relation'];
  /** What it was and what it is, in a few words. */
  readonly before: string;
  readonly after: string;
  /** Id of the declaration that covers it; absent when none does. */
  readonly declaredAs?: string;
}

/** A failure of a step. */
export interface StepFailure {
  readonly kind: 'undeclared difference' | 'stale declaration' | 'broken promise' | 'does not boot';
  readonly message: string;
  /** The smallest workload that shows it, one operation a line; absent for a stale declaration. */
  readonly workload?: string;
  /** Witness image as text lines, and the instructions of both sides, operation by operation. */
  readonly witness?: readonly string[];
  readonly traces?: readonly {
    readonly operation: string;
    readonly before: readonly string[];
    readonly after: readonly string[];
  }[];
  readonly replay?: string;
}

export interface StepEvidence {
  /** 0 for the tree before the series. */
  readonly step: number;
  readonly scenarios: number;
  readonly acknowledgements: number;
  readonly differences: readonly ObservedDifference[];
  readonly failures: readonly StepFailure[];
  /** Scenarios that break a promise at this step and did at the one before: known, standing defects. */
  readonly standing: readonly string[];
  readonly cost: { readonly before: Cost; readonly after: Cost };
  /** Relation to the tree before the series, over all acknowledgements and over those that promise durability. */
  readonly againstBefore: { readonly acked: Relation; readonly synced: Relation };
  /** Operations of the language that no scenario used on this step. */
  readonly notExercised: readonly string[];
}

/** How many differences a step showed in a dimension, and how many of them its contract does not speak of. */
export function countDifferences(
  { differences }: StepEvidence,
  dimension: Difference['dimension'],
): { seen: number; undeclared: number } {
  const seen = differences.filter((difference) => difference.dimension === dimension);
  return { seen: seen.length, undeclared: seen.filter(({ declaredAs }) => declaredAs === undefined).length };
}
