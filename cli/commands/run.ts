/** `conform run`: all workloads on both ends of the series, then every step against its predecessor, then the variants. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { type Paint, painter } from '#base/paint.ts';
import type { EndsReport, EndsReporter, EndsRequest } from '#engine/ends.ts';
import type { StepEvidence } from '#engine/judge.ts';
import { gatherSteps, gatherVariants, judgeSteps, judgeVariants } from '#engine/judge-series.ts';
import { plainEnds } from '#engine/plain-ends.ts';
import type { Project } from '#engine/project.ts';
import { failureLines, stepMatrix, untriedLines, variantLines } from '#engine/report.ts';
import type { Share } from '#engine/share.ts';
import type { Tree } from '#engine/subject.ts';
import type { VariantVerdict } from '#engine/variant.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { refuseTogether } from '../exclusive.ts';
import { caseFormatOption, treeOptions } from '../options.ts';
import { compileLater } from '../compile-later.ts';
import { openOutput, outputOption } from '../output.ts';
import { type Case, type CaseFormat, caseReport } from '../report/cases.ts';
import { shardOption, shardText, subjectOf, type Work, workOf } from '../shards/shard.ts';
import { openedProject } from '../opened-project.ts';
import { progressOf } from '../progress.ts';

interface RunOptions {
  readonly format: 'text' | CaseFormat;
  readonly output?: string;
  readonly shard?: Share;
  readonly only?: string;
  readonly scenarios?: string;
  readonly before?: string;
  readonly after?: string;
  readonly ends: boolean;
  readonly step?: string;
  readonly from?: string;
  readonly variant?: string;
  readonly fresh: boolean;
  readonly verbose: boolean;
  readonly coverage: boolean;
}

const EXAMPLES = `
Without options: every scenario on before/ and after/, each of the steps against its predecessor and its contract, and
the variants that must be convicted; those from the history of the kernel (docs/HISTORY.md) each by its own workload only.
Evidence is kept under the hash of all it follows from.

In a project of your own, with a conform.config.yaml in this folder or above it, each commit against its predecessor and its
contract (docs/OWN-SERIES.md).

  conform run --ends            only before/ against after/ (npm start)
  conform run --step 3          only step 3 against step 2
  conform run --variant as-posted
  conform run --scenarios FILE  your own scenarios on both ends (docs/SCENARIOS.md)
  conform run --before step-2 --after as-posted@3

Exit code: 0 all as expected, 1 something is not, 2 could not run. Columns: docs/OUTPUT.md.`;

export function registerRun(program: Command, context: CliContext): void {
  treeOptions(program.command('run'))
    .description('run the scenarios: both ends, every step against its contract, the variants')
    .addOption(caseFormatOption())
    .addOption(outputOption())
    .addOption(shardOption())
    .option('--only <text>', 'only scenarios whose name, theme or source contains this, and only both ends')
    .option('--scenarios <file>', 'scenarios of your own in place of ours, and only both ends')
    .option('--ends', 'only before/ against after/', false)
    .option('--step <step>', 'judge this step only: number, hash, or words of its subject')
    .option('--from <step>', 'judge this step and those after it')
    .option('--variant <name>', 'judge this variant only, by every scenario')
    .option('--fresh', 'run everything again, whatever evidence there is', false)
    .option('--verbose', 'a line for each scenario and step', false)
    .option('--coverage', 'say what of the machine no scenario made use of (runs both ends again)', false)
    .addHelpText('after', EXAMPLES)
    .action((options: RunOptions) => run(options, context));
}

/** What was judged; parts that nobody asked for are absent. */
interface Results {
  ends?: EndsReport;
  steps?: readonly StepEvidence[];
  variants?: readonly VariantVerdict[];
}

