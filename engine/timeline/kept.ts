/** Timelines of workloads that a reader is shown, kept: each takes a run on both trees and a question for every instant. */
import type { Timeline } from '#base/timeline.ts';
import type { EvidenceStore } from '../store.ts';
import type { Subject, Tree } from '../subject.ts';

/** Two trees whose names stand above the two halves of a timeline. */
interface Pair {
  readonly before: Tree;
  readonly after: Tree;
}

/** The timeline of a workload; nothing where the subject draws none, or the workload does not run. */
export async function keptTimeline(
  subject: Subject,
  store: EvidenceStore,
  { before, after }: Pair,
  workload: string,
): Promise<Timeline | undefined> {
  if (subject.timeline === undefined) return undefined;
  const trees = [before, after].flatMap(({ name, hash }) => [name, hash]);
  const table = store.table<{ readonly timeline?: Timeline }>('timeline', [subject.hash, ...trees]);
  const known = table.get(workload);
  if (known !== undefined) return known.timeline;
  const timeline = await drawn(subject.timeline, { before, after }, workload);
  table.set(workload, timeline === undefined ? {} : { timeline });
  return timeline;
}

async function drawn(
  draw: NonNullable<Subject['timeline']>,
  { before, after }: Pair,
  workload: string,
): Promise<Timeline | undefined> {
  try {
    return await draw(before, after, workload);
  } catch {
    // A workload that ends in an error has failures and a replay command, which say so.
    return undefined;
  }
}
