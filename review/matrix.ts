/** The table of step by check for the end of a page or of a run. */
import { type StepEvidence, countDifferences } from '#engine/evidence.ts';
import { type Difference, DIMENSIONS } from '#engine/contract.ts';
import type { CheckMatrix, MatrixCell, StepReview } from './model.ts';

/** Step by check, for the end of a page or of a run. */
export function matrixOf(reviews: readonly StepReview[]): CheckMatrix {
  return {
    checks: ['contract', ...DIMENSIONS, 'promise', 'exports'],
    rows: reviews.map(({ step, subject, evidence, apiProblems: problems }) => ({
      step,
      subject,
      cells: [
        cellOf(evidence.failures.every(({ kind }) => kind !== 'stale declaration')),
        ...DIMENSIONS.map((dimension) => dimensionCell(evidence, dimension)),
        cellOf(evidence.failures.every(({ kind }) => kind !== 'broken promise')),
        cellOf(problems.length === 0),
      ],
    })),
  };
}

function cellOf(holds: boolean): MatrixCell {
  return { outcome: holds ? 'ok' : 'fails' };
}

function dimensionCell(evidence: StepEvidence, dimension: Difference['dimension']): MatrixCell {
  const { seen, undeclared } = countDifferences(evidence, dimension);
  if (seen === 0) return { outcome: 'ok', note: '=' };
  return undeclared > 0
    ? { outcome: 'fails', note: `${undeclared} undeclared` }
    : { outcome: 'declared', note: `${seen} declared` };
}