async function run(options: RunOptions, context: CliContext): Promise<void> {
  const project = await openedProject(context);
  const parts = partsOf(options, project);
  compileLater();
  const output = openOutput(options.output, context);
  const work = workOf(options.shard, context, () => project.store(options.fresh));
  const isPart = options.shard !== undefined || context.merged !== undefined;
  const subject = isPart ? subjectOf(aboutOf(parts, project, options), context) : '';
  if (work.share !== undefined) {
    await runShare(parts, project, options, { ...work, share: work.share }, context);
    return output(shardText(work, subject, context));
  }
  const results = await runParts(parts, project, options, work, context);
  output(
    options.format === 'text'
      ? textOf(results, project, options, painter(context.color && options.output === undefined))
      : caseReport(options.format, {
          command: 'run',
          ok: !isBad(results),
          cases: casesOf(results, project),
          data: dataOf(results),
        }),
  );
  if (isBad(results)) context.exitCode = ExitCode.findings;
}

/** What a run is about: the subject with its workloads, the trees, the contracts, the variants, a file of one's own. */
function aboutOf(parts: Parts, { subject, series, contracts }: Project, options: RunOptions): string[] {
  const { before = series.stepName(0), after = series.stepName(series.stepCount), scenarios } = options;
  const steps = parts.steps === undefined ? [] : Array.from({ length: series.stepCount + 1 }, (_, at) => at);
  const names = [before, after, ...steps.map((step) => series.stepName(step))];
  const variants = (parts.variants ?? []).map((name) => series.variants.read(name));
  return [
    subject.hash,
    JSON.stringify(subject.workloads),
    ...names.map((name) => series.tree(name).hash),
    JSON.stringify([contracts(), variants.map(({ name, workload, patches }) => [name, workload, patches])]),
    ...(scenarios === undefined ? [] : [readFileSync(scenarios, 'utf8')]),
  ];
}

/** Finds out a share of what the parts take. */
async function runShare(
  parts: Parts,
  project: Project,
  options: RunOptions,
  { store, share }: Work & { readonly share: Share },
  context: CliContext,
): Promise<void> {
  if (options.coverage)
    throw new InputError('--coverage runs both ends as a whole; it does not go with --shard');
  if (parts.ends !== undefined) await parts.ends({ ...endsRequest(project, options, context), store, share });
  if (parts.steps !== undefined) {
    const { from, to } = parts.steps;
    const onProgress = progressOf(context, `steps ${from} to ${to}: scenario`);
    await gatherSteps(project, from, to, { store, share, onProgress });
  }
  if (parts.variants !== undefined) {
    const onProgress = progressOf(context, 'variants: scenario');
    const isThorough = options.variant !== undefined;
    await gatherVariants(project, parts.variants, { store, share, onProgress, isThorough });
  }
}

function endsRequest(project: Project, options: RunOptions, context: CliContext): Omit<EndsRequest, 'store'> {
  const { series } = project;
  return {
    before: series.tree(options.before ?? series.stepName(0)),
    after: series.tree(options.after ?? series.stepName(series.stepCount)),
    between: () => betweenEnds(options, project),
    only: options.only,
    file: options.scenarios,
    withCoverage: options.coverage,
    onProgress: progressOf(context, 'scenario'),
  };
}

async function runParts(
  parts: Parts,
  project: Project,
  options: RunOptions,
  { store }: Work,
  context: CliContext,
): Promise<Results> {
  const results: Results = {};
  if (parts.ends !== undefined)
    results.ends = await parts.ends({ ...endsRequest(project, options, context), store });
  if (parts.steps !== undefined) {
    const { from, to } = parts.steps;
    const onProgress = progressOf(context, `steps ${from} to ${to}: scenario`);
    results.steps = await judgeSteps(project, from, to, { store, onProgress });
  }
  if (parts.variants !== undefined) {
    const onProgress = progressOf(context, 'variants: scenario');
    const isThorough = options.variant !== undefined;
    results.variants = await judgeVariants(project, parts.variants, { store, onProgress, isThorough });
  }
  return results;
}

