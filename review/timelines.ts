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

/** Columns of a timeline in the book; a longer one is for a page of its own. */
const COLUMNS_MAX = 120;

interface Candidate {
  readonly title: string;
  readonly workload: string;
  readonly replay: string | undefined;
}

/** The timelines of a step: of its failures first, then of claims about images, the shortest workloads first. */
export async function timelinesOf(
  project: Project,
  store: EvidenceStore,
  review: StepReview,
): Promise<ShownTimeline[]> {
  const { series, subject } = project;
  const [before, after] = [review.step - 1, review.step].map((step) => series.tree(series.stepName(step)));
  if (before === undefined || after === undefined) return [];
  const shown: ShownTimeline[] = [];
  for (const candidate of candidatesOf(review)) {
    if (shown.length === SHOWN_MAX) break;
    const timeline = await keptTimeline(subject, store, { before, after }, candidate.workload);
    if (timeline === undefined || timeline.columns.length > COLUMNS_MAX) continue;
    shown.push({ ...candidate, timeline });
  }
  return shown;
}

function candidatesOf({ evidence, claims }: StepReview): Candidate[] {
  const failing = evidence.failures.flatMap(({ kind, cause, workload, replay }): Candidate[] =>
    workload === undefined ? [] : [{ title: `${kind} in ${cause}`, workload: workload.trimEnd(), replay }],
  );
  const witnesses = claims.flatMap(({ text, witness }): Candidate[] =>
    witness?.text === undefined || !/^(?:acked|in-flight)$/.test(witness.dimension)
      ? []
      : [{ title: `${text}: ${witness.workload}`, workload: witness.text, replay: witness.replay }],
  );
  const sorted = witnesses.sort((left, right) => left.workload.length - right.workload.length);
  const all = [...failing, ...sorted];
  return all.filter(({ workload }, index) => all.findIndex((other) => other.workload === workload) === index);
}
