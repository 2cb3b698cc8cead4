/**
 * Two versions of a series: which steps are the same, which changed in their patch, and what of their evidence came or went.
 * Steps belong together by their subject, else by the lines that they change, so that a step may move within the series.
 */
import { diffArrays } from 'diff';
import type { StepReview } from './model.ts';

/** How a step differs from what it was. */
export interface StepVersions {
  readonly step: number;
  readonly subject: string;
  /** Its number in the older version; absent for a new step. */
  readonly was?: number;
  /** The lines of both patches where they differ: ` `, `-` or `+`, then the line of the patch; empty where they are the same. */
  readonly patch: readonly string[];
  readonly isMessageChanged: boolean;
  /** What the older version had to say and this one has not, a sentence each; and the reverse. */
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

export interface SeriesVersions {
  /** The older version, as the user named it. */
  readonly against: string;
  readonly steps: readonly StepVersions[];
  /** Steps of the older version that are no more. */
  readonly dropped: readonly { readonly step: number; readonly subject: string }[];
}

/** Whether anything about a step is not as it was. */
export function isChanged({ was, patch, isMessageChanged, gone, come }: StepVersions): boolean {
  return was === undefined || patch.length + gone.length + come.length > 0 || isMessageChanged;
}

/** Compares all steps of two versions. */
export function compareVersions(
  against: string,
  old: readonly StepReview[],
  now: readonly StepReview[],
): SeriesVersions {
  const partners = partnersOf(old, now);
  const steps = now.map((review) => versionsOf(partners.get(review), review));
  const used = new Set(partners.values());
  const dropped = old.filter((review) => !used.has(review)).map(({ step, subject }) => ({ step, subject }));
  return { against, steps, dropped };
}

/** Steps that share this much of their changed lines are one step with two subjects. */
const ALIKE_MIN = 0.5;

function partnersOf(
  old: readonly StepReview[],
  now: readonly StepReview[],
): ReadonlyMap<StepReview, StepReview> {
  const partners = new Map<StepReview, StepReview>();
  const free = new Set(old);
  const join = (review: StepReview, partner: StepReview | undefined): void => {
    if (partner === undefined) return;
    partners.set(review, partner);
    free.delete(partner);
  };
  for (const review of now)
    join(
      review,
      [...free].find(({ subject }) => subject === review.subject),
    );
  for (const review of now.filter((one) => !partners.has(one))) {
    const alike = [...free]
      .map((candidate) => ({ candidate, share: likeness(candidate, review) }))
      .filter(({ share }) => share >= ALIKE_MIN)
      .sort((left, right) => right.share - left.share);
    join(review, alike[0]?.candidate);
  }
  return partners;
}

/** The share of changed lines that two patches have in common. */
function likeness(left: StepReview, right: StepReview): number {
  const [one, other] = [left, right].map(
    (review) => new Set(linesOf(review).filter((line) => /^[+-]/.test(line))),
  );
  if (one === undefined || other === undefined || one.size + other.size === 0) return 0;
  const common = [...one].filter((line) => other.has(line)).length;
  return common / (one.size + other.size - common);
}

/** A patch as lines that say nothing of where in the file they stand. */
function linesOf({ diff }: StepReview): string[] {
  return diff.flatMap(({ file, status, hunks }) => [
    `${status === 'changed' ? 'file' : `${status} file`} ${file}`,
    ...hunks.flatMap(({ header, lines }) => [
      header.replace(/^@@ [^@]* @@/, '@@'),
      ...lines.map(({ kind, text }) => kind + text),
    ]),
  ]);
}

function versionsOf(old: StepReview | undefined, now: StepReview): StepVersions {
  const { step, subject } = now;
  if (old === undefined) return { step, subject, patch: [], isMessageChanged: false, gone: [], come: [] };
  const [before, after] = [factsOf(old), factsOf(now)];
  return {
    step,
    subject,
    was: old.step,
    patch: patchChanges(linesOf(old), linesOf(now)),
    isMessageChanged: old.message !== now.message || old.subject !== now.subject,
    gone: [...before].filter((fact) => !after.has(fact)),
    come: [...after].filter((fact) => !before.has(fact)),
  };
}

/** Lines of a patch around a change that are shown with it. */
const CONTEXT = 2;

function patchChanges(old: readonly string[], now: readonly string[]): string[] {
  const lines = diffArrays([...old], [...now]).flatMap(({ value, added, removed }) =>
    value.map((text) => `${added ? '+' : removed ? '-' : ' '}${text}`),
  );
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => !line.startsWith(' ')),
  );
  return lines.flatMap((line, index) => {
    if (isNear[index] === true) return [line];
    return isNear[index - 1] === true && isNear.includes(true, index) ? [' …'] : [];
  });
}

/** The id of a declaration without the number of its step. */
const named = (id: string): string => id.replace(/^D\d+-/, 'D-');

/** What contract and evidence say of a step, a sentence each, without its number. */
function factsOf({ contract, evidence, apiProblems, verdict }: StepReview): ReadonlySet<string> {
  return new Set([
    `the step ${verdict}`,
    ...contract.differences.flatMap(({ id, shows, when }) =>
      shows.map(
        ({ dimension, relation }) =>
          `declaration ${named(id)}: ${dimension} ${relation}${Object.keys(when).length === 0 ? '' : ` when ${JSON.stringify(when)}`}`,
      ),
    ),
    ...evidence.failures.map(({ kind, cause }) => `failure: ${kind}${cause === '' ? '' : ` in ${cause}`}`),
    ...apiProblems.map((problem) => `contract and step disagree: ${problem}`),
    ...evidence.differences.map(
      ({ dimension, relation, workload, at, before, after, declaredAs }) =>
        `difference: ${dimension} ${relation} in '${workload}' at '${at}' (was ${before}; is ${after}), ${declaredAs.length === 0 ? 'not declared' : 'declared'}`,
    ),
    ...evidence.untried.map(({ workload, why }) => `says nothing: ${workload} ${why}`),
    ...evidence.standing.map((workload) => `breaks a promise before and after: ${workload}`),
    ...Object.entries(evidence.cost.after).map(([name, count]) => `cost: ${count} ${name} after the step`),
  ]);
}
