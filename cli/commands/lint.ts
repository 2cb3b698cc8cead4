/** `conform lint`: reads the options, asks `checks/` for a result, prints it in the form asked for. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { cacheKey, configurationFiles, createResultCache } from '#checks/cache.ts';
import { chosenIds, explainRule } from '#checks/choose-rules.ts';
import { isInside, nearestFile, nearestRules } from '#checks/find-project.ts';
import { crossChecked } from '#checks/cross-check.ts';
import { applyBaseline, entriesFor, readBaseline, writeBaseline } from '#checks/baseline.ts';
import {
  allRules,
  lintProject,
  lintWithSeries,
  projectOf,
  withProject,
  type ForeignProject,
} from '#checks/lint.ts';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import type { CompilerName } from '#checks/oracle/compiler.ts';
import { FORMATS, render, type Format } from '#checks/report/formats.ts';
import { isFailure, type LintResult } from '#checks/result.ts';
import { isBuiltIn } from '#checks/define-rules.ts';
import type { RuleHeader } from '#checks/rule.ts';
import { runRules, updateAndRun, type Runner } from '#checks/run.ts';
import { loadRules, type LoadedRules } from '#checks/rules-file.ts';
import { traceSymbol } from '#checks/trace.ts';
import type { SeriesRules, StepTree } from '#checks/series.ts';
import type { Project } from '#engine/project.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { openedUserProject } from '../opened-project.ts';
import { ownProject } from '../own-project.ts';
import { stepProject } from '../step-rules.ts';

interface LintOptions {
  readonly project?: string;
  readonly rules?: string;
  readonly base?: string;
  readonly step?: string;
  readonly only?: readonly string[];
  readonly tag?: readonly string[];
  readonly format: Format;
  readonly output?: string;
  readonly oracle: CompilerName;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly explain?: string;
  readonly trace?: string;
  readonly updateApi?: boolean;
  readonly crossCheck?: boolean;
  readonly cache: boolean;
  readonly listUncovered?: boolean;
  readonly own?: boolean;
  readonly maxWarnings?: number;
}

/** Where this tool lies. */
const OWN_FOLDER = path.resolve(import.meta.dirname, '../..');

/** Adds the `lint` command to the program. */
export function registerLint(program: Command, context: CliContext): void {
  program
    .command('lint')
    .description(
      'checks by declaration who reaches what: removed symbols, module boundaries, slots, opaque code',
    )
    .option('--project <tsconfig>', 'project to judge (default: the nearest tsconfig.json)')
    .option(
      '--rules <file>',
      'rules to judge it by (default: the nearest boundary.config.ts, .mts, .js, .mjs or .json)',
    )
    .option('--own', 'judge this tool itself and the trees of its series')
    .option('--base <folder>', 'folder that file names in rules start from (default: that of the rules file)')
    .option(
      '--step <step>',
      'judge only the tree of this step of the series: number, hash or words of its subject, 0 for the tree before it',
    )
    .option('--only <ids...>', 'judge by these rules only')
    .option('--tag <tags...>', 'judge by the rules with one of these tags only')
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('text'))
    .option('--output <file>', 'write the report to a file instead of standard output')
    .option('--baseline <file>', 'accept the findings listed in this file; it may only shrink')
    .option(
      '--update-baseline',
      'take out of the baseline what is no longer found (makes the file when there is none)',
    )
    .option('--update-api', 'write the API reports anew that rules compare with')
    .option('--explain <rule>', 'say what a rule is for, and exit')
    .option(
      '--trace <symbol>',
      'show every place that reaches a symbol (file#name) and by which road, and exit',
    )
    .option('--list-uncovered', 'list the files no rule has an opinion about')
    .addOption(
      new Option('--oracle <name>', 'compiler that resolves symbols').choices(COMPILERS).default('ts-morph'),
    )
    .option('--cross-check', 'judge by both compilers; what only one of them finds is a finding of its own')
    .option('--max-warnings <number>', 'fail when there are more findings of severity warning', wholeNumber)
    .option('--no-cache', 'judge anew even when nothing has changed since the last run')
    .action((options: LintOptions) => run(options, context));
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`'${text}' is no whole number.`);
}

/** The trees of all steps, in order. Throws `InputError` when a patch of the series does not apply. */
function stepTrees({ series }: Project): StepTree[] {
  return Array.from({ length: series.stepCount + 1 }, (_, step) => ({
    step,
    folder: series.tree(series.stepName(step)).folder,
  }));
}

