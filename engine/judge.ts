/**
 * Judges one step: what differs from its predecessor must be declared, what is declared must show, and no promise may break
 * anew. Works on evidence alone and runs nothing; what is wrong is explained afterwards (`explain.ts`).
 */
import { combine } from '#base/relation.ts';
import { type Contract, DRAFT_MARK } from './contract.ts';
import { declarationsFor, ShownDeclarations } from './declared.ts';
import type { Evidence, Pair } from './evidence.ts';
import type { Tried } from './tries.ts';
import {
  type Failure,
  type FailureKind,
  type Finding,
  findingsOf,
  type Group,
  groupFindings,
} from './failure.ts';
import type { Difference, Subject, Summary, Tree, Workload } from './subject.ts';

/** One step to judge. */
export interface StepToJudge extends Pair {
  readonly step: number;
  /** Absent where nothing is declared. */
  readonly contract?: Contract | undefined;
  /** The tree before the series, which every step is related to as well. */
  readonly first: Tree;
  /** The trees that led to the step's own, the one before the series first; the step's own is left out. */
  readonly lineage: () => readonly Tree[];
}

/** One difference of a step from its predecessor. */
export interface ObservedDifference extends Omit<Difference, 'blamed' | 'isPromised'> {
  readonly workload: string;
  /** Ids of the declarations that excuse it; empty when none does. */
  readonly declaredAs: readonly string[];
}

/** What was observed of one step, as plain data: it can be stored and shown without running anything again. */
export interface StepEvidence {
  readonly step: number;
  readonly workloads: number;
  /** Places compared, over all workloads. */
  readonly places: number;
  readonly differences: readonly ObservedDifference[];
  readonly failures: readonly Failure[];
  /** Workloads of which nothing can be said at this step, and why. */
  readonly untried: readonly { readonly workload: string; readonly why: string }[];
  /** Workloads that break a promise at this step and did at the one before: known, standing defects. */
  readonly standing: readonly string[];
  readonly cost: {
    readonly before: Readonly<Record<string, number>>;
    readonly after: Readonly<Record<string, number>>;
  };
  /** Relation to the tree before the series over all workloads, by the names of the subject. */
  readonly againstFirst: Readonly<Record<string, Summary>>;
}

/** Evidence of a step whose failures are yet to be explained. */
export interface Judged {
  readonly evidence: StepEvidence;
  readonly groups: readonly Group[];
}

/** Judges `step` by what is known of all workloads of `subject`. */
export function judgeStep(subject: Subject, step: StepToJudge, evidence: Evidence): Judged {
  const declarations = step.contract?.differences ?? [];
  const shown = new ShownDeclarations();
  const findings: Finding[] = [];
  const differences: ObservedDifference[] = [];
  const standing = new Set<string>();
  for (const workload of subject.workloads) {
    const [before, after] = [evidence.tried(step.before, workload), evidence.tried(step.after, workload)];
    const compared = evidence.compared(step, workload);
    findings.push(...findingsOf(workload, { before, after, compared }, step.contract, subject.dimensions));
    for (const difference of compared.differences) {
      const excuses = declarationsFor(difference, declarations);
      shown.add(difference, excuses);
      const { blamed: _blamed, isPromised: _isPromised, ...plain } = difference;
      differences.push({ ...plain, workload: workload.name, declaredAs: excuses.map(({ id }) => id) });
    }
    if (breaksAgain(before, after)) standing.add(workload.name);
  }
  const untried = untriedOf(subject.workloads, step, evidence);
  const groups = groupFindings(findings, subject.dimensions);
  const stale = step.contract === undefined ? [] : shown.stale(step.contract);
  return {
    groups,
    evidence: {
      step: step.step,
      workloads: subject.workloads.length,
      places: sumOf(subject.workloads.map((workload) => placesOf(evidence.tried(step.after, workload)))),
      differences,
      failures: [
        ...stale.map((message) => told('stale declaration', message)),
        ...(groups.length === 0 ? nothingTried(untried, subject.workloads) : []),
        ...unconfirmed(step.contract),
      ],
      untried,
      standing: [...standing].sort(),
      cost: {
        before: costOver(subject.workloads, (workload) => evidence.tried(step.before, workload)),
        after: costOver(subject.workloads, (workload) => evidence.tried(step.after, workload)),
      },
      againstFirst: relationsOver(subject.workloads, { before: step.first, after: step.after }, evidence),
    },
  };
}

function untriedOf(
  workloads: readonly Workload[],
  step: StepToJudge,
  evidence: Evidence,
): StepEvidence['untried'] {
  return workloads.flatMap((workload) => {
    const [before, after] = [evidence.tried(step.before, workload), evidence.tried(step.after, workload)];
    const failed = 'error' in after ? after : 'error' in before ? before : undefined;
    if (failed === undefined) return [];
    const where = failed === after ? 'at this step' : 'at the step before';
    return [{ workload: workload.name, why: `${where}: ${failed.error}` }];
  });
}

/** A step of which no workload says anything is not one that holds. */
function nothingTried(untried: StepEvidence['untried'], workloads: readonly Workload[]): Failure[] {
  const [first] = untried;
  if (first === undefined || untried.length < workloads.length) return [];
  return [told('nothing tried', `no workload says anything of this step; ${first.workload} ${first.why}`)];
}

const told = (kind: FailureKind, message: string): Failure => ({ kind, cause: '', message, also: {} });

function unconfirmed(contract: Contract | undefined): Failure[] {
  if (contract?.isDraft !== true) return [];
  return [told('unconfirmed contract', `${contract.file}: read it, then take out the line '${DRAFT_MARK}'`)];
}

function breaksAgain(before: Tried, after: Tried): boolean {
  if ('error' in before || 'error' in after) return false;
  return after.broken.some(({ key }) => before.broken.some((known) => known.key === key));
}

const placesOf = (tried: Tried): number => ('error' in tried ? 0 : tried.places);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function costOver(
  workloads: readonly Workload[],
  triedOf: (workload: Workload) => Tried,
): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const workload of workloads) {
    const tried = triedOf(workload);
    if ('error' in tried) continue;
    for (const [name, count] of Object.entries(tried.cost)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

function relationsOver(
  workloads: readonly Workload[],
  pair: Pair,
  evidence: Evidence,
): Readonly<Record<string, Summary>> {
  const seen = new Map<string, Summary[]>();
  for (const workload of workloads)
    for (const [name, relation] of Object.entries(evidence.compared(pair, workload).relations))
      seen.set(name, [...(seen.get(name) ?? []), relation]);
  return Object.fromEntries([...seen].map(([name, relations]) => [name, combine(relations)]));
}
