/** Two trees compared by all workloads of any subject, where nobody says what may differ: each difference is told with its cause. */
import type { EndsReport, EndsReporter } from './ends.ts';
import { gather } from './evidence.ts';
import { explain } from './explain.ts';
import { judgeStep } from './judge.ts';
import { failureLines, untriedLines } from './report.ts';
import { shareOf } from './share.ts';
import type { Subject } from './subject.ts';

/** What there is to report of a share: nothing, before it is merged. */
export const PART: EndsReport = { data: {}, wrongCount: 0, verdict: '', text: () => '' };

/** A reporter that knows no more of the trees than `subject` does. */
export function plainEnds(subject: Subject): EndsReporter {
  return async ({ before, after, store, onProgress, share }) => {
    const step = { step: 0, before, after, first: before, lineage: () => [before] };
    const evidence = await gather(
      {
        subject: { ...subject, workloads: shareOf(share, subject.workloads) },
        store,
        ...(onProgress && { onProgress }),
      },
      [],
      [step],
    );
    if (share !== undefined) return PART;
    const { evidence: judged, groups } = judgeStep(subject, step, evidence);
    const failures = [...(await explain(subject, step, groups)), ...judged.failures];
    const { differences, untried, workloads, places } = judged;
    const pair = `${before.name} and ${after.name}`;
    return {
      data: { before: before.name, after: after.name, workloads, places, differences, untried, failures },
      wrongCount: failures.length,
      verdict:
        failures.length === 0
          ? `${pair} are alike in ${workloads} ${workloads === 1 ? 'workload' : 'workloads'}, ${places} places`
          : `${pair} are not alike`,
      text: (_isVerbose, paint) =>
        [
          ...failures.flatMap((failure) => failureLines(`${before.name} → ${after.name}`, failure, paint)),
          ...untriedLines(`${before.name} → ${after.name}`, judged, paint),
        ].join('\n'),
    };
  };
}