async function run(options: LintOptions, context: CliContext): Promise<void> {
  const foreign = (await projectOfStep(options, context)) ?? (await foreignProject(options));
  const own = ownProject(context);
  const rules: readonly RuleHeader[] = foreign?.rules ?? allRules(own.lint);
  if (options.explain !== undefined) return context.write(explainRule(rules, options.explain));
  if (options.trace !== undefined) {
    const symbol = options.trace;
    return context.write(
      await using(options.oracle, (opener) => trace(foreign ?? projectOf(own.lint), symbol, opener)),
    );
  }
  const result = baselined(await judge(options, context, own, foreign), options, context);
  const report = render(result, options.format, { color: context.color && options.output === undefined });
  if (options.output === undefined) context.write(report);
  else writeReport(options.output, report);
  if (options.listUncovered === true) listUncovered(result, context);
  if (isFailure(result, options.maxWarnings)) context.exitCode = ExitCode.findings;
}

async function judge(
  options: LintOptions,
  context: CliContext,
  own: Project<SeriesRules>,
  foreign: ForeignProject | undefined,
): Promise<LintResult> {
  const rules: readonly RuleHeader[] = foreign?.rules ?? allRules(own.lint);
  const ids = chosenIds(rules, options.only, options.tag);
  const judgeBy = (name: CompilerName): Promise<LintResult> =>
    remembered(name, options, own, foreign, ids, () =>
      using(name, (opener) =>
        foreign === undefined
          ? judgeOwn(options, own, ids, opener, context)
          : judgeForeign(foreign, ids, opener, runnerOf(options)),
      ),
    );
  const result = await judgeBy(options.oracle);
  const other = COMPILERS.find((name) => name !== options.oracle);
  if (options.crossCheck !== true || other === undefined) return result;
  return crossChecked(result, await judgeBy(other), [options.oracle, other]);
}

/** Uses the result of an earlier run when nothing has changed since. */
async function remembered(
  compiler: CompilerName,
  options: LintOptions,
  own: Project<SeriesRules>,
  foreign: ForeignProject | undefined,
  ids: ReadonlySet<string>,
  run: () => Promise<LintResult>,
): Promise<LintResult> {
  const { rules } = foreign ?? projectOf(own.lint);
  if (options.cache === false || options.updateApi === true || !rules.every(isBuiltIn)) return run();
  const { tsconfig, base } = foreign ?? projectOf(own.lint);
  const cache = createResultCache(path.join(own.cache, 'lint'));
  const trees = foreign === undefined ? [stepTrees(own), own.contracts()] : [];
  const key = cacheKey(rules, [compiler, tsconfig, base, foreign?.rulesName, options.step, trees, [...ids]]);
  const chosen = (foreign?.rules ?? allRules(own.lint)).filter((rule) => ids.has(rule.id));
  const known = cache.get(key, chosen);
  if (known !== undefined) return known;
  const result = await run();
  cache.set(
    key,
    [...configurationFiles(tsconfig), ...result.projects.flatMap(({ inputs }) => inputs)],
    result,
  );
  return result;
}

function runnerOf(options: LintOptions): Runner {
  return options.updateApi === true ? updateAndRun : runRules;
}

async function using<T>(name: CompilerName, use: (opener: Opener) => T): Promise<T> {
  const opener = await openerFor(name);
  try {
    return use(opener);
  } finally {
    opener.close();
  }
}

/** The step of a user's own series, where one is asked for and the nearest configuration is a user's. */
async function projectOfStep(
  { step, own, rules, project, base }: LintOptions,
  context: CliContext,
): Promise<ForeignProject | undefined> {
  if (step === undefined || own === true || project !== undefined || base !== undefined) return undefined;
  const opened = await openedUserProject(context);
  return opened && stepProject(opened, step, rules);
}

async function foreignProject(options: LintOptions): Promise<ForeignProject | undefined> {
  if (isOwn(options)) {
    if (options.base === undefined) return undefined;
    throw new InputError('--base goes with --project and --rules.');
  }
  if (options.step !== undefined)
    throw new InputError('--step is about this project; it does not go with --project.');
  const nearest = nearestFile(process.cwd(), ['tsconfig.json']);
  const tsconfig = options.project === undefined ? nearest : configurationAt(options.project);
  const rulesFile = options.rules ?? nearestRules(process.cwd());
  if (rulesFile === undefined) {
    throw new InputError(
      'there is no boundary.config.ts, .mts, .js, .mjs or .json in this folder or above it\n  write one (checks/README.md), or name it with --rules FILE',
    );
  }
  if (tsconfig === undefined) throw new InputError('tsconfig.json: there is no such project.');
  const loaded = await loadRules(rulesFile);
  const rulesName = path.relative(process.cwd(), loaded.file);
  return { tsconfig, base: baseOf(options, loaded, tsconfig), rules: loaded.rules, rulesName };
}

