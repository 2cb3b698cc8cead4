/** `conform graph`: the imports of a project as a picture, with those that break a rule marked. */
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { InputError } from '#base/input-error.ts';
import { affectedRunner, changedFiles, concernedFiles } from '#checks/affected.ts';
import { nearestRules } from '#checks/find-project.ts';
import {
  byFile,
  byFolder,
  byLayer,
  byPackage,
  focused,
  pictureOf,
  type GroupOf,
} from '#checks/graph/groups.ts';
import { htmlOf } from '#checks/graph/html.ts';
import { importsRunner } from '#checks/graph/imports.ts';
import { dotOf, jsonOf, mermaidOf } from '#checks/graph/text.ts';
import type { ForeignProject } from '#checks/lint.ts';
import type { LintResult } from '#checks/result.ts';
import type { Rule } from '#checks/rule.ts';
import type { LayersOptions } from '#checks/rules/layers.ts';
import { runRules } from '#checks/run.ts';
import type { CliContext } from '../context.ts';
import { openOutput } from '../output.ts';
import { configurations, foreignProject } from '../lint/foreign.ts';
import { remembered, using } from '../lint/judge.ts';
import type { ProjectOptions } from '../lint/options.ts';
import { projectOptions } from '../lint/project-options.ts';
import { foreignSubject } from '../lint/subject.ts';

interface GraphOptions extends ProjectOptions {
  readonly by: 'file' | 'folder' | 'package' | 'layer';
  readonly focus?: readonly string[];
  readonly depth: number;
  readonly levels?: number;
  readonly affected?: string;
  readonly format: 'mermaid' | 'dot' | 'json' | 'html';
  readonly output?: string;
  readonly cache: boolean;
}

/** Adds the `graph` command to the program. */
export function registerGraph(program: Command, context: CliContext): void {
  const command = program
    .command('graph')
    .description('draws who imports whom, and which imports break a rule');
  projectOptions(command)
    .addOption(
      new Option('--by <group>', 'what becomes one box')
        .choices(['file', 'folder', 'package', 'layer'])
        .default('folder'),
    )
    .option('--focus <globs...>', 'only these boxes and what is near them')
    .option(
      '--affected <revision>',
      'only imports of files changed since a commit, and of files that reach them',
    )
    .option('--depth <number>', 'how many arrows away from --focus', wholeNumber, 1)
    .option(
      '--levels <number>',
      'how many levels of folders (default: the most that leave 40 boxes)',
      wholeNumber,
    )
    .addOption(
      new Option('--format <format>', 'form of the picture')
        .choices(['mermaid', 'dot', 'json', 'html'])
        .default('mermaid'),
    )
    .option('--output <file>', 'write the picture to a file instead of standard output')
    .option('--no-cache', 'read the project anew even when nothing has changed since the last run')
    .action((options: GraphOptions) => run(options, context));
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`'${text}' is no whole number.`);
}

async function run(options: GraphOptions, context: CliContext): Promise<void> {
  const folder = context.folder ?? process.cwd();
  const file = options.output && path.resolve(folder, options.output);
  const output = openOutput(file, context);
  const project = await projectFor(options, folder);
  const subject = foreignSubject(project, context);
  const ids = new Set(project.rules.map(({ id }) => id));
  const changed = options.affected === undefined ? undefined : changedFiles(options.affected, project.base);
  const runner = importsRunner(runRules);
  const result = await remembered(subject, ['imports', options.oracle, changed], ids, options.cache, () =>
    using(options.oracle, (opener) =>
      subject.judge(ids, opener, changed === undefined ? runner : affectedRunner(runner, changed)),
    ),
  );
  output(drawn(options, project, result));
}

/** Rules are welcome but not needed. */
async function projectFor(options: GraphOptions, folder: string): Promise<ForeignProject> {
  if (options.rules !== undefined || nearestRules(folder) !== undefined)
    return foreignProject(options, folder);
  const [tsconfig, ...others] = configurations(options, folder);
  const base = path.resolve(folder, options.base ?? '.');
  return { tsconfig, others, isFound: options.project === undefined, base, rules: [], rulesName: 'rules' };
}

function drawn(options: GraphOptions, project: ForeignProject, result: LintResult): string {
  const concerned = concernedFiles(result);
  const found = result.projects
    .flatMap(({ imports }) => imports ?? [])
    .filter(({ from }) => concerned?.has(from) !== false);
  const imports = [...new Map(found.map((one) => [`${one.from}:${one.line}:${one.to}`, one])).values()];
  const named = result.projects.flatMap((one) => one.named).filter((file) => concerned?.has(file) !== false);
  const files = [...new Set([...named, ...imports.map(({ from }) => from)])];
  const owners = new Map(result.projects.flatMap(({ packages }) => packages ?? []));
  const groupOf = grouping(options, project.rules, files, owners);
  const whole = pictureOf(files, imports, groupOf);
  const picture = options.focus === undefined ? whole : focused(whole, options.focus, options.depth);
  if (picture.nodes.length === 0)
    throw new InputError('there is nothing to draw: no file belongs to a box that is asked for.');
  const title = `${path.basename(project.base)}: imports by ${options.by}`;
  if (options.format === 'html') return htmlOf({ title, picture, imports, groupOf });
  return { mermaid: mermaidOf, dot: dotOf, json: jsonOf }[options.format](picture);
}

function grouping(
  { by, levels }: GraphOptions,
  rules: readonly Rule[],
  files: readonly string[],
  owners: ReadonlyMap<string, string>,
): GroupOf {
  if (by === 'file') return byFile;
  if (by === 'folder') return byFolder(files, levels);
  if (by === 'package') return byPackage(owners);
  const rule = rules.find(({ kind }) => kind === 'layers') as (Rule & LayersOptions) | undefined;
  if (rule !== undefined) return byLayer(rule.layers);
  throw new InputError('--by layer: the rules have no rule of kind layers.');
}
