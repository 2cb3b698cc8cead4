/** `conform review`: the series as a reviewer walks it, one step at a time. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { painter } from '#base/paint.ts';
import { InputError } from '#base/input-error.ts';
import { gatherReviews, gatherSurfaces, problemsOfAdditions } from '#review/gather.ts';
import { reviewHtml } from '#review/html.ts';
import { matrixOf } from '#review/matrix.ts';
import type { StepReview } from '#review/model.ts';
import { matrixText, reviewText, stepListText } from '#review/text.ts';
import type { Project } from '#engine/project.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { openOutput } from '../output.ts';
import { type Case, CASE_FORMATS, type CaseFormat, caseReport } from '../report/cases.ts';
import { openedProject } from '../opened-project.ts';
import { progressOf } from '../progress.ts';

interface ReviewOptions {
  readonly format: 'text' | 'html' | CaseFormat;
  readonly diffOnly: boolean;
  readonly next: boolean;
  readonly fresh: boolean;
  readonly output?: string;
}

const EXAMPLES = `
  conform review                       the list of steps with class and verdict
  conform review 3                     step 3: contract, diff, exports, callers, cost, evidence
  conform review --next                the step after the one that was looked at last
  conform review --format html --output review.html

Exit code: 0 every step shown holds, 1 one does not, 2 could not run.`;

export function registerReview(program: Command, context: CliContext): void {
  program
    .command('review')
    .description('walk the series step by step: contract, diff, exports, callers, cost, evidence')
    .argument('[step]', 'number, hash or words of the subject of a step; without one the list of all')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'html', ...CASE_FORMATS])
        .default('text'),
    )
    .option('--diff-only', 'only the diff of the step', false)
    .option('--next', 'the step after the one that was looked at last', false)
    .option('--fresh', 'run everything again, whatever evidence there is', false)
    .option('--output <file>', 'write to a file instead of standard output')
    .addHelpText('after', EXAMPLES)
    .action((step: string | undefined, options: ReviewOptions) => review(step, options, context));
}

/** Where the last step that was looked at is kept, so that `--next` goes on. */
const bookmarkOf = ({ cache }: Project): string => join(cache, 'review-step');

function chosenStep(project: Project, given: string | undefined, next: boolean): number | undefined {
  const { stepCount: count, stepNamed } = project.series;
  const bookmark = bookmarkOf(project);
  if (next && given !== undefined) throw new InputError('give a step or --next, not both');
  if (next) {
    const last = existsSync(bookmark) ? Number(readFileSync(bookmark, 'utf8')) : 0;
    if (last >= count)
      throw new InputError(`step ${count} was the last one\n  to begin again: conform review 1`);
    return last + 1;
  }
  return given === undefined ? undefined : stepNamed(given);
}

async function review(given: string | undefined, options: ReviewOptions, context: CliContext): Promise<void> {
  const project = await openedProject(context);
  const step = chosenStep(project, given, options.next);
  const output = openOutput(options.output, context);
  const { reviews, additions } = await reviewsOf(project, step, options.fresh, context);
  const text = render(reviews, additions, step, project, options, context);
  output(text);
  if (options.output !== undefined) context.write(`${options.output}\n`);
  if (step !== undefined) {
    writeFileSync(bookmarkOf(project), String(step));
  }
  if (isBad(reviews, additions)) context.exitCode = ExitCode.findings;
}

const isBad = (reviews: readonly StepReview[], additions: readonly string[]): boolean =>
  additions.length > 0 || reviews.some(({ verdict }) => verdict === 'fails');

function casesOf(reviews: readonly StepReview[], additions: readonly string[], { series }: Project): Case[] {
  const patches = series.patches();
  return [
    ...reviews.map(({ step, subject, verdict }) => ({
      suite: 'steps',
      name: `step ${step} ${subject}`,
      problems: verdict === 'fails' ? [`it does not hold: conform review ${step} says why`] : [],
      file: patches[step - 1]?.fileName || undefined,
    })),
    ...additions.map((problem) => ({ suite: 'additions', name: problem, problems: [problem] })),
  ];
}

/** Reviews of one step, or of all and what is wrong with what they add. */
async function reviewsOf(
  project: Project,
  step: number | undefined,
  fresh: boolean,
  context: CliContext,
): Promise<{ reviews: StepReview[]; additions: string[] }> {
  const first = step ?? 1;
  const last = step ?? project.series.stepCount;
  const gathering = {
    store: project.store(fresh),
    onTry: progressOf(context, `steps ${first} to ${last}: scenario`),
    onRead: progressOf(context, 'reading step'),
  };
  const reviews = await gatherReviews(project, first, last, gathering);
  const surfaces = step === undefined ? await gatherSurfaces(project, gathering) : undefined;
  return { reviews, additions: problemsOfAdditions(project, surfaces) };
}

function render(
  reviews: readonly StepReview[],
  additions: readonly string[],
  step: number | undefined,
  project: Project,
  options: ReviewOptions,
  context: CliContext,
): string {
  if (options.format === 'html') return reviewHtml(reviews, matrixOf(reviews));
  if (options.format !== 'text')
    return caseReport(options.format, {
      command: 'review',
      ok: !isBad(reviews, additions),
      cases: casesOf(reviews, additions, project),
      data: { steps: reviews, additions },
    });
  const paint = painter(context.color && options.output === undefined);
  if (step === undefined) {
    const verdict =
      project.tsconfig === undefined
        ? []
        : additions.length === 0
          ? ['everything the series adds has a caller within two steps, and at the end']
          : additions.map((problem) => paint('red', problem));
    return `${stepListText(reviews, paint)}\n${matrixText(matrixOf(reviews), paint)}\n${verdict.map((line) => `${line}\n`).join('')}`;
  }
  const next = step < project.series.stepCount ? `\nnext: conform review --next\n` : '';
  return `${reviews.map((own) => reviewText(own, paint, { diffOnly: options.diffOnly })).join('\n')}${options.diffOnly ? '' : next}`;
}
