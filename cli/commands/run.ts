/** `conform run`: all scenarios on both ends of the series, then every step against its predecessor, then the variants. */
import type { Command } from 'commander';
import { type ScenarioResult, scenarioResult } from '#pmem/report/model.ts';
import { coverageLines, coverageOfRuns } from '#pmem/report/coverage.ts';
import { failureLines, stepMatrix, variantLines } from '#engine/report.ts';
import { type Paint, painter } from '#base/paint.ts';
import { suiteText } from '#pmem/report/suite.ts';
import { runScenario } from '#pmem/scenarios/run-scenario.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { threadScenarioResults } from '#pmem/scenarios/threads.ts';
import type { ThreadScenarioResult } from '#pmem/run/threads.ts';
import type { VariantVerdict } from '#engine/judge-variant.ts';
import type { StepEvidence } from '#engine/evidence.ts';
import { mergeCoverage, type ModelCoverage } from '#machine/coverage/coverage.ts';
import { InputError } from '#base/input-error.ts';
import { loadTree, stepCount } from '#engine/series/trees.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { formatOption, treeOptions } from '../options.ts';
import { evidenceFor, progressOf, seriesFacts, stepEvidence, variantVerdicts } from './steps.ts';

interface RunOptions {
  readonly format: 'text' | 'json';
  readonly only?: string;
  readonly before: string;
  readonly after: string;
  readonly ends: boolean;
  readonly step?: number;
  readonly from?: number;
  readonly variant?: string;
  readonly fresh: boolean;
}

const EXAMPLES = `
Without options: every scenario on before/ and after/, each of the steps against its predecessor and its contract, and
the variants that must be convicted. Evidence is kept in .cache/ under the hash of all it follows from.

  conform run --ends            only before/ against after/ (npm start)
  conform run --step 3          only step 3 against step 2
  conform run --variant as-posted

Exit code: 0 all as expected, 1 something is not, 2 could not run. Columns: docs/OUTPUT.md.`;

export function registerRun(program: Command, context: CliContext): void {
  treeOptions(program.command('run'))
    .description('run the scenarios: both ends, every step against its contract, the variants')
    .addOption(formatOption())
    .option('--only <text>', 'only scenarios whose name, theme or source contains this, and only both ends')
    .option('--ends', 'only before/ against after/', false)
    .option('--step <number>', 'judge this step only', stepNumber)
    .option('--from <number>', 'judge this step and those after it', stepNumber)
    .option('--variant <name>', 'judge this variant only')
    .option('--fresh', 'run everything again, whatever evidence there is', false)
    .addHelpText('after', EXAMPLES)
    .action((options: RunOptions) => run(options, context));
}

function stepNumber(text: string): number {
  const count = stepCount();
  const step = Number(text);
  if (/^\d+$/.test(text) && step >= 1 && step <= count) return step;
  throw new InputError(`'${text}' is not a step\n  allowed: 1 to ${count}`);
}

async function run(options: RunOptions, context: CliContext): Promise<void> {
  const report: Report = {};
  const part = options.variant === undefined && options.step === undefined && options.from === undefined;
  const endsOnly =
    options.ends || options.only !== undefined || options.before !== 'before' || options.after !== 'after';
  if (part) report.suite = await runEnds(options, context);
  if (options.variant === undefined && !(part && endsOnly)) {
    const from = options.step ?? options.from ?? 1;
    report.steps = await stepEvidence(from, options.step ?? stepCount(), options.fresh, context);
  }
  if (options.variant !== undefined || (part && !endsOnly)) {
    report.variants = await variantVerdicts(options.variant, options.fresh, context);
  }
  context.write(
    options.format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : reportText(report, painter(context.color)),
  );
  if (isBad(report)) context.exitCode = ExitCode.findings;
}

interface Report {
  suite?: {
    readonly before: string;
    readonly after: string;
    readonly scenarios: readonly ScenarioResult[];
    /** Rules and pairs of instructions of the machine that no scenario made use of; only when all were run. */
    readonly neverExercised?: readonly string[];
    /** Threads that run at the same time; only when all were run. */
    readonly threads?: readonly ThreadScenarioResult[];
  };
  steps?: readonly StepEvidence[];
  variants?: readonly VariantVerdict[];
}

function isBad({ suite, steps, variants }: Report): boolean {
  return (
    suite?.scenarios.some(({ mismatches }) => mismatches.length > 0) === true ||
    suite?.threads?.some(({ mismatches }) => mismatches.length > 0) === true ||
    steps?.some(({ failures }) => failures.length > 0) === true ||
    variants?.some(({ asExpected }) => !asExpected) === true
  );
}

function reportText({ suite, steps, variants }: Report, paint: Paint): string {
  const parts: string[] = [];
  if (suite !== undefined)
    parts.push([suiteText(suite, paint), ...coverageText(suite.neverExercised)].join('\n'));
  if (steps !== undefined) {
    const { contracts, titles } = seriesFacts();
    const failures = steps.flatMap(({ step, failures: own }) =>
      own.flatMap((failure) => failureLines(step, failure, paint)),
    );
    parts.push([stepMatrix(steps, titles, contracts, paint), ...failures].join('\n'));
  }
  if (variants !== undefined) {
    const unexpected = variants.filter(({ asExpected }) => !asExpected);
    parts.push(
      [
        paint('bold', 'Variants: what the suite must convict'),
        ...variantLines(variants, paint),
        ...unexpected.flatMap(({ name, failures }) =>
          failures.flatMap((failure) => failureLines(name, failure, paint)),
        ),
        '',
      ].join('\n'),
    );
  }
  return parts.join('\n');
}

/** Runs the scenarios on two trees. */
async function runEnds(options: RunOptions, context: CliContext): Promise<NonNullable<Report['suite']>> {
  const scenarios = suiteScenarios();
  const wanted = options.only?.toLowerCase() ?? '';
  const chosen = scenarios.filter(({ name, theme, source }) =>
    [name, theme, source].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (chosen.length === 0) {
    const themes = [...new Set(scenarios.map(({ theme }) => theme))].join(', ');
    throw new InputError(`no scenario contains '${options.only}'\n  themes: ${themes}`);
  }
  const { before, after } = options;
  const isWhole = before === 'before' && after === 'after' && chosen.length === scenarios.length;
  const results = async (): Promise<EndsEvidence> => {
    const boots = { before: await loadTree(before), after: await loadTree(after) };
    const trees = {
      before: { name: before, boot: boots.before },
      after: { name: after, boot: boots.after },
    };
    const progress = progressOf(context, 'scenario', chosen.length);
    const covered: ModelCoverage[] = [];
    const found = chosen.map((scenario, index) => {
      progress(index);
      const report = runScenario(trees, scenario);
      if (isWhole) covered.push(coverageOfRuns([report.before, report.after]));
      return scenarioResult(report);
    });
    return isWhole
      ? {
          scenarios: found,
          neverExercised: coverageLines(mergeCoverage(...covered)),
          threads: threadScenarioResults(boots),
        }
      : { scenarios: found };
  };
  const evidence = isWhole ? await evidenceFor('ends', [], options.fresh, results) : await results();
  return { before, after, ...evidence };
}

type EndsEvidence = Pick<NonNullable<Report['suite']>, 'scenarios' | 'neverExercised' | 'threads'>;

function coverageText(lines: readonly string[] | undefined): string[] {
  return lines === undefined
    ? []
    : ['What of the machine no scenario made use of', ...lines.map((line) => `  ${line}`), ''];
}
