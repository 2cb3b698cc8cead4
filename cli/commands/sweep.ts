/** `conform sweep`: every offset by size by operation by device, and the edges of all else, on all trees of the series. */
import type { Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { type Paint, painter } from '#base/paint.ts';
import type { StepToJudge } from '#engine/judge.ts';
import { seriesSteps, variantSteps } from '#engine/judge-series.ts';
import type { Project } from '#engine/project.ts';
import type { Share } from '#engine/share.ts';
import { failureLines } from '#engine/report.ts';
import { runSweep, type SweepReport, sweepShare } from '#engine/run-sweep.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { refuseTogether } from '../exclusive.ts';
import { formatOption } from '../options.ts';
import { openedProject } from '../opened-project.ts';
import { compileLater } from '../compile-later.ts';
import { openOutput, outputOption } from '../output.ts';
import { progressOf } from '../progress.ts';
import { resultJson } from '../report/cases.ts';
import { shardOption, shardText, subjectOf, workOf } from '../shards/shard.ts';

interface SweepOptions {
  readonly format: 'text' | 'json';
  readonly quick: boolean;
  readonly step?: string;
  readonly from?: string;
  readonly variant?: string;
  readonly only?: string;
  readonly fresh: boolean;
  readonly output?: string;
  readonly shard?: Share;
}

const EXAMPLES = `
Every case is held to the promise (docs/PROMISE.md), and compared with the step before under the step's contract. Records that
are equal are analysed once. What is done is kept: a sweep that was killed goes on where it was.

  conform sweep --quick           the edges, within seconds
  conform sweep                   offset by size by operation by device in full, all else in pairs: minutes
  conform sweep --quick --variant as-posted
  conform sweep --only 'raw write' --step 1

Exit code: 0 every step keeps its contract, 1 one does not, 2 could not run. What it covers and leaves out: docs/TEETH.md.`;

export function registerSweep(program: Command, context: CliContext): void {
  program
    .command('sweep')
    .description('try every offset, size, kind of memory and device on all trees of the series')
    .addOption(formatOption())
    .addOption(outputOption())
    .addOption(shardOption())
    .option('--quick', 'only the edges: within seconds', false)
    .option('--step <step>', 'this step only: number, hash, or words of its subject')
    .option('--from <step>', 'this step and those after it')
    .option('--variant <name>', 'the steps of this variant')
    .option('--only <text>', 'only rows whose name contains this, such as "raw write" or "machine stripe"')
    .option('--fresh', 'run everything again, whatever is known', false)
    .addHelpText('after', EXAMPLES)
    .action((options: SweepOptions) => run(options, context));
}

async function run(options: SweepOptions, context: CliContext): Promise<void> {
  const project = await openedProject(context);
  const { sweep, subject } = project;
  if (sweep === undefined)
    throw new InputError(`${project.name} has no sweep\n  allowed: conform run, or a project with a sweep`);
  const steps = stepsFor(options, project);
  const { parts } = sweep.plan(options.quick);
  if (options.only !== undefined && !parts.some((part) => part.includes(options.only ?? '')))
    throw new InputError(`no row contains '${options.only}'\n  such as: ${parts.slice(0, 3).join('; ')}`);
  if (options.quick) compileLater();
  const output = openOutput(options.output, context);
  const work = workOf(options.shard, context, () => project.store(options.fresh));
  const request = {
    subject,
    sweep,
    steps,
    isQuick: options.quick,
    only: options.only,
    store: work.store,
    onProgress: progressOf(context, 'sweep: row'),
  };
  const trees = steps.flatMap(({ before, after }) => [before.hash, after.hash]);
  const contracts = JSON.stringify(steps.map(({ contract }) => contract));
  const about = subjectOf([sweep.hash(), ...trees, contracts], context);
  if (work.share !== undefined) {
    await sweepShare(request, work.share);
    return output(shardText(work, about, context));
  }
  const report = await runSweep(request);
  const isBad = report.steps.some(({ failures }) => failures.length > 0);
  output(
    options.format === 'json'
      ? resultJson({ command: 'sweep', ok: !isBad, data: report })
      : sweepText(report, painter(context.color && options.output === undefined)),
  );
  if (isBad) context.exitCode = ExitCode.findings;
}

/** Throws `InputError` for options that exclude each other, and for steps and variants that are not there. */
function stepsFor({ step, from, variant }: SweepOptions, project: Project): StepToJudge[] {
  refuseTogether({
    'one step': { '--step': step !== undefined },
    'steps from one on': { '--from': from !== undefined },
    'one variant': { '--variant': variant !== undefined },
  });
  const { series } = project;
  if (variant !== undefined) return variantSteps(project, series.variants.read(variant));
  const first = series.stepNamed(step ?? from ?? '1');
  return seriesSteps(project, first, step === undefined ? series.stepCount : first);
}

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');

function sweepText(report: SweepReport, paint: Paint): string {
  const { cases, trees, runs, judged, standing, leftOut, steps } = report;
  const failures = steps.flatMap((step) => step.failures.map((failure) => ({ step: step.step, failure })));
  const before = Object.entries(standing).map(([rule, count]) => `${rule} ${grouped(count)}`);
  return [
    paint('bold', `${grouped(cases)} cases on ${trees} trees`),
    `${grouped(runs)} runs, of which ${grouped(judged)} were held to the promise; the others are equal to one of those`,
    '',
    'step  cases that differ  declared',
    ...steps.map(({ step, differing, declared, known: breaks, failures: own }) => {
      const ids = Object.entries(declared).map(([id, count]) => `${id} ${grouped(count)}`);
      const mark = own.length === 0 ? '' : paint('red', ` FAILS (${own.length})`);
      const defects = Object.entries(breaks).map(
        ([defect, count]) => `promises broken by ${defect} ${grouped(count)}`,
      );
      return `${String(step).padStart(4)}  ${grouped(differing).padStart(17)}  ${[...ids, ...defects].join(', ') || '='}${mark}`;
    }),
    '',
    `promises that break before the first of these steps already: ${before.join(', ') || 'none'} (docs/DEFECTS.md)`,
    'left out:',
    ...leftOut.map((line) => `  ${line}`),
    '',
    ...failures.flatMap(({ step, failure }) => [...failureLines(`step ${step}`, failure, paint), '']),
    failures.length === 0
      ? paint('green', 'Every step keeps its contract in every case.')
      : paint(
          'red',
          `${steps.filter((step) => step.failures.length > 0).length} of ${steps.length} steps do not keep their contract.`,
        ),
    '',
  ].join('\n');
}
