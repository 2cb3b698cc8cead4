/** `conform lint` for C: a folder, or commits of a repository, judged by a rules file that says `language: 'c'`. */
import path from 'node:path';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import { cacheHome } from '#base/user-cache.ts';
import { hashOfParts } from '#base/hash.ts';
import { toolFiles } from '#checks/cache.ts';
import { parseAssumed } from '#checks/c/assume.ts';
import { diskStore } from '#checks/c/disk-store.ts';
import { memoryStore, type FactStore } from '#checks/c/facts.ts';
import { judgeC, type CJudgeRequest } from '#checks/c/judge.ts';
import { rangeText } from '#checks/c/range-table.ts';
import type { CRule } from '#checks/c/rule.ts';
import type { CRuleSet } from '#checks/c/rule-set.ts';
import { openFolder } from '#checks/c/source/folder.ts';
import { openRange, type OpenedRange } from '#checks/c/source/repository.ts';
import { definedText, traceC, type TraceRequest } from '#checks/c/trace.ts';
import { chosenIds, explainRule } from '#checks/choose-rules.ts';
import { nearestRules } from '#checks/find-project.ts';
import { filterOf } from '#checks/globs.ts';
import { optimizeLate } from '#checks/late-optimizing.ts';
import { loadRules, type LoadedRules } from '#checks/rules-file.ts';
import type { RuleHeader } from '#checks/rule.ts';
import { existsSync, readFileSync } from 'node:fs';
import type { CliContext } from '../context.ts';
import { progressOf } from '../progress.ts';
import { refuseTogether } from '../exclusive.ts';
import { openOutput } from '../output.ts';
import { baselined } from './baselined.ts';
import { listExceptions, tooManyExceptions } from './exceptions-list.ts';
import { withMailbox } from './mailbox.ts';
import { withUncommitted } from './uncommitted.ts';
import type { LintOptions } from './options.ts';
import { reported } from './reported.ts';
import { keepSaid } from './unchanged.mjs';

/** Judges C. Throws `InputError` when there are no rules about C, or nothing to judge. */
export async function lintC(options: LintOptions, folder: string, context: CliContext): Promise<void> {
  if (options.againstC !== undefined) {
    const { againstC } = await import('./against-c.ts');
    return againstC(options, context);
  }
  refuse(options);
  optimizeLate();
  const { loaded, set } = await rulesOf(options, folder);
  const ids = chosenIds(headersOf(set.rules), options.only, options.tag);
  const rules = set.rules.filter(({ id }) => ids.has(id));
  const question = { set: { ...set, rules }, loaded, options, folder, context };
  await (isRange(options) ? ofRepository(question) : ofFolder(question));
}

/** Options that mean nothing here. */
function refuse(options: LintOptions): void {
  if (options.project !== undefined)
    throw new InputError('--project is about TypeScript; it does not go with rules about C.');
  if (options.step !== undefined || options.own === true)
    throw new InputError('--step and --own are about TypeScript; they do not go with rules about C.');
  if (options.affected !== undefined)
    throw new InputError('--affected is about TypeScript; for C name the commits with --range A..B.');
  if (options.crossCheck === true)
    throw new InputError('--cross-check is about TypeScript: C is read by one grammar.');
  if (options.mbox !== undefined && options.base === undefined)
    throw new InputError('--mbox needs --base REVISION: the commit the patches go on top of.');
  if (options.mbox !== undefined && options.range !== undefined)
    throw new InputError('--mbox makes a range of its own; it does not go with --range.');
  refuseTogether({
    'patches that are applied nowhere': { '--mbox': options.mbox !== undefined },
    'the index': { '--cached': options.cached === true },
    'the working tree': { '--working-tree': options.workingTree === true },
  });
}

async function rulesOf(
  options: LintOptions,
  folder: string,
): Promise<{ readonly loaded: LoadedRules; readonly set: CRuleSet }> {
  const file = options.rules === undefined ? nearestRules(folder) : path.resolve(folder, options.rules);
  if (file === undefined)
    throw new InputError(
      "there is no boundary.config.ts, .mts, .js, .mjs or .json in this folder or above it; name one that says language: 'c' with --rules FILE",
    );
  const loaded = await loadRules(file);
  if (loaded.c === undefined)
    throw new InputError(`${file}: is not about C; say language: 'c' in defineRules (docs/LINT-C.md).`);
  return { loaded, set: loaded.c };
}

function isRange({ repository, range, mbox, cached, workingTree }: LintOptions): boolean {
  return [repository, range, mbox, cached, workingTree].some((option) => option !== undefined);
}

/** As rules are named and explained. */
function headersOf(rules: readonly CRule[]): readonly RuleHeader[] {
  return rules as unknown as readonly RuleHeader[];
}

interface Question {
  readonly set: CRuleSet;
  readonly loaded: LoadedRules;
  readonly options: LintOptions;
  readonly folder: string;
  readonly context: CliContext;
}

