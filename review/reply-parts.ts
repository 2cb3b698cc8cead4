/** What a reply to a step is made of: its findings, and the hunk that the first of them points into. */
import type { DiffFile, StepReview } from './model.ts';
import type { ReplyFinding, ReplyParts } from './reply.ts';
import { stepsBehind } from './suspects.ts';

/** Lines of a hunk that a mail quotes when nobody chose. */
const QUOTED_MAX = 20;

/** The parts of a reply to `review`, one of `stepCount` steps: a `NAK` for one that fails, else no answer yet. */
export function replyPartsOf(review: StepReview, stepCount: number): ReplyParts {
  const { step, subject, mail, verdict } = review;
  const width = String(stepCount).length;
  const number = `${String(step).padStart(width, '0')}/${stepCount}`;
  return {
    subject: mail?.subject ?? `[PATCH ${number}] ${subject}`,
    attribution: attributionOf(mail),
    messageId: mail?.messageId ?? '',
    quotes: [quoteFor(review)],
    note: '',
    findings: findingsOf(review),
    answer: verdict === 'fails' ? 'NAK' : 'Reviewed-by',
  };
}

function attributionOf(mail: StepReview['mail']): string {
  if (mail === undefined || mail.author === '') return '';
  return mail.date === '' ? `${mail.author} wrote:` : `On ${mail.date}, ${mail.author} wrote:`;
}

/** Failures first, then disagreements of contract and code. */
function findingsOf({ step, evidence, apiProblems }: StepReview): ReplyFinding[] {
  return [
    ...evidence.failures.map((failure) => {
      const { kind, cause, message, workload, witness = [], replay } = failure;
      return {
        message: `${kind}${cause === '' ? '' : ` in ${cause}`}: ${message}${cameWith(stepsBehind(failure), step)}`,
        witness: witness.length > 0 ? witness : (workload?.trimEnd().split('\n') ?? []),
        replay,
      };
    }),
    ...apiProblems.map((message) => ({ message, witness: [] })),
  ];
}

/** The patch to ask about it, where that may be another one. */
function cameWith(steps: readonly number[], step: number): string {
  const other = steps.find((one) => one !== step);
  if (other === undefined) return '';
  return steps.includes(step)
    ? `. It is this patch, or the code of patch ${other} that it leads to.`
    : `. The code behind it came with patch ${other}.`;
}

/** The hunk that has a suspected line; where there is none, the first one that is not mechanical. */
function quoteFor({ diff, evidence, step }: StepReview): string[] {
  const places = evidence.failures.flatMap(({ origin }) =>
    (origin?.suspects ?? []).filter((suspect) => suspect.step === step).map(({ place }) => place),
  );
  const suspected = diff.find(({ file }) => places.some((place) => place.startsWith(`${file}:`)));
  const file = suspected ?? diff.find(({ hunks }) => hunks.some(isWorthReading)) ?? diff[0];
  return file === undefined ? [] : quoteOf(file);
}

const isWorthReading = ({ lines }: DiffFile['hunks'][number]): boolean =>
  lines.some(
    ({ kind, moved, text }) => kind !== ' ' && !moved && !/^\s*(?:import\b|\/?\*|\/\/|$)/.test(text),
  );

function quoteOf({ file, hunks }: DiffFile): string[] {
  const hunk = hunks.find(isWorthReading) ?? hunks[0];
  if (hunk === undefined) return [];
  const lines = hunk.lines.map(({ kind, text }) => (text.startsWith('\\ ') ? text : kind + text));
  const shown = lines.length <= QUOTED_MAX ? lines : [...lines.slice(0, QUOTED_MAX), '[...]'];
  return [`diff --git a/${file} b/${file}`, hunk.header, ...shown];
}
