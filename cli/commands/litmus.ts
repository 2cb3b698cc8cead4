/**
 * `conform litmus`: asks the exhaustive explorer what small programs may leave after a power failure, and holds the
 * answers against the verdicts in litmus files. Reads files and directories; the notation is in docs/MACHINE.md.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { DEFAULT_STATE_LIMIT } from '#machine/litmus/outcomes.ts';
import { buildTest, parseLitmusFile } from '#machine/litmus/file-parser.ts';
import {
  DEFAULT_MACHINE,
  type LitmusMachine,
  SWITCH_WORDS,
  machineFromWords,
} from '#machine/litmus/machine-switches.ts';
import type { LitmusTest } from '#machine/litmus/program.ts';
import { coverageJson, coverageText, jsonReport, textReport } from '#machine/litmus/report.ts';
import type { Fragment } from '#machine/litmus/scanner.ts';
import { Coverage, RULES, RULE_NAMES, type RuleName } from '#machine/litmus/rules.ts';
import { type EngineChoice, type TestResult, runTest } from '#machine/litmus/verdicts.ts';
import { shareOf, type Share } from '#engine/share.ts';
import { EvidenceStore } from '#engine/store.ts';
import { ownProjectFolder } from '#base/own-project.ts';
import { ownHash } from '#base/own-package.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { openOutput, outputOption } from '../output.ts';
import { progressOf } from '../progress.ts';
import { type Case, CASE_FORMATS, type CaseFormat, caseReport } from '../report/cases.ts';
import { shardOption, shardText, subjectOf, workOf } from '../shards/shard.ts';

interface LitmusOptions {
  readonly program?: string;
  readonly crash?: string;
  readonly final?: string;
  readonly machine: readonly LitmusMachine[];
  readonly images?: boolean;
  readonly coverage?: boolean;
  readonly quiet?: boolean;
  readonly maxStates: number;
  readonly without?: RuleName;
  readonly engine: EngineChoice;
  readonly format: 'text' | 'html' | CaseFormat;
  readonly output?: string;
  readonly shard?: Share;
}

const HELP = `
A litmus file has blocks of lines 'key: text'; '#' starts a comment, an indented line continues the one above:

  test: P06
  program: x=1; FO x; SF; y=1
  crash: y=1 & x=0
  expect: ADR F (3), eADR F

program   CPUs separated by ‖ or ||; x=1  NT x=1  r:=x  r:=XADD(x)  r:=CAS(x,0->1)  r:=XCHG(x,1)  FL x  FO x  SF  MF
          HINT  CLEAR x  if(r=1){...} else {...}; then remarks [x/y share a line] [x/y poisoned] [x volatile] [x=1]
crash     may a power failure leave this image? Words ack and lk (with digits or without) are volatile.
final     may all CPUs run to their end with this? Registers: 1:r=0, or r=0 when one CPU only has it.
expect    machine, A (allowed) or F (forbidden), (number of distinct images)

Machines are words joined by '+':
${SWITCH_WORDS.map(({ word, meaning }) => `  ${word.padEnd(12)} ${meaning}`).join('\n')}

Exit code: 0 all agree, 1 an answer differs from the file, 2 could not run. Reference: docs/MACHINE.md.`;

/** Adds the command to `program`. */
export function registerLitmus(program: Command, context: CliContext): void {
  program
    .command('litmus')
    .description('what small programs may leave after a power failure, against the published verdicts')
    .argument(
      '[files...]',
      "litmus files, or directories of them; '-' reads standard input; the published tests that come along when absent",
    )
    .option('--program <text>', 'a program to ask about instead of a file')
    .option('--crash <question>', 'with --program: may a power failure leave this?')
    .option('--final <question>', 'with --program: may it run to its end with this?')
    .addOption(
      new Option(
        '--machine <words>',
        'run on this machine, e.g. eADR or no-ADR+AMD; may be repeated (default: those the files state verdicts for)',
      )
        .argParser(collectMachines)
        .default([], 'none'),
    )
    .option('--images', 'list the images themselves')
    .option('--coverage', 'list how often each rule and table cell was used, and which never')
    .option('--quiet', 'only what does not agree, and the totals')
    .addOption(
      new Option('--max-states <number>', 'give up on a program with more states')
        .argParser(stateLimit)
        .default(DEFAULT_STATE_LIMIT),
    )
    .addOption(
      new Option('--without <rule>', 'a machine that lacks a rule, to see which tests notice').argParser(
        ruleName,
      ),
    )
    .addOption(
      new Option(
        '--engine <name>',
        'explorer: every state; boxes: evictions not one by one; automatic: boxes when large',
      )
        .choices(['automatic', 'explorer', 'boxes'])
        .default('automatic'),
    )
    .addOption(
      new Option(
        '--format <format>',
        'how to print; html is a page with each program instruction by instruction',
      )
        .choices(['text', 'html', ...CASE_FORMATS])
        .default('text'),
    )
    .addOption(outputOption())
    .addOption(shardOption())
    .addHelpText('after', HELP)
    .action((files: readonly string[], options: LitmusOptions) => runLitmus(files, options, context));
}