async function ofFolder(question: Question): Promise<void> {
  const { set, loaded, options, folder, context } = question;
  const base =
    options.base === undefined
      ? (loaded.base ?? path.dirname(loaded.file))
      : path.resolve(folder, options.base);
  const source = openFolder(base, filterOf(set.files));
  const out = await judged(question, { store: memoryStore(), commits: [{ source }] });
  const isPlain =
    options.cache &&
    [
      options.output,
      options.updateApi,
      options.updateBaseline,
      options.listUncovered,
      options.trace,
      options.listExceptions,
      options.explain,
    ].every((option) => option === undefined);
  if (!isPlain || context.argumentsGiven === undefined || loaded.inputs === undefined) return;
  const files = [...source.files.names()].map((file) => path.join(base, file));
  const folders = new Set<string>([base, ...source.folders()]);
  const beside = [
    ...loaded.inputs,
    ...(options.baseline === undefined ? [] : [path.resolve(options.baseline)]),
    ...listsOf(set.rules, path.dirname(loaded.file)),
  ];
  keepSaid(context.argumentsGiven, [...files, ...folders, ...beside, ...toolFiles()], {
    out,
    error: '',
    code: context.exitCode,
  });
}

/** Files that rules compare with. */
function listsOf(rules: readonly CRule[], folder: string): readonly string[] {
  return rules.flatMap((rule) => {
    const report: unknown = Reflect.get(rule, 'report');
    return typeof report === 'string' ? [path.resolve(folder, report)] : [];
  });
}

async function ofRepository(question: Question): Promise<void> {
  const { options, folder, context } = question;
  const repository = path.resolve(folder, options.repository ?? '.');
  if (!existsSync(repository)) throw new InputError(`--repository ${repository}: there is no such folder.`);
  if (!('out' in askGit(repository, ['rev-parse', '--git-dir'])))
    throw new InputError(`--repository ${repository}: is no git repository.`);
  const home = context.cacheHome ?? cacheHome();
  const store = options.cache
    ? diskStore(path.join(context.cacheDir ?? path.join(home, 'pmem-conform'), 'lint-c'), toolStamp())
    : undefined;
  const open = (range: string, environment?: Readonly<Record<string, string>>): OpenedRange =>
    openRange({
      folder: repository,
      range,
      firstParent: options.firstParent === true,
      isMeant: filterOf(question.set.files),
      paths: options.pathspec ?? [],
      store: store ?? memoryStore(),
      ...(environment === undefined ? {} : { environment }),
    });
  const judge = async (opened: OpenedRange): Promise<void> => {
    const { submodules } = opened;
    if (submodules.length > 0)
      context.writeError(
        `Not looked at: ${submodules.join(', ')} (submodules; judge each in its own repository).\n`,
      );
    try {
      await judged(question, {
        store: store ?? memoryStore(),
        commits: opened.commits,
        treeOf: opened.treeOf,
      });
    } finally {
      opened.close();
    }
  };
  const beside = (range: string, environment: Readonly<Record<string, string>>): Promise<void> =>
    judge(open(range, environment));
  const { mbox, cached, workingTree, range } = options;
  if (mbox !== undefined) {
    const mailbox = path.resolve(folder, mbox);
    await withMailbox({ repository, mailbox, base: options.base ?? 'HEAD' }, beside);
  } else if (cached === true || workingTree === true)
    await withUncommitted({ repository, range, what: cached === true ? 'index' : 'tree' }, beside);
  else await judge(open(range ?? 'HEAD'));
  store?.save();
}

/** Judges and prints, and returns the report; nothing where something else was asked for. */
async function judged(
  { set, loaded, options, context }: Question,
  { store, commits, treeOf }: Pick<CJudgeRequest, 'commits' | 'treeOf'> & { readonly store: FactStore },
): Promise<string> {
  const output = openOutput(options.output, context);
  const assumed = parseAssumed(options.assume ?? []);
  const base = path.dirname(loaded.file);
  const rulesName = path.relative(process.cwd(), loaded.file);
  const { source } = commits.at(-1) ?? {};
  if (source !== undefined && (options.trace !== undefined || options.explain !== undefined)) {
    const tree = { source, store, includePaths: set.includePaths, assumed };
    output(await told({ set, loaded, options, tree }));
    return '';
  }
  const onProgress = commits.length > 1 ? progressOf(context, 'commit') : undefined;
  const result = await judgeC({
    rules: set.rules,
    includePaths: set.includePaths,
    base,
    rulesName,
    assumed,
    store,
    commits,
    ...(treeOf === undefined ? {} : { treeOf }),
    ...(options.updateApi === undefined ? {} : { update: options.updateApi }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (options.listExceptions === true) {
    output(listExceptions(result));
    return '';
  }
  const limited = tooManyExceptions(result, { exceptionsMax: loaded.exceptionsMax, rulesName });
  const isRange = result.commits !== undefined && options.format === 'text';
  const table = isRange ? `\n${rangeText(result)}` : '';
  const write = (text: string): void => output(text + table);
  return reported(baselined(limited, options, base, context), options, write, context);
}

/** What is asked about a rule or a name, in one tree. */
async function told({
  set: { rules },
  loaded,
  options: { trace, explain = '' },
  tree,
}: Pick<Question, 'set' | 'loaded' | 'options'> & { readonly tree: TraceRequest }): Promise<string> {
  if (trace !== undefined) return traceC(tree, trace);
  const text = explainRule(rules, explain, path.dirname(loaded.file), 'commit');
  return text + (await definedText(tree, rules.find(({ id }) => id === explain)?.symbols ?? []));
}

/** Names this version of the tool. */
function toolStamp(): string {
  return hashOfParts(
    toolFiles()
      .filter((file) => file.includes(`${path.sep}checks${path.sep}c${path.sep}`))
      .map((file) => readFileSync(file, 'utf8')),
  );
}