/** The trees between the ends of the series, when these are what is compared. */
function betweenEnds({ before, after }: RunOptions, { series }: Project): readonly Tree[] {
  if (before !== undefined || after !== undefined) return [];
  return Array.from({ length: series.stepCount - 1 }, (_, index) => series.tree(series.stepName(index + 1)));
}

interface Parts {
  readonly ends?: EndsReporter;
  readonly steps?: { readonly from: number; readonly to: number };
  readonly variants?: readonly string[];
}

/** What to judge. Throws `InputError` for options that exclude each other, and for steps and variants that are not there. */
function partsOf(options: RunOptions, project: Project): Parts {
  const { series, ends: reporter } = project;
  const { only, scenarios, before, after, ends, variant, coverage } = options;
  const names = series.variants.names();
  const endsOptions = {
    '--ends': ends,
    '--only': only !== undefined,
    '--scenarios': scenarios !== undefined,
    '--before': before !== undefined,
    '--after': after !== undefined,
    '--coverage': coverage,
  };
  refuseTogether({
    'both ends': endsOptions,
    'one step': { '--step': options.step !== undefined },
    'steps from one on': { '--from': options.from !== undefined },
    'one variant': { '--variant': variant !== undefined },
  });
  const [step, from] = [options.step, options.from].map((given) =>
    given === undefined ? undefined : series.stepNamed(given),
  );
  if (variant !== undefined && !names.includes(variant))
    throw new InputError(
      `unknown variant '${variant}'\n  allowed: ${names.join(', ') || 'this series has none'}`,
    );
  if (variant !== undefined) return { variants: [variant] };
  if (step !== undefined) return { steps: { from: step, to: step } };
  if (from !== undefined) return { steps: { from, to: series.stepCount } };
  const [given] = Object.entries(endsOptions).flatMap(([option, isGiven]) => (isGiven ? [option] : []));
  const ownEnds = reporter === undefined ? {} : { ends: reporter };
  if (given !== undefined) return { ends: reporter ?? anyEnds(options, project) };
  return {
    ...ownEnds,
    steps: { from: 1, to: series.stepCount },
    ...(names.length > 0 && { variants: names }),
  };
}

/** Compares two trees of a project that has no report of its own about them. Throws `InputError` for options that are about one. */
function anyEnds({ only, scenarios, coverage }: RunOptions, { subject }: Project): EndsReporter {
  const refused = {
    '--only': only !== undefined,
    '--scenarios': scenarios !== undefined,
    '--coverage': coverage,
  };
  for (const [option, isGiven] of Object.entries(refused))
    if (isGiven)
      throw new InputError(
        `${option} is not for this project\n  allowed: --ends, --before, --after, --step, --from, --fresh, --verbose`,
      );
  return plainEnds(subject);
}

function isBad({ ends, steps = [], variants = [] }: Results): boolean {
  return (
    (ends?.wrongCount ?? 0) > 0 ||
    steps.some(({ failures }) => failures.length > 0) ||
    variants.some(({ asExpected }) => !asExpected)
  );
}

function dataOf({ ends, ...others }: Results): object {
  return { ...(ends !== undefined && { suite: ends.data }), ...others };
}

/** Everything that was held to something. */
function casesOf({ ends, steps = [], variants = [] }: Results, project: Project): Case[] {
  const patches = project.series.patches();
  const endsCases =
    ends?.cases ??
    (ends === undefined
      ? []
      : [{ name: 'both ends', problems: ends.wrongCount === 0 ? [] : [ends.verdict] }]);
  return [
    ...endsCases.map((one) => ({ suite: 'ends', ...one })),
    ...steps.map(({ step, failures }) => ({
      suite: 'steps',
      name: `step ${step} ${patches[step - 1]?.subject ?? ''}`.trim(),
      problems: failures.map(({ kind, message }) => `${kind}: ${message}`),
      file: patches[step - 1]?.fileName || undefined,
    })),
    ...variants.map(({ name, asExpected, failures }) => ({
      suite: 'variants',
      name,
      problems: asExpected
        ? []
        : ['not as expected', ...failures.map(({ kind, message }) => `${kind}: ${message}`)],
    })),
  ];
}