/** Whether this tool's own project is meant: asked for, or the working folder lies in it and has no rules of its own. */
function isOwn(options: LintOptions): boolean {
  if (options.project !== undefined || options.rules !== undefined) {
    if (options.own !== true) return false;
    throw new InputError('--own is this tool judging itself; it does not go with --project and --rules.');
  }
  if (options.own === true || options.step !== undefined) return true;
  return isInside(process.cwd(), OWN_FOLDER) && nearestRules(process.cwd()) === undefined;
}

/** A folder stands for the tsconfig.json in it, as with tsc. */
function configurationAt(given: string): string {
  const absolute = path.resolve(given);
  const isFolder = existsSync(absolute) && statSync(absolute).isDirectory();
  const file = isFolder ? path.join(absolute, 'tsconfig.json') : absolute;
  if (!existsSync(file)) throw new InputError(`${given}: there is no such project.`);
  return file;
}

function writeReport(file: string, report: string): void {
  try {
    writeFileSync(file, report);
  } catch (error) {
    throw new InputError(`${file}: cannot be written: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** File names start at `--base`, else at the rules' own base, else at the folder that holds the project. */
function baseOf(options: LintOptions, loaded: LoadedRules, tsconfig: string): string {
  if (options.base !== undefined) return path.resolve(options.base);
  if (loaded.base !== undefined) return loaded.base;
  const beside = path.dirname(loaded.file);
  return tsconfig.startsWith(beside + path.sep) ? beside : path.dirname(tsconfig);
}

function judgeForeign(
  foreign: ForeignProject,
  ids: ReadonlySet<string>,
  opener: Opener,
  runner: Runner,
): LintResult {
  return lintProject({ ...foreign, rules: foreign.rules.filter((rule) => ids.has(rule.id)) }, opener, runner);
}

/** The number of a step of this tool's own series; 0 is the tree before it. */
const ownStep = ({ step }: LintOptions, { series }: Project): number | undefined =>
  step === undefined ? undefined : step === '0' ? 0 : series.stepNamed(step);

function judgeOwn(
  options: LintOptions,
  own: Project<SeriesRules>,
  ids: ReadonlySet<string>,
  opener: Opener,
  context: CliContext,
): LintResult {
  const onProgress = (what: string): void => {
    if (context.progress) context.writeError(`\r\u001B[Kjudging ${what}`);
  };
  const result = lintWithSeries(
    {
      rules: own.lint,
      trees: stepTrees(own),
      contracts: own.contracts(),
      step: ownStep(options, own),
      ids,
      onProgress,
    },
    opener,
    runnerOf(options),
  );
  if (context.progress) context.writeError('\r\u001B[K');
  return result;
}

function baselined(result: LintResult, options: LintOptions, context: CliContext): LintResult {
  const { baseline, updateBaseline } = options;
  if (baseline === undefined) {
    if (updateBaseline === true) throw new InputError('--update-baseline needs --baseline FILE.');
    return result;
  }
  if (updateBaseline === true && !existsSync(baseline)) {
    writeBaseline(baseline, entriesFor(result));
    context.writeError(`${baseline}: accepts ${entriesFor(result).length} findings from now on.\n`);
  }
  const applied = applyBaseline(result, readBaseline(baseline), baseline);
  if (applied.moved > 0)
    context.writeError(`${baseline}: ${applied.moved} entries follow files that were moved.\n`);
  if (updateBaseline !== true) return applied.result;
  writeBaseline(baseline, applied.kept);
  if (applied.stale > 0) context.writeError(`${baseline}: ${applied.stale} entries taken out.\n`);
  return applyBaseline(result, applied.kept, baseline).result;
}

function trace(project: ForeignProject, symbol: string, opener: Opener): string {
  const texts = withProject(project, opener, (context) => traceSymbol(context, symbol) ?? '');
  const text = [...new Set(texts)].join('');
  if (text !== '') return text;
  throw new InputError(
    `There is no symbol ${symbol}. Write it as file#name or file#Class.member, the file relative to ${project.base}.`,
  );
}

function listUncovered(result: LintResult, context: CliContext): void {
  const files = [...new Set(result.projects.flatMap((project) => project.uncovered))].sort();
  context.write(files.map((file) => `no rule covers ${file}\n`).join(''));
}