async function runLitmus(
  files: readonly string[],
  options: LitmusOptions,
  context: CliContext,
): Promise<void> {
  const tests = testsFrom(files, options);
  const output = openOutput(options.output, context);
  const coverage = options.coverage === true ? new Coverage() : undefined;
  if (coverage !== undefined && (options.shard !== undefined || context.merged !== undefined))
    throw new InputError('--coverage counts over one run; it does not go with --shard');
  const asked = { ...options, output: undefined, format: undefined, shard: undefined, quiet: undefined };
  const about = JSON.stringify([tests, asked]);
  const work = workOf(options.shard, context, () => EvidenceStore.ofRows({}));
  const subject = subjectOf([about, ownHash('machine/litmus')], context);
  const table = work.store.table<Omit<TestResult, 'test'>>('litmus', [subject]);
  const progress = progressOf(context, 'litmus: test');
  const mine = shareOf(work.share, [...tests.entries()]);
  const results = mine.map(([number, test], done): TestResult => {
    progress(done, mine.length);
    const known = table.get(String(number));
    if (known !== undefined) return { test, ...known };
    const { answers, unfinished } = runTest(test, {
      machines: options.machine,
      stateLimit: options.maxStates,
      withImages: options.images,
      engine: options.engine,
      mutation: { withoutRule: options.without },
      coverage,
    });
    table.set(String(number), { answers, unfinished });
    return { test, answers, unfinished };
  });
  if (work.share !== undefined) return output(shardText(work, subject, context));
  context.exitCode = exitCodeOf(results);
  if (options.format === 'html') {
    const { litmusPage } = await import('../litmus/page.ts');
    output(litmusPage(results, textReport(results, options.quiet === true)));
  } else {
    const ok = context.exitCode === ExitCode.clean;
    output(reportOf(results, { ...options, format: options.format }, coverage, ok));
  }
}

function reportOf(
  results: readonly TestResult[],
  { format, machine: [machine = DEFAULT_MACHINE], quiet }: LitmusOptions & { format: 'text' | CaseFormat },
  coverage: Coverage | undefined,
  ok: boolean,
): string {
  const text = textReport(results, quiet === true);
  if (format === 'text') return coverage === undefined ? text : `${text}\n${coverageText(coverage, machine)}`;
  const extra = coverage === undefined ? {} : { coverage: coverageJson(coverage, machine) };
  return caseReport(format, {
    command: 'litmus',
    ok,
    cases: results.map(caseOf),
    data: { ...jsonReport(results), ...extra },
  });
}

function caseOf(result: TestResult): Case {
  const { test, answers, unfinished } = result;
  const isWrong = unfinished.length > 0 || answers.some(({ agrees }) => agrees === false);
  const isStated = answers.some(({ agrees }) => agrees !== undefined);
  // All but the totals.
  const lines = textReport([result], false).trimEnd().split('\n').slice(0, -1);
  return {
    suite: test.place.file,
    name: test.name,
    problems: isWrong ? lines.map((line) => line.trim()) : [],
    skipped: isStated ? undefined : 'nothing is stated',
    file: test.place.file,
    line: test.place.line,
  };
}

function exitCodeOf(results: readonly TestResult[]): CliContext['exitCode'] {
  if (results.some(({ unfinished }) => unfinished.length > 0)) return ExitCode.couldNotRun;
  const differs = results.some(({ answers }) => answers.some(({ agrees }) => agrees === false));
  return differs ? ExitCode.findings : ExitCode.clean;
}

function testsFrom(files: readonly string[], options: LitmusOptions): LitmusTest[] {
  if (options.program !== undefined) {
    if (files.length > 0) throw new InputError('--program and files exclude each other: give one of them');
    if (options.crash !== undefined && options.final !== undefined)
      throw new InputError('--crash and --final exclude each other: ask one question');
    return [givenTest(options.program, options)];
  }
  if (options.crash !== undefined || options.final !== undefined)
    throw new InputError('--crash and --final ask about --program, which is missing');
  const chosen = files.length === 0 ? [path.join(ownProjectFolder(), 'litmus')] : files;
  return chosen.flatMap((file) => litmusFiles(file)).flatMap((file) => parseLitmusFile(textOf(file), file));
}

function optionText(option: string, text: string): Fragment {
  return { text, place: { file: option, line: 1, column: 1 } };
}

/** The test that the options describe; its places are columns of the option's text. */
function givenTest(program: string, { crash, final }: LitmusOptions): LitmusTest {
  const asked = crash === undefined ? final : crash;
  const key = crash === undefined ? 'final' : 'crash';
  const parts = {
    name: 'given',
    place: { file: '--program', line: 1, column: 1 },
    program: [optionText('--program', program)],
    question:
      asked === undefined ? undefined : ({ key, fragments: [optionText(`--${key}`, asked)] } as const),
  };
  return buildTest(parts, []);
}

function litmusFiles(file: string): string[] {
  if (file === '-') return [file];
  try {
    if (!statSync(file).isDirectory()) return [file];
    const names = readdirSync(file).filter((name) => name.endsWith('.litmus'));
    if (names.length === 0) throw new InputError(`${file}: a directory without .litmus files`);
    return names.sort().map((name) => path.join(file, name));
  } catch (error) {
    throw unreadable(file, error);
  }
}

function textOf(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const reason = error.code === 'ENOENT' ? 'no such file' : `cannot be read (${String(error.code)})`;
  return new InputError(`${file}: ${reason}`);
}

function collectMachines(words: string, earlier: readonly LitmusMachine[]): LitmusMachine[] {
  const machine = machineFromWords(words.split('+').map((word) => word.trim()));
  if (typeof machine === 'string') throw new InputError(`--machine ${words}: expected ${machine}`);
  return [...earlier, machine];
}

function stateLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 50_000_000)
    throw new InputError(`--max-states ${text}: expected a whole number from 1 to 50000000`);
  return limit;
}

function ruleName(text: string): RuleName {
  const found = RULE_NAMES.find((name) => name === text);
  if (found === undefined)
    throw new InputError(`--without ${text}: expected one of ${Object.keys(RULES).join(', ')}`);
  return found;
}
