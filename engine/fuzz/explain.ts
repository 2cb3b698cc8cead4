/** What was found, by cause: the gravest first, each with the smallest workload that still shows it and the command that tries it. */
import { type FailureKind, FAILURE_KINDS, isAlike, titleOf } from '../failure.ts';
import { shrink } from '../shrink.ts';
import type { FoundOften } from './batch.ts';
import type { FuzzTarget } from './target.ts';

/** Findings of one cause on two trees. */
export interface FuzzFailure {
  readonly kind: FailureKind;
  readonly cause: string;
  readonly before: string;
  readonly after: string;
  /** How often it was found, and what else was found of the same cause. */
  readonly count: number;
  readonly also: Readonly<Record<string, number>>;
  readonly message: string;
  /** The number of the workload that showed it. */
  readonly number: number;
  /** The smallest workload found that shows it, one operation a line. */
  readonly workload: string;
  readonly replay: string;
}

/** Causes that are made small; more are told as they were found. */
export const SHRUNK_MAX = 8;

/** Groups what was found. */
export async function explainFound(target: FuzzTarget, found: readonly FoundOften[]): Promise<FuzzFailure[]> {
  const groups = new Map<string, FoundOften[]>();
  for (const finding of [...found].sort(byWeight)) {
    const key = [finding.before, finding.after, finding.cause].join('\0');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const failures: FuzzFailure[] = [];
  for (const group of groups.values()) failures.push(await failureOf(target, group, failures.length));
  return failures;
}

function byWeight(left: FoundOften, right: FoundOften): number {
  const kinds = FAILURE_KINDS.indexOf(left.kind) - FAILURE_KINDS.indexOf(right.kind);
  return kinds || left.workload.text.length - right.workload.text.length || left.number - right.number;
}

async function failureOf(
  target: FuzzTarget,
  [first, ...others]: readonly FoundOften[],
  before: number,
): Promise<FuzzFailure> {
  if (first === undefined) throw new RangeError('a group without findings');
  const small = before < SHRUNK_MAX ? await smallest(target, first) : { text: first.workload.text };
  return {
    kind: first.kind,
    cause: first.cause,
    before: first.before,
    after: first.after,
    count: first.count,
    also: Object.fromEntries(others.map((other) => [titleOf(other), other.count])),
    message: small.message ?? first.text,
    number: first.number,
    workload: small.text,
    replay: target.replay(small.text, first.before, first.after),
  };
}

async function smallest(
  target: FuzzTarget,
  first: FoundOften,
): Promise<{ readonly text: string; readonly message?: string }> {
  const shownBy = (text: string): string | undefined =>
    target.judgeText(text, first.before, first.after)?.findings.find((one) => isAlike(one, first))?.text;
  const text = await shrink(
    first.workload.text,
    (workload) => target.simpler(workload),
    (workload) => Promise.resolve(shownBy(workload) !== undefined),
  );
  const message = shownBy(text);
  return message === undefined ? { text } : { text, message };
}
