/**
 * A sweep: every case of a subject's own making on all trees of a series, each held to the promise and to the contracts of the
 * steps. Which cases there are and how many of them are one is the subject's business; the engine keeps what is done, part by
 * part, and tells what was found.
 */
import type { FailureKind, Finding } from './failure.ts';
import type { StepToJudge } from './judge.ts';

/** What is wrong with many cases for one cause, told by one of them. */
export interface FoundCause {
  readonly kind: FailureKind;
  /** `broken promise`, or a dimension and how it differs. */
  readonly title: string;
  readonly cause: string;
  readonly count: number;
  readonly finding: Finding;
}

/** What came of the cases of one part at one step. */
export interface SweptStep {
  readonly step: number;
  /** Cases that are not the same as one step before. */
  readonly differing: number;
  /** How many of them each declaration excuses something of. */
  readonly declared: Readonly<Record<string, number>>;
  /** Cases that break a promise anew by a defect that is known, by its name. */
  readonly known: Readonly<Record<string, number>>;
  readonly found: readonly FoundCause[];
}

/** What came of one part of a sweep, as plain data. */
export interface SweptPart {
  readonly cases: number;
  /** Runs of cases on trees, and how many of these were held to the promise one by one; the others are equal to one of them. */
  readonly runs: number;
  readonly judged: number;
  /** Promises that break on the first tree already, with the number of cases. */
  readonly standing: Readonly<Record<string, number>>;
  readonly steps: readonly SweptStep[];
}

/** What a sweep would do. */
export interface SweepPlan {
  /** Names of its parts, in order. */
  readonly parts: readonly string[];
  /** What it does not try, a line each. */
  readonly leftOut: readonly string[];
}

/** A subject's sweep. */
export interface Sweep {
  /** The hash of all that its results follow from besides trees and contracts. */
  readonly hash: () => string;
  readonly plan: (isQuick: boolean) => SweepPlan;
  /** Opens the trees of `steps`, which follow one another. */
  readonly open: (isQuick: boolean, steps: readonly StepToJudge[]) => Promise<(part: string) => SweptPart>;
}
