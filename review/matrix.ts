/** The table of step by check for the end of a page or of a run. */
import type { StepEvidence } from '#engine/judge.ts';
import { countDifferences } from '#engine/report.ts';
import type { CheckMatrix, MatrixCell, StepReview } from './model.ts';

/** Step by check, for the end of a page or of a run. */
export function matrixOf(reviews: readonly StepReview[]): CheckMatrix {
  const dimensions = reviews[0]?.dimensions.map(({ name }) => name) ?? [];
  return {
    checks: ['contract', ...dimensions, 'promise', 'exports'],
    rows: reviews.map(({ step, subject, evidence, api, apiProblems: problems }) => ({
      step,
      subject,
      cells: [
        cellOf(evidence.failures.every(({ kind }) => kind !== 'stale declaration')),
        ...dimensions.map((dimension) => dimensionCell(evidence, dimension)),
        cellOf(evidence.failures.every(({ kind }) => kind !== 'broken promise')),
        api === undefined ? { outcome: 'none' as const } : cellOf(problems.length === 0),
      ],
    })),
  };
}

function cellOf(holds: boolean): MatrixCell {
  return { outcome: holds ? 'ok' : 'fails' };
}

function dimensionCell(evidence: StepEvidence, dimension: string): MatrixCell {
  const { seen, undeclared } = countDifferences(evidence, dimension);
  if (seen === 0) return { outcome: 'ok', note: '=' };
  return undeclared > 0
    ? { outcome: 'fails', note: `${undeclared} undeclared` }
    : { outcome: 'declared', note: `${seen} declared` };
}
