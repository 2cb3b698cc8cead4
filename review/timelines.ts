/** Which workloads of a step a reader is shown instruction by instruction. */
import type { Timeline } from '#base/timeline.ts';
import type { Project } from '#engine/project.ts';
import type { EvidenceStore } from '#engine/store.ts';
import { keptTimeline } from '#engine/timeline/kept.ts';
import type { StepReview } from './model.ts';

/** One workload with its timeline. */
export interface ShownTimeline {
  /** What it shows, in a few words. */
  readonly title: string;
  readonly workload: string;
  readonly replay: string | undefined;
  readonly timeline: Timeline;
}

/** Timelines of one step. */
const SHOWN_MAX = 2;

/** Columns of a timeline in the book, of a failure and of a claim; a longer one is for a page of its own. */
const COLUMNS_MAX = { failure: 600, claim: 120 } as const;

interface Candidate {
  readonly title: string;
  readonly of: keyof typeof COLUMNS_MAX;
  readonly workload: string;
  readonly replay: string | undefined;
}

/** A workload whose timeline is too long for the book. */
export interface LongTimeline extends Pick<Candidate, 'title' | 'replay'> {
  readonly columnCount: number;
}

/** The timelines of a step, those that are too long for it, and how many more workloads have one. */
export interface Timelines {
  readonly shown: readonly ShownTimeline[];
  readonly tooLong: readonly LongTimeline[];
  readonly moreCount: number;
}

/** The timelines of a step: of its failures first, then of claims about images, the shortest workloads first. */
export async function timelinesOf(
  project: Project,
  store: EvidenceStore,
  review: StepReview,
): Promise<Timelines> {
  const { series, subject } = project;
  const [before, after] = [review.step - 1, review.step].map((step) => series.tree(series.stepName(step)));
  const shown: ShownTimeline[] = [];
  const tooLong: LongTimeline[] = [];
  if (before === undefined || after === undefined) return { shown, tooLong, moreCount: 0 };
  const candidates = candidatesOf(review);
  for (const [index, candidate] of candidates.entries()) {
    if (shown.length === SHOWN_MAX) return { shown, tooLong, moreCount: candidates.length - index };
    const timeline = await keptTimeline(subject, store, { before, after }, candidate.workload);
    if (timeline === undefined) continue;
    const { of, title, workload, replay } = candidate;
    const columnCount = timeline.columns.length;
    if (columnCount <= COLUMNS_MAX[of]) shown.push({ title, workload, replay, timeline });
    else tooLong.push({ title, replay, columnCount });
  }
  return { shown, tooLong, moreCount: 0 };
}

function candidatesOf({ evidence, claims }: StepReview): Candidate[] {
  const failing = evidence.failures.flatMap(({ kind, cause, workload, replay }): Candidate[] =>
    workload === undefined
      ? []
      : [{ title: `${kind} in ${cause}`, of: 'failure', workload: workload.trimEnd(), replay }],
  );
  const witnesses = claims.flatMap(({ text, witness }): Candidate[] =>
    witness?.text === undefined || !/^(?:acked|in-flight)$/.test(witness.dimension)
      ? []
      : [
          {
            title: `${text}: ${witness.workload}`,
            of: 'claim',
            workload: witness.text,
            replay: witness.replay,
          },
        ],
  );
  const sorted = witnesses.sort((left, right) => left.workload.length - right.workload.length);
  const all = [...failing, ...sorted];
  return all.filter(({ workload }, index) => all.findIndex((other) => other.workload === workload) === index);
}
