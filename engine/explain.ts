/**
 * Explains what is wrong with a step: for each cause the smallest workload that still shows it, what a reader must see of it,
 * the command that tries it again, and the code it comes from. Runs the trees again, so it is done for failures only.
 */
import type { StepToJudge } from './judge.ts';
import {
  countFindings,
  type Failure,
  type Finding,
  findingsOf,
  type Group,
  isAlike,
  type Origin,
} from './failure.ts';
import { shrink } from './shrink.ts';
import { timelineAt } from './timeline/at-step.ts';
import type { Subject } from './subject.ts';

/** Causes of one step that are explained in full; more are named and counted. */
export const EXPLAINED_MAX = 8;

/** Says where what is wrong with the workloads of `group` comes from. */
export type OriginOf = (group: Group) => Promise<Origin | undefined>;

/** Groups that one origin explains, the gravest first. */
interface Explained {
  readonly groups: readonly [Group, ...Group[]];
  readonly origin: Origin | undefined;
}

/** The failures behind `groups` of `step`. Groups that come from the very same lines are one failure. */
export async function explain(
  subject: Subject,
  step: StepToJudge,
  groups: readonly Group[],
  originOf?: OriginOf,
  explainedMax: number = EXPLAINED_MAX,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [index, { groups: own, origin }] of (await joinByOrigin(groups, originOf)).entries()) {
    const plain = { ...plainFailure(own), ...(origin && { origin }) };
    const more = index < explainedMax ? await details(subject, step, own[0]) : {};
    const road = originOf === undefined ? {} : await roadBehind(subject, step, plain.kind, more.workload);
    failures.push({ ...plain, ...more, ...road });
  }
  subject.rest?.();
  return failures;
}

/** The failure behind `groups` by a workload that is as short as can be already: told without trying anything again. */
export function explainAsIs(subject: Subject, step: StepToJudge, groups: readonly Group[]): Failure[] {
  const [first, ...others] = groups;
  if (first === undefined) return [];
  const { text } = first[0].workload;
  return [{ ...plainFailure([first, ...others]), workload: text, ...replayOf(subject, step, text) }];
}

/** A failure that was told briefly, with what a reader must see of it, and the road of what is lost. */
export async function withDetails(subject: Subject, step: StepToJudge, failure: Failure): Promise<Failure> {
  const { kind, workload } = failure;
  if (workload === undefined) return failure;
  const sides = await (await openBoth(subject, step))(workload);
  const what = sides?.findings.find((finding) => finding.kind === kind)?.what;
  const shown =
    sides === undefined || what === undefined ? {} : subject.show?.(sides.before, sides.after, what);
  return { ...failure, ...shown, ...(await roadBehind(subject, step, kind, workload)) };
}

/** The road of what a broken promise loses, where the subject can tell. */
async function roadBehind(
  subject: Subject,
  step: StepToJudge,
  kind: Failure['kind'],
  workload: string | undefined,
): Promise<Pick<Failure, 'road'>> {
  if (kind !== 'broken promise' || workload === undefined) return {};
  const { road } = (await timelineAt(subject, step, workload)) ?? {};
  return road === undefined ? {} : { road };
}

async function joinByOrigin(groups: readonly Group[], originOf: OriginOf | undefined): Promise<Explained[]> {
  const joined = new Map<string, { groups: [Group, ...Group[]]; origin: Origin | undefined }>();
  for (const group of groups) {
    const origin = await originOf?.(group);
    const suspects = origin?.suspects ?? [];
    const key = suspects.length === 0 ? group[0].cause : suspects.map(({ place }) => place).join();
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { groups: [group], origin });
    else known.groups.push(group);
  }
  return [...joined.values()];
}

function plainFailure([group, ...others]: readonly [Group, ...Group[]]): Failure {
  const [{ kind, cause, workload, text }, ...alike] = group;
  const also = countFindings([...alike, ...others.flat()]);
  const alsoIn = others.map(([other]) => other.cause);
  return {
    kind,
    cause,
    message: `${workload.name}: ${text}`,
    scenario: workload.name,
    also,
    ...(alsoIn.length > 0 && { alsoIn }),
  };
}

type Details = Pick<Failure, 'workload' | 'witness' | 'states' | 'traces' | 'replay'>;

async function details(subject: Subject, step: StepToJudge, [first]: Group): Promise<Details> {
  if (first.what === undefined)
    return { workload: first.workload.text, ...replayOf(subject, step, first.workload.text) };
  const both = await openBoth(subject, step);
  const alike = async (text: string): Promise<Alike | undefined> => {
    const sides = await both(text);
    const found = sides?.findings.find((finding) => isAlike(finding, first));
    return sides === undefined || found?.what === undefined ? undefined : { ...sides, what: found.what };
  };
  const simpler = (text: string): Iterable<string> => subject.simpler?.(text) ?? [];
  const text = await shrink(
    first.workload.text,
    simpler,
    async (candidate) => (await alike(candidate)) !== undefined,
  );
  const shown = await alike(text);
  return {
    workload: text,
    ...(shown === undefined ? {} : subject.show?.(shown.before, shown.after, shown.what)),
    ...replayOf(subject, step, text),
  };
}

function replayOf(subject: Subject, { before, after }: StepToJudge, text: string): Pick<Failure, 'replay'> {
  return subject.replay === undefined ? {} : { replay: subject.replay(before.name, after.name, text) };
}

interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly findings: readonly Finding[];
}

interface Alike extends Sides {
  readonly what: NonNullable<Finding['what']>;
}

/** Tries a workload on both trees of a step; nothing for one that does not run. */
async function openBoth(
  subject: Subject,
  step: StepToJudge,
): Promise<(text: string) => Promise<Sides | undefined>> {
  const [runBefore, runAfter] = [await subject.open(step.before), await subject.open(step.after)];
  return async (text) => {
    try {
      const [before, after] = [await runBefore(text), await runAfter(text)];
      const sides = {
        before: subject.facts(before),
        after: subject.facts(after),
        compared: subject.compare(before, after),
      };
      const findings = findingsOf({ name: '', text }, sides, step.contract, subject.dimensions);
      return { before, after, findings };
    } catch {
      // A simplification that cannot be run shows nothing.
      return undefined;
    }
  };
}
