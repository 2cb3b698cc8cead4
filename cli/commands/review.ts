/** `conform review`: the series as a reviewer walks it, one step at a time. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Paint, painter } from '#base/paint.ts';
import { InputError } from '#base/input-error.ts';
import type { BookGathering } from '#review/book/gather.ts';
import {
  gatherReviews,
  gatherSurfaces,
  problemsOfAdditions,
  gatherVersions,
  withUnreached,
} from '#review/gather.ts';
import { versionsText } from '#review/text-versions.ts';
import type { SeriesVersions } from '#review/versions.ts';
import { replyText } from '#review/reply.ts';
import { replyPartsOf } from '#review/reply-parts.ts';
import { matrixOf } from '#review/matrix.ts';
import type { StepReview } from '#review/model.ts';
import { matrixText, reviewText, stepListText } from '#review/text.ts';
import type { Project } from '#engine/project.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { openOutput } from '../output.ts';
import { type Case, CASE_FORMATS, type CaseFormat, caseReport } from '../report/cases.ts';
import { refuseTogether } from '../exclusive.ts';
import { PORT, serveReview } from '../serve/review-serve.ts';
import { openedProject } from '../opened-project.ts';
import { progressOf } from '../progress.ts';

interface ReviewOptions {
  readonly format: 'text' | 'html' | CaseFormat;
  readonly diffOnly: boolean;
  readonly next: boolean;
  readonly fresh: boolean;
  readonly reply: boolean;
  readonly against?: string;
  readonly serve?: string | true;
  readonly served: boolean;
  readonly output?: string;
}

const EXAMPLES = `
  conform review                       the list of steps with class and verdict
  conform review 3                     step 3: contract, diff, exports, callers, cost, evidence
  conform review --next                the step after the one that was looked at last
  conform review 3 --reply             the mail that answers step 3, to be edited and sent
  conform review --against ../v2       which steps changed since v2, in their patch and in what came of it
  conform review --format html --output review.html
  conform review --serve               the same in the browser, made anew when trees or contracts change

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
    .option(
      '--reply',
      'the mail that answers the step: quoted hunk, finding, image, replay command, trailer',
      false,
    )
    .option(
      '--against <version>',
      'what changed since another version: a folder of patches, a revision of git, or a range of commits',
    )
    .option(
      '--serve [port]',
      `the book in a browser of this machine, made anew when something changes (port ${PORT})`,
    )
    .addOption(new Option('--served').default(false).hideHelp())
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
  refuseTogether({
    'a mail': { '--reply': options.reply },
    'the diff': { '--diff-only': options.diffOnly },
    'another version': { '--against': options.against !== undefined },
  });
  refuseTogether({
    'a mail': { '--reply': options.reply },
    'a page or data': { [`--format ${options.format}`]: options.format !== 'text' },
    'a server': { '--serve': options.serve !== undefined },
    'the diff': { '--diff-only': options.diffOnly },
  });
  if (options.serve !== undefined && options.output !== undefined)
    throw new InputError('--serve keeps no file, --output does\n  allowed: one of them');
  if (options.reply && step === undefined)
    throw new InputError('--reply answers one step\n  to do so: conform review N --reply');
  // Refused before anything is tried.
  if (options.against !== undefined) project.series.version(options.against);
  const output = openOutput(options.output, context);
  if (options.serve !== undefined)
    return serveReview(project, step, { ...options, port: options.serve }, context);
  const { text, isGood } =
    options.format === 'html'
      ? await page(project, step, options, context)
      : await printed(project, step, options, context);
  output(text);
  if (options.output !== undefined) context.write(`${options.output}\n`);
  if (step !== undefined) writeFileSync(bookmarkOf(project), String(step));
  if (!isGood) context.exitCode = ExitCode.findings;
}

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

/** What is written, and whether all that it shows is as it should be. */
interface Written {
  readonly text: string;
  readonly isGood: boolean;
}

