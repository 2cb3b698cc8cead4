/** `conform lint`: reads the options, asks `checks/` for a result, prints it in the format asked for. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { InputError } from '#machine/input-error.ts';
import { lint, type LintRequest } from '#checks/lint.ts';
import { COMPILERS } from '#checks/oracle/open.ts';
import type { CompilerName } from '#checks/oracle/compiler.ts';
import { projectRules } from '#checks/project-rules.ts';
import { FORMATS, render, type Format } from '#checks/report/formats.ts';
import { isFailure } from '#checks/result.ts';
import type { Rule } from '#checks/rule.ts';
import { loadRules, type LoadedRules } from '#checks/rules-file.ts';
import { type CliContext, ExitCode } from '../context.ts';

interface LintOptions {
  readonly project?: string;
  readonly rules?: string;
  readonly base?: string;
  readonly only?: readonly string[];
  readonly tag?: readonly string[];
  readonly format: Format;
  readonly output?: string;
  readonly oracle: CompilerName;
  readonly explain?: string;
  readonly listUncovered?: boolean;
}

/** Adds the `lint` command to the program. */
export function registerLint(program: Command, context: CliContext): void {
  program
    .command('lint')
    .description(
      'checks by declaration who reaches what: removed symbols, module boundaries, slots, opaque code',
    )
    .option('--project <tsconfig>', 'project to judge instead of this one')
    .option('--rules <file>', 'rules to judge it by (boundary.config.ts, .mjs or .json)')
    .option('--base <folder>', 'folder that file names in rules start from (default: that of the rules file)')
    .option('--only <ids...>', 'judge by these rules only')
    .option('--tag <tags...>', 'judge by the rules with one of these tags only')
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('text'))
    .option('--output <file>', 'write the report to a file instead of standard output')
    .addOption(
      new Option('--oracle <name>', 'compiler that resolves the symbols')
        .choices(COMPILERS)
        .default('ts-morph'),
    )
    .option('--explain <rule>', 'say what a rule is for and exit')
    .option('--list-uncovered', 'list the files no rule has an opinion about')
    .action((options: LintOptions) => run(options, context));
}

async function run(options: LintOptions, context: CliContext): Promise<void> {
  const request = chosen(await requestOf(options), options);
  if (options.explain !== undefined) return context.write(explain(request.rules, options.explain));
  const result = await lint(request);
  const report = render(result, options.format, { color: context.color && options.output === undefined });
  if (options.output === undefined) context.write(report);
  else writeFileSync(options.output, report);
  if (options.listUncovered === true) {
    for (const file of result.projects.flatMap((project) => project.uncovered))
      context.write(`uncovered ${file}\n`);
  }
  if (isFailure(result)) context.exitCode = ExitCode.findings;
}

async function requestOf(options: LintOptions): Promise<LintRequest> {
  if (options.project === undefined && options.rules === undefined) {
    const base = path.resolve(import.meta.dirname, '../..');
    const target = { source: { tsconfig: path.join(base, 'tsconfig.json') }, base };
    const rulesName = 'checks/project-rules.ts';
    return { targets: [target], rules: projectRules(), rulesName, compiler: options.oracle };
  }
  const rulesFile = options.rules ?? 'boundary.config.ts';
  const loaded = await loadRules(rulesFile);
  const tsconfig = path.resolve(options.project ?? 'tsconfig.json');
  const rulesName = path.relative(process.cwd(), loaded.file);
  const target = { source: { tsconfig }, base: baseOf(options, loaded, tsconfig) };
  return { targets: [target], rules: loaded.rules, rulesName, compiler: options.oracle };
}

/** File names start at `--base`, else at the rules' own base, else at the folder that holds the project. */
function baseOf(options: LintOptions, loaded: LoadedRules, tsconfig: string): string {
  if (options.base !== undefined) return path.resolve(options.base);
  if (loaded.base !== undefined) return loaded.base;
  const beside = path.dirname(loaded.file);
  return tsconfig.startsWith(beside + path.sep) ? beside : path.dirname(tsconfig);
}

function chosen(request: LintRequest, options: LintOptions): LintRequest {
  const known = new Set(request.rules.map((rule) => rule.id));
  for (const id of options.only ?? []) if (!known.has(id)) throw unknownRule(id, request.rules);
  const rules = request.rules.filter(
    (rule) =>
      (options.only === undefined || options.only.includes(rule.id)) &&
      (options.tag === undefined || options.tag.some((tag) => rule.tags?.includes(tag) === true)),
  );
  if (rules.length === 0) throw new InputError(`No rule has the tags ${options.tag?.join(', ') ?? ''}.`);
  return { ...request, rules };
}

function unknownRule(id: string, rules: readonly Rule[]): InputError {
  return new InputError(`There is no rule ${id}. Rules here: ${rules.map((rule) => rule.id).join(', ')}.`);
}

function explain(rules: readonly Rule[], id: string): string {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw unknownRule(id, rules);
  const force = rule.from === undefined && rule.until === undefined ? 'always' : stepsOf(rule);
  return [
    `${rule.id}  ${rule.title}`,
    `  kind: ${rule.kind}, severity: ${rule.severity ?? 'error'}${rule.strict === true ? ', strict (no baseline)' : ''}`,
    `  in force: ${force}`,
    `  why: ${rule.because}`,
    `  instead: ${rule.instead}`,
    '',
  ].join('\n');
}

function stepsOf(rule: Rule): string {
  const until = rule.until === undefined ? 'on' : `until step ${rule.until}`;
  return `from step ${rule.from ?? 0} ${until}`;
}
