/** Joins what is known of a step into one review. A step holds when neither its evidence nor its contract says otherwise. */
import type { StepEvidence } from '#engine/judge.ts';
import type { Dimension } from '#engine/subject.ts';
import type { Contract } from '#engine/contract.ts';
import type { SeriesPatch } from '#engine/series/patches.ts';
import { apiDelta } from './api-delta.ts';
import { apiProblems } from './api-problems.ts';
import { callersMoved } from './callers.ts';
import { type Claimed, claimsOf, type Reproduce } from './claims.ts';
import { diffOf } from './diff.ts';
import type { StepReview } from './model.ts';
import type { TreeSurface } from './surface.ts';

/** What a review is made of. */
export interface StepParts {
  readonly patch: SeriesPatch;
  readonly contract: Contract;
  /** Surfaces of the tree before the step and after it; absent where nobody can read them, as in another language. */
  readonly surfaces: { readonly before: TreeSurface; readonly after: TreeSurface } | undefined;
  readonly evidence: StepEvidence;
  /** What is compared, and what of the language of workloads none makes use of. */
  readonly dimensions: readonly Dimension[];
  readonly unused?: readonly string[] | undefined;
  /** How a workload is seen again; nothing is said of it when absent. */
  readonly reproduce?: Reproduce;
}

/** The review of one step. */
export function assembleReview(parts: StepParts): StepReview {
  const { patch, contract, surfaces, evidence, dimensions, unused, reproduce = () => undefined } = parts;
  const api = surfaces && apiDelta(surfaces.before, surfaces.after);
  const callers = surfaces && callersMoved(surfaces.before, surfaces.after);
  const problems = api === undefined || callers === undefined ? [] : apiProblems(contract, api, callers);
  const claimed: Claimed = {
    contract,
    evidence,
    dimensions,
    apiProblems: problems,
    ...(api && { api }),
    ...(callers && { callers }),
  };
  const claims = claimsOf(claimed, reproduce, surfaces?.after);
  // Declarations that nothing shows are among the failures, where they count.
  const isKept =
    evidence.failures.length === 0 &&
    claims.every((claim) => claim.isKept || claim.declaration !== undefined);
  return {
    step: patch.step,
    subject: patch.subject,
    message: patch.message,
    ...(patch.mail && { mail: patch.mail }),
    ...claimed,
    diff: diffOf(patch),
    claims,
    unused,
    verdict: isKept ? 'holds' : 'fails',
  };
}
