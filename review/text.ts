/**
 * A step as text: contract first, so that a reviewer reads what is claimed before what is done; then the diff, what
 * it does to exports and callers, what it costs, and the evidence. Looks at finished reviews only.
 */
import type { Paint } from '#base/paint.ts';
import { diffLines } from './text-diff.ts';
import { apiLines, callerLines } from './text-api.ts';
import { costLines, declarationLines, evidenceLines, failureLines } from './text-evidence.ts';
import { heading, labelled, wrapped } from './text-layout.ts';
import type { CheckMatrix, MatrixCell, StepReview } from './model.ts';

/** What to show of a step. */
export interface ReviewTextOptions {
  /** Only the diff. */
  readonly diffOnly?: boolean;
}

/** Everything about one step. */
export function reviewText(review: StepReview, paint: Paint, options: ReviewTextOptions = {}): string {
  if (options.diffOnly === true) return `${diffLines(review.diff, paint).join('\n')}\n`;
  const { contract, evidence } = review;
  const lines = [
    `${paint('bold', `step ${review.step}`)}  ${review.subject}  ${verdictText(review, paint)}`,
    ...heading('Contract', paint),
    ...contractLines(review),
    ...heading('Declared differences', paint),
    ...declarationLines(review, paint),
    ...section('Message', review.message === '' ? [] : wrapped(review.message), paint),
    ...heading('Diff', paint),
    ...diffLines(review.diff, paint),
    ...section('Exports', review.api === undefined ? [] : apiLines(review.api, paint), paint),
    ...section('Callers', review.callers === undefined ? [] : callerLines(review.callers, paint), paint),
    ...section(
      'Contract and step disagree',
      review.apiProblems.flatMap((problem) => wrapped(problem).map((line) => paint('red', line))),
      paint,
    ),
    ...section('Cost over all scenarios', costLines(review, paint), paint),
    ...heading('Evidence', paint),
    ...evidenceLines(review, paint),
    ...section('Failures', failureLines(evidence.failures, paint), paint),
    ...section('Rules that come into force', contract.rules.map(indented), paint),
    ...section('Standing defects', evidence.standing.map(indented), paint),
  ];
  return `${lines.join('\n')}\n`;
}

const indented = (text: string): string => `  ${text}`;

/** A heading and its lines; nothing when there are none. */
function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [...heading(title, paint), ...lines];
}

function contractLines({ contract }: StepReview): string[] {
  const { commits, differs } = contract.upstream;
  const own = [
    ...labelled('class', contract.class),
    ...(contract.summary === '' ? [] : labelled('what for', contract.summary)),
  ];
  if (commits.length === 0 && differs === '') return own;
  return [
    ...own,
    ...labelled('upstream', commits.length === 0 ? '(no commit)' : commits.join(', ')),
    ...labelled('differs', differs === '' ? 'as it was merged' : differs),
  ];
}

function verdictText({ verdict }: StepReview, paint: Paint): string {
  return paint(verdict === 'holds' ? 'green' : 'red', verdict);
}

/** One line a step: number, class, verdict, subject. */
export function stepListText(reviews: readonly StepReview[], paint: Paint): string {
  const lines = reviews.map((review) => {
    const verdict = paint(review.verdict === 'holds' ? 'green' : 'red', review.verdict.padEnd(5));
    return `${String(review.step).padStart(2)}  ${review.contract.class.padEnd(9)}  ${verdict}  ${review.subject}`;
  });
  return `${lines.join('\n')}\n`;
}

const OUTCOME_WORDS: Readonly<Record<MatrixCell['outcome'], string>> = {
  ok: 'ok',
  declared: 'declared',
  fails: 'FAILS',
  none: '-',
};

const OUTCOME_COLOURS = { ok: 'green', declared: 'yellow', fails: 'red', none: 'dim' } as const;

/** Step x check, a row a step, the subject last. */
export function matrixText({ checks, rows }: CheckMatrix, paint: Paint): string {
  const words = rows.map(({ cells }) => cells.map(({ outcome, note }) => note ?? OUTCOME_WORDS[outcome]));
  const widths = checks.map((check, index) =>
    Math.max(check.length, ...words.map((row) => row[index]?.length ?? 0)),
  );
  const head = checks.map((check, index) => check.padEnd(widths[index] ?? 0)).join('  ');
  const lines = rows.map(({ step, subject, cells }, row) => {
    const texts = cells.map(({ outcome }, index) =>
      paint(OUTCOME_COLOURS[outcome], (words[row]?.[index] ?? '').padEnd(widths[index] ?? 0)),
    );
    return `${String(step).padStart(4)}  ${texts.join('  ')}  ${paint('dim', subject)}`;
  });
  return `${[`step  ${head}`, ...lines].join('\n')}\n`;
}