function textOf(
  { ends, steps, variants }: Results,
  project: Project,
  options: RunOptions,
  paint: Paint,
): string {
  const isOnly = [ends, steps, variants].filter((part) => part !== undefined).length === 1;
  const isLong = options.verbose || isOnly;
  const parts = [
    ...(ends === undefined ? [] : [ends.text(options.verbose || options.only !== undefined, paint)]),
    ...(steps === undefined ? [] : [stepsText(steps, project, isLong, paint)]),
    ...(variants === undefined ? [] : [variantsText(variants, isLong, paint)]),
  ];
  const sentences = [
    ...(ends === undefined ? [] : [ends.verdict]),
    ...(steps === undefined ? [] : [stepsVerdict(steps)]),
    ...(variants === undefined ? [] : [variantsVerdict(variants)]),
  ];
  const colour = isBad({ ...(ends && { ends }), ...(steps && { steps }), ...(variants && { variants }) })
    ? 'red'
    : 'green';
  return `${parts.filter((part) => part !== '').join('\n')}\n${paint(colour, `${sentences.join('; ')}.`)}\n`;
}

/** The matrix when it is wanted or something fails, then what is wrong. */
function stepsText(steps: readonly StepEvidence[], project: Project, isLong: boolean, paint: Paint): string {
  const titles = project.series.patches().map(({ subject }) => subject);
  const failures = steps.flatMap(({ step, failures: own }) =>
    own.flatMap((failure) => failureLines(stepText(project, step), failure, paint)),
  );
  if (!isLong && failures.length === 0) return '';
  const matrix = stepMatrix(steps, titles, project.contracts(), project.subject.dimensions, paint);
  const untried = steps.flatMap((one) => untriedLines(`step ${one.step}`, one, paint));
  return [matrix, ...failures, ...untried].join('\n');
}

/** A step as it is named beside what is wrong with it: a commit with hash and subject. */
function stepText({ series }: Project, step: number): string {
  const { commit, subject } = series.patches()[step - 1] ?? {};
  return commit === undefined ? `step ${step}` : `step ${step}, ${commit.slice(0, 12)} ${subject}`;
}

function stepsVerdict(steps: readonly StepEvidence[]): string {
  const failing = steps.filter(({ failures }) => failures.length > 0).map(({ step }) => step);
  if (failing.length > 0)
    return failing.length === 1
      ? `step ${failing[0]}${steps.length === 1 ? '' : ` of ${steps.length}`} fails`
      : `steps ${failing.join(', ')} of ${steps.length} fail`;
  const pure = steps.filter(({ differences }) => differences.length === 0).length;
  if (steps.length === 1) return `step ${steps[0]?.step} keeps its contract`;
  return `${steps.length} steps keep their contracts, ${pure} of them change nothing`;
}

function variantsText(variants: readonly VariantVerdict[], isLong: boolean, paint: Paint): string {
  const unexpected = variants.filter(({ asExpected }) => !asExpected);
  const shown = isLong ? variants : unexpected;
  if (shown.length === 0) return '';
  return [
    paint('bold', 'Variants: what the suite must convict'),
    ...variantLines(shown, paint),
    ...unexpected.flatMap(({ name, failures }) =>
      failures.flatMap((failure) => failureLines(name, failure, paint)),
    ),
    '',
  ].join('\n');
}

function variantsVerdict(variants: readonly VariantVerdict[]): string {
  const wrong = variants.filter(({ asExpected }) => !asExpected).map(({ name }) => name);
  if (wrong.length > 0) return `not as expected: ${wrong.join(', ')}`;
  const [only] = variants;
  if (variants.length === 1 && only !== undefined)
    return `${only.name} is ${only.convictedAt === null ? 'cleared' : 'convicted'} as it must be`;
  return `${variants.length} variants are convicted or cleared as they must be`;
}
