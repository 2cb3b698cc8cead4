/** `conform lint`: reads the options, asks `checks/` for a result, prints it in the form asked for. */
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { ownHash } from '#base/own-package.ts';
import { affectedRunner, changedFiles, onlyAffected } from '#checks/affected.ts';
import { configurationFiles, lookedAt, toolFiles } from '#checks/cache.ts';
import { chosenIds, explainRule } from '#checks/choose-rules.ts';
import { crossChecked } from '#checks/cross-check.ts';
import { nearerFiles } from '#checks/find-project.ts';
import { areAboutImports, withProject, type ForeignProject } from '#checks/lint.ts';
import { COMPILERS } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import type { CompilerName } from '#checks/oracle/compiler.ts';
import { FORMATS } from '#checks/report/formats.ts';
import type { LintResult } from '#checks/result.ts';
import { runRules, updateAndRun, type Runner } from '#checks/run.ts';
import { traceSymbol } from '#checks/trace.ts';
import { keepSaid } from '../lint/unchanged.mjs';
import { EvidenceStore } from '#engine/store.ts';
import type { JudgedTree } from '#checks/series.ts';
import type { CliContext } from '../context.ts';
import { reported } from '../lint/reported.ts';
import { openOutput, outputOption } from '../output.ts';
import { shardOption, shardText, subjectOf as subjectOfWork, workOf } from '../shards/shard.ts';
import { baselined } from '../lint/baselined.ts';
import { listExceptions, tooManyExceptions } from '../lint/exceptions-list.ts';
import { foreignProject, isOwn } from '../lint/foreign.ts';
import { isAboutC } from '../lint/is-about-c.ts';
import { writeRules } from '../lint/init.ts';
import { remembered, using } from '../lint/judge.ts';
import type { LintOptions } from '../lint/options.ts';
import { projectOptions } from '../lint/project-options.ts';
import { foreignSubject, type LintShares, type Subject } from '../lint/subject.ts';

/** Adds the `lint` command to the program. */
export function registerLint(program: Command, context: CliContext): void {
  const command = program
    .command('lint')
    .description(
      'checks by declaration who reaches what: removed symbols, module boundaries, slots, opaque code',
    );
  projectOptions(command)
    .option('--init', 'look at the project and write a boundary.config.json whose rules hold today')
    .option('--own', 'judge this tool itself and the trees of its series')
    .option(
      '--step <step>',
      'judge only the tree of this step of the series: number, hash or words of its subject, 0 for the tree before it',
    )
    .option('--only <ids...>', 'judge by these rules only')
    .option('--tag <tags...>', 'judge by the rules with one of these tags only')
    .option(
      '--affected <revision>',
      'only what concerns files changed since a commit, or files that reach them',
    )
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('text'))
    .addOption(outputOption())
    .addOption(shardOption())
    .option('--baseline <file>', 'accept the findings listed in this file; it may only shrink')
    .option(
      '--update-baseline',
      'take out of the baseline what is no longer found (makes the file when there is none)',
    )
    .option(
      '--accept [ids...]',
      'with --update-baseline: also add what these rules find; with --init: keep rules that do not hold yet',
    )
    .option('--update-api', 'write the API reports anew that rules compare with')
    .option('--explain <rule>', 'say what a rule is for, and exit')
    .option(
      '--trace <symbol>',
      'show every place that reaches a symbol (file#name) and by which road, and exit',
    )
    .option('--list-uncovered', 'list the files no rule has an opinion about')
    .option('--list-exceptions', 'list the exceptions written beside the code, and how many each rule has')
    .option('--cross-check', 'judge by both compilers; what only one of them finds is a finding of its own')
    .option('--max-warnings <number>', 'fail when there are more findings of severity warning', wholeNumber)
    .option(
      '--max-shown <number>',
      'how many findings of one rule the text shows (default 100; 0: all); other formats have all',
      wholeNumber,
    )
    .addOption(
      new Option(
        '--language <language>',
        'language of the rules file: typescript, or c (docs/LINT-C.md)',
      ).choices(['typescript', 'c']),
    )
    .option('--repository <folder>', 'C: judge commits of this git repository, without a check-out')
    .option('--range <A..B>', 'C: each commit after A up to B; one revision judges its tree')
    .option('--first-parent', 'C: follow only the first parent of merges')
    .option('--pathspec <paths...>', 'C: only what of the repository lies here')
    .option('--mbox <file>', 'C: judge the patches of a mailbox as commits on top of --base <revision>')
    .option(
      '--cached',
      'C: the index as the last commit of the range, which begins at HEAD when there is none',
    )
    .option('--working-tree', 'C: the same with the working tree, new files that are not ignored included')
    .option('--assume <values...>', 'C: fold conditions, for example CONFIG_FS_DAX=y')
    .option('--against-c <folder>', 'compare the model in before/ and after/ with the kernel it models')
    .option('--no-cache', 'judge anew even when nothing has changed since the last run')
    .action((options: LintOptions) => run(options, context));
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`'${text}' is no whole number.`);
}

