/** `conform run`: all workloads on both ends of the series, then every step against its predecessor, then the variants. */
import type { Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { painter } from '#base/paint.ts';
import type { EndsRequest } from '#engine/ends.ts';
import { gatherSteps, gatherVariants, judgeSteps, judgeVariants } from '#engine/judge-series.ts';
import type { Project } from '#engine/project.ts';
import type { Share } from '#engine/share.ts';
import type { Tree } from '#engine/subject.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { caseFormatOption, treeOptions } from '../options.ts';
import { compileLater } from '../compile-later.ts';
import { openOutput, outputOption } from '../output.ts';
import { caseReport } from '../report/cases.ts';
import { shardOption, shardText, subjectOf, type Work, workOf } from '../shards/shard.ts';
import { openedProject } from '../opened-project.ts';
import { progressOf } from '../progress.ts';
import type { RunOptions } from '../run/options.ts';
import { type Parts, partsOf } from '../run/parts.ts';
import { casesOf, dataOf, isBad, type Results, textOf } from '../run/results.ts';

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

async function run(options: RunOptions, context: CliContext): Promise<void> {
  const project = await openedProject(context);
  if (options.shard !== undefined && options.scenarios === '-')
    throw new InputError(
      '--scenarios -: conform merge reads the scenarios of shards again; put them into a file',
    );
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
    ...(scenarios === undefined ? [] : [readText(scenarios)]),
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
