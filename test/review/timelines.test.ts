// Which workloads of a step are drawn, and that none is left out without a word.
import { describe, expect, it } from 'vitest';
import type { Timeline } from '#base/timeline.ts';
import type { Project } from '#engine/project.ts';
import type { StepReview } from '#review/model.ts';
import { timelinesOf } from '#review/timelines.ts';
import { emptyStore } from '../support/project.ts';

/** A project whose workloads are the numbers of columns that their timelines have. */
const project = {
  series: { stepName: String, tree: (name: string) => ({ name, folder: '/', hash: name }) },
  subject: {
    hash: 'subject',
    timeline: (_before: unknown, _after: unknown, workload: string) =>
      Promise.resolve({ columns: Array.from({ length: Number(workload) }) } as unknown as Timeline),
  },
} as unknown as Project;

/** A step whose claims have these workloads as witnesses. */
const claiming = (...workloads: readonly string[]): StepReview =>
  ({
    step: 3,
    evidence: { failures: [] },
    claims: workloads.map((text, index) => ({
      text: `claim ${index + 1}`,
      witness: { text, dimension: 'acked', workload: `scenario ${index + 1}`, replay: `replay ${text}` },
    })),
  }) as unknown as StepReview;

describe('the timelines of a step', () => {
  it('should name a claim that is too long for the page, with its command', async () => {
    const { shown, tooLong, moreCount } = await timelinesOf(project, emptyStore(), claiming('121', '120'));
    expect(shown.map(({ workload }) => workload)).toEqual(['120']);
    expect(tooLong).toEqual([{ title: 'claim 1: scenario 1', replay: 'replay 121', columnCount: 121 }]);
    expect(moreCount).toBe(0);
  });

  it('should count those that come after the two that are drawn', async () => {
    const { shown, moreCount } = await timelinesOf(project, emptyStore(), claiming('1', '2', '3', '4', '4'));
    expect(shown.map(({ workload }) => workload)).toEqual(['1', '2']);
    // Claims 4 and 5 have the same workload.
    expect(moreCount).toBe(2);
  });
});
