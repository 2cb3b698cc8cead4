/** The timeline of a workload at a step of a series, and the road of what may be lost there. */
import type { Timeline } from '#base/timeline.ts';
import type { StepToJudge } from '../judge.ts';
import { chainTo } from '../series/chain.ts';
import type { Subject } from '../subject.ts';
import { type Road, roadOf } from './road.ts';

/** What can be shown of a workload at a step. */
export interface TimelineAtStep {
  readonly timeline: Timeline;
  /** Of the tree after the step; absent where it keeps what was promised. */
  readonly road?: Road;
}

/** Runs `workload` on both trees of `step` again; nothing for a subject without timelines. */
export async function timelineAt(
  subject: Subject,
  step: StepToJudge,
  workload: string,
): Promise<TimelineAtStep | undefined> {
  const timeline = await subject.timeline?.(step.before, step.after, workload);
  if (timeline === undefined) return undefined;
  const road = roadOf(timeline, timeline.sides.length - 1, chainTo(step));
  return { timeline, ...(road !== undefined && { road }) };
}