function gatheringOf(
  project: Project,
  step: number | undefined,
  fresh: boolean,
  context: CliContext,
): BookGathering {
  const steps = step === undefined ? `steps 1 to ${project.series.stepCount}` : `step ${step}`;
  return {
    store: project.store(fresh),
    onTry: progressOf(context, `${steps}: scenario`),
    onRead: progressOf(context, 'reading step'),
    onCover: progressOf(context, 'lines that run: step'),
    onVariant: progressOf(context, 'variants: scenario'),
  };
}

/** The review book. */
async function page(
  project: Project,
  step: number | undefined,
  { fresh, against, served }: ReviewOptions,
  context: CliContext,
): Promise<Written> {
  const { gatherBook } = await import('#review/book/gather.ts');
  const { bookHtml } = await import('#review/book/book.ts');
  const book = await gatherBook(project, step, gatheringOf(project, step, fresh, context), against);
  return { text: bookHtml({ ...book, isServed: served }), isGood: areGood(book.reviews, book.additions) };
}

const areGood = (reviews: readonly StepReview[], additions: readonly string[]): boolean =>
  additions.length === 0 && reviews.every(({ verdict }) => verdict === 'holds');

/** A step, or the list of all with the map, as text or JSON. */
async function printed(
  project: Project,
  step: number | undefined,
  options: ReviewOptions,
  context: CliContext,
): Promise<Written> {
  const gathering = gatheringOf(project, step, options.fresh, context);
  const { stepCount } = project.series;
  const judged = await gatherReviews(project, step ?? 1, step ?? stepCount, gathering);
  const reviews = step === undefined ? judged : await withUnreached(project, gathering, judged);
  const { against } = options;
  const versions =
    against === undefined ? undefined : await gatherVersions(project, against, reviews, gathering);
  const surfaces = step === undefined ? await gatherSurfaces(project, gathering) : undefined;
  const additions = problemsOfAdditions(project, surfaces);
  const isGood = areGood(reviews, additions);
  const shown: Shown = { reviews, additions, versions, areAdditionsKnown: surfaces !== undefined };
  if (versions !== undefined && options.format === 'text')
    return { isGood, text: versionsText(versions, painter(context.color)) };
  if (options.format !== 'text' && options.format !== 'html')
    return {
      isGood,
      text: caseReport(options.format, {
        command: 'review',
        ok: isGood,
        cases: casesOf(reviews, additions, project),
        data: dataOf(shown, step),
      }),
    };
  const paint = painter(context.color && options.output === undefined);
  if (step === undefined) return { isGood, text: listText(shown, paint) };
  const { diffOnly, reply } = options;
  if (reply)
    return { isGood, text: reviews.map((own) => replyText(replyPartsOf(own, stepCount))).join('\n') };
  const texts = reviews.map((own) => reviewText(own, paint, { diffOnly })).join('\n');
  const next = step < stepCount && !diffOnly ? '\nnext: conform review --next\n' : '';
  return { isGood, text: texts + next };
}

interface Shown {
  readonly reviews: readonly StepReview[];
  readonly additions: readonly string[];
  readonly versions: SeriesVersions | undefined;
  /** Whether anybody could read what the trees export. */
  readonly areAdditionsKnown: boolean;
}

function dataOf({ reviews, additions, versions }: Shown, step: number | undefined): object {
  return { ...(step === undefined && { matrix: matrixOf(reviews) }), additions, versions, steps: reviews };
}

function listText({ reviews, additions, areAdditionsKnown }: Shown, paint: Paint): string {
  const verdict = !areAdditionsKnown
    ? []
    : additions.length === 0
      ? ['everything the series adds has a caller within two steps, and at the end']
      : additions.map((problem) => paint('red', problem));
  return `${stepListText(reviews, paint)}\n${matrixText(matrixOf(reviews), paint)}\n${verdict.map((line) => `${line}\n`).join('')}`;
}
