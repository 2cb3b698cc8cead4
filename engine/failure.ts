/**
 * What is wrong with a step, grouped by cause: the operation that behaves otherwise. Each group is told by its gravest
 * member; the rest is counted.
 */
import { allowsMore } from '#base/relation.ts';
import type { Contract } from './contract.ts';
import { declarationsFor } from './declared.ts';
import type { Road } from './timeline/road.ts';
import type { Tried } from './tries.ts';
import type {
  Broken,
  Compared,
  Difference,
  Dimension,
  SideBySide,
  WitnessState,
  Workload,
} from './subject.ts';

/** Kinds of failures, the gravest first. */
export const FAILURE_KINDS = [
  'does not run',
  'broken promise',
  'wrong result',
  'undeclared difference',
  'stale declaration',
  'nothing tried',
  'unconfirmed contract',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** One thing that is wrong with one workload. */
export interface Finding {
  readonly kind: FailureKind;
  readonly cause: string;
  readonly workload: Workload;
  /** What is wrong: a difference nobody declared, a promise that breaks; absent where the tree does not run. */
  readonly what?: Difference | Broken;
  /** A sentence. */
  readonly text: string;
}

/** A failure as it is stored and shown. */
export interface Failure {
  readonly kind: FailureKind;
  /** The operation that behaves otherwise; empty for a declaration that nothing shows. */
  readonly cause: string;
  readonly message: string;
  /** What else is wrong for the same cause, and how often: `undeclared difference: acked weaker` 12. */
  readonly also: Readonly<Record<string, number>>;
  /** Other operations that behave otherwise because of the very same lines. */
  readonly alsoIn?: readonly string[];
  /** The workload of the suite that showed it first, before it was made shorter. */
  readonly scenario?: string;
  /** The smallest workload that shows it, one operation a line; absent for a stale declaration. */
  readonly workload?: string;
  readonly witness?: readonly string[];
  /** The states that `witness` tells of, as data. */
  readonly states?: readonly WitnessState[];
  readonly traces?: readonly SideBySide[];
  readonly replay?: string;
  readonly origin?: Origin;
  /** Who stored what was promised and may be lost, and the step behind each frame; where the subject can tell. */
  readonly road?: Road;
}

/** Where something wrong comes from. */
export interface Origin {
  /** The step at which the faulty lines came in; `null` when they were there before the series. */
  readonly cameInAt: number | null;
  /** The step at which the suite first shows it. */
  readonly reachableAt: number;
  /** The lines that fit best: they ran where it goes wrong and hardly elsewhere. Each with the step that brought it in. */
  readonly suspects: readonly {
    readonly place: string;
    readonly text: string;
    readonly step: number | null;
  }[];
}

/** What both sides of one workload gave. */
export interface BothSides {
  readonly before: Tried;
  readonly after: Tried;
  readonly compared: Compared;
}

/** Whether a difference is of bytes that are owed, which no declaration excuses. */
const harms = ({ relation, isPromised }: Difference): boolean => isPromised && allowsMore(relation);

/** Everything that is wrong with the later side of one workload. */
export function findingsOf(
  workload: Workload,
  { before, after, compared }: BothSides,
  contract: Contract | undefined,
  dimensions: readonly Dimension[],
): Finding[] {
  if ('error' in after) {
    if ('error' in before || after.flickers === true) return [];
    return [{ kind: 'does not run', cause: after.error, workload, text: after.error }];
  }
  const known = new Set('error' in before ? [] : before.broken.map(({ key }) => key));
  const results = new Set(dimensions.filter(({ isResult }) => isResult).map(({ name }) => name));
  const broken = after.broken
    .filter(({ key }) => !known.has(key))
    .map((what): Finding => {
      // What breaks a promise is what behaves otherwise at its place, not the operation whose bytes are lost.
      const found = compared.differences.find(({ index }) => index >= 0 && index === what.index);
      const cause = found?.cause ?? what.cause;
      return { kind: 'broken promise', cause, workload, what, text: what.text };
    });
  const differences = compared.differences.flatMap((what): Finding[] => {
    const isExcused = declarationsFor(what, contract?.differences ?? []).length > 0;
    if (isExcused && !harms(what)) return [];
    const kind = harms(what)
      ? 'broken promise'
      : results.has(what.dimension)
        ? 'wrong result'
        : 'undeclared difference';
    return [{ kind, cause: what.cause, workload, what, text: differenceText(what) }];
  });
  return [...broken, ...differences];
}

function differenceText({ dimension, relation, at, before, after }: Difference): string {
  return `${dimension} ${relation} at '${at}': before ${before}; after ${after}`;
}

/** Findings of one cause, the one that tells it first. */
export type Group = readonly [Finding, ...Finding[]];

/** Groups findings by cause, and puts groups and members in order: gravest first, then the smaller workload. */
export function groupFindings(findings: readonly Finding[], dimensions: readonly Dimension[]): Group[] {
  const weights = new Map(dimensions.map(({ name }, index) => [name, index]));
  const weight = ({ kind, what, workload }: Finding): number[] => [
    FAILURE_KINDS.indexOf(kind),
    what !== undefined && 'dimension' in what ? (weights.get(what.dimension) ?? 0) : -1,
    workload.text.split('\n').length,
    workload.text.length,
  ];
  const sorted = [...findings].sort((left, right) => compareNumbers(weight(left), weight(right)));
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of sorted) {
    const group = groups.get(finding.cause);
    if (group === undefined) groups.set(finding.cause, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    const difference = value - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether two findings are of one kind, cause and dimension: what shrinking must not lose. */
export function isAlike(left: Finding, right: Finding): boolean {
  return left.cause === right.cause && titleOf(left) === titleOf(right);
}

/** `broken promise`, or `acked weaker`. */
export function titleOf({ kind, what }: Finding): string {
  return what !== undefined && 'dimension' in what ? `${kind}: ${what.dimension} ${what.relation}` : kind;
}

/** How often each thing is wrong. */
export function countFindings(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const finding of findings) counts[titleOf(finding)] = (counts[titleOf(finding)] ?? 0) + 1;
  return counts;
}