async function run(options: LintOptions, context: CliContext): Promise<void> {
  const folder = context.folder ?? process.cwd();
  if (options.init === true) return writeRules(options, folder, context);
  if (isAboutC(options, folder)) {
    const { lintC } = await import('../lint/c.ts');
    return lintC(options, folder, context);
  }
  const subject = await subjectOf(options, folder, context);
  const { project, rules } = subject;
  const output = openOutput(options.output, context);
  if (options.explain !== undefined) return output(explainRule(rules, options.explain, project.base));
  if (options.trace !== undefined) {
    const symbol = options.trace;
    return output(await using(options.oracle, (opener) => trace(project, symbol, opener)));
  }
  const work = workOf(options.shard, context, () => EvidenceStore.ofRows({}));
  const isPart = work.share !== undefined || context.merged !== undefined;
  if (isPart && subject.about === undefined)
    throw new InputError('--shard cuts the steps of a series\n  allowed: with conform lint --own');
  const about = isPart ? subjectOfWork(aboutOf(subject, options), context) : '';
  const shares = isPart
    ? { share: work.share, table: work.store.table<JudgedTree>('lint', [about]) }
    : undefined;
  const judged = await judge(options, subject, shares);
  if (work.share !== undefined) return output(shardText(work, about, context));
  const notes = [...new Set(judged.projects.flatMap((one) => one.notes))].map((note) => `${note}\n`).join('');
  context.writeError(notes);
  if (options.listExceptions === true) return output(listExceptions(judged));
  const limited = tooManyExceptions(judged, project);
  const result = onlyAffected(baselined(limited, options, project.base, context));
  const report = reported(result, options, output, context);
  if (isPlain(options) && context.argumentsGiven !== undefined && project.rulesInputs !== undefined) {
    const said = { out: report, error: notes, code: context.exitCode };
    keepSaid(context.argumentsGiven, madeFrom(judged, project, options), said);
  }
}

/** Whether a run only prints a report that files alone decide. */
function isPlain(options: LintOptions): boolean {
  const { cache, output, affected, updateApi, updateBaseline, listUncovered } = options;
  const asked = [output, affected, updateApi, updateBaseline, listUncovered];
  return cache && asked.every((option) => option === undefined);
}

/** Files and folders a report was made from: those of the project, of its rules, and of this tool. */
function madeFrom(judged: LintResult, project: ForeignProject, { baseline }: LintOptions): readonly string[] {
  const { tsconfig, others = [], rulesInputs = [] } = project;
  const inputs = judged.projects.flatMap((one) => one.inputs);
  const { files, folders } = lookedAt([
    ...inputs,
    ...[tsconfig, ...others].flatMap(configurationFiles),
    ...rulesInputs,
    ...nearerFiles(process.cwd()),
    ...(baseline === undefined ? [] : [path.resolve(baseline)]),
  ]);
  return [...new Set([...files, ...folders, ...toolFiles()])];
}

/** This tool's own series is only loaded when it is meant. */
async function subjectOf(options: LintOptions, folder: string, context: CliContext): Promise<Subject> {
  const step = await projectOfStep(options, context);
  if (step !== undefined) return foreignSubject(step, context);
  if (isOwn(options, folder)) {
    if (options.base !== undefined) throw new InputError('--base goes with --project and --rules.');
    const { ownSubject } = await import('../lint/own.ts');
    return ownSubject(options.step, context);
  }
  if (options.step !== undefined)
    throw new InputError('--step is about this project; it does not go with --project.');
  return foreignSubject(await foreignProject(options, folder), context);
}

/** The step of a user's own series, where one is asked for and the nearest configuration is a user's. */
async function projectOfStep(
  { step, own, rules, project, base }: LintOptions,
  context: CliContext,
): Promise<ForeignProject | undefined> {
  if (step === undefined || own === true || project !== undefined || base !== undefined) return undefined;
  const { openedUserProject } = await import('../opened-project.ts');
  const { stepProject } = await import('../step-rules.ts');
  const opened = await openedUserProject(context);
  return opened && stepProject(opened, step, rules);
}

/** What a run over a series is about: its trees, rules and contracts, and the options that decide what is judged. */
function aboutOf({ rules, about = () => [] }: Subject, { oracle, only, tag, step }: LintOptions): string[] {
  const own = [ownHash('checks'), ownHash('series'), ownHash('cli/lint')];
  return [JSON.stringify([rules, oracle, only, tag, step]), ...about(), ...own];
}

async function judge(options: LintOptions, subject: Subject, shares?: LintShares): Promise<LintResult> {
  const ids = chosenIds(subject.rules, options.only, options.tag);
  const changed =
    options.affected === undefined ? undefined : changedFiles(options.affected, subject.project.base);
  const plain: Runner = options.updateApi === true ? updateAndRun : runRules;
  const runner = changed === undefined ? plain : affectedRunner(plain, changed);
  if (shares !== undefined)
    return using(options.oracle, (opener) => subject.judge(ids, opener, runner, shares));
  // Two readings without a compiler would be one and the same.
  const asksAll = options.crossCheck === true;
  // What reads without a compiler is not even loaded where a project's rules ask more than that.
  const mustCompile =
    subject.about === undefined && !areAboutImports(subject.project.rules.filter((rule) => ids.has(rule.id)));
  const judgeBy = (name: CompilerName): Promise<LintResult> =>
    remembered(subject, [name, changed, asksAll], ids, options.cache && options.updateApi !== true, () =>
      using(name, (opener) => subject.judge(ids, opener, runner), asksAll || mustCompile),
    );
  const result = await judgeBy(options.oracle);
  const other = COMPILERS.find((name) => name !== options.oracle);
  if (options.crossCheck !== true || other === undefined) return result;
  return crossChecked(result, await judgeBy(other), [options.oracle, other]);
}

function trace(project: ForeignProject, symbol: string, opener: Opener): string {
  const texts = withProject(project, opener, (context) => traceSymbol(context, symbol) ?? '');
  const text = [...new Set(texts)].join('');
  if (text !== '') return text;
  throw new InputError(
    `There is no symbol ${symbol}. Write it as file#name or file#Class.member, the file relative to ${project.base}.`,
  );
}
