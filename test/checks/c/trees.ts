// What tests of C share: trees made of a few texts, and uses and findings as short rows.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAssumed } from '#checks/c/assume.ts';
import { memoryStore } from '#checks/c/facts.ts';
import { judgeC } from '#checks/c/judge.ts';
import { cParser } from '#checks/c/parser.ts';
import type { CTree } from '#checks/c/tree.ts';
import type { IncludePath } from '#checks/c/includes.ts';
import { openTree } from '#checks/c/open-tree.ts';
import { cRuleSet } from '#checks/c/rule-set.ts';
import { openFolder } from '#checks/c/source/folder.ts';
import { openRange } from '#checks/c/source/repository.ts';
import { symbolOf } from '#checks/c/uses.ts';
import { filterOf } from '#checks/globs.ts';
import type { Finding } from '#checks/finding.ts';
import type { LintResult } from '#checks/result.ts';
import { EVERYTHING } from '../../support/repository.ts';

/** Texts by file name. */
export type Texts = Readonly<Record<string, string>>;

/** A folder with these files, for as long as `use` runs. */
export async function withFolder<T>(texts: Texts, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'c-tree-'));
  try {
    writeTexts(folder, texts);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTexts(folder: string, texts: Texts): void {
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

/** The tree of a folder with the uses of some symbols. */
export async function treeOf(
  folder: string,
  symbols: readonly string[],
  includePaths: readonly IncludePath[] = ['include', '.'],
): Promise<CTree> {
  const parse = await cParser();
  const source = openFolder(folder, filterOf(['**/*.[chS]']));
  return openTree({
    source,
    store: memoryStore(),
    parse,
    symbols: symbols.map(symbolOf),
    follows: () => true,
    includePaths,
    assumed: new Map(),
    base: folder,
    rulesName: 'rules',
    commit: undefined,
  });
}

/** A rule with the words every rule has. */
export function rule(kind: string, options: object): object {
  return { kind, id: 'R', title: 't', because: 'b', instead: 'i', ...options };
}

export interface JudgeOptions {
  readonly assume?: readonly string[];
  readonly includePaths?: readonly IncludePath[];
  readonly update?: boolean;
}

/** Judges a folder by rules. */
export async function judgeFolder(
  folder: string,
  rules: readonly object[],
  options: JudgeOptions = {},
): Promise<LintResult> {
  const set = cRuleSet(
    {
      language: 'c',
      rules,
      ...(options.includePaths === undefined ? {} : { includePaths: options.includePaths }),
    },
    'rules',
    folder,
  );
  const source = openFolder(folder, filterOf(set.files));
  return judgeC({
    rules: set.rules,
    includePaths: set.includePaths,
    base: folder,
    rulesName: 'rules',
    assumed: parseAssumed(options.assume ?? []),
    store: memoryStore(),
    commits: [{ source }],
    update: options.update === true,
  });
}

/** Judges texts by rules. */
export function judgeTexts(
  texts: Texts,
  rules: readonly object[],
  options: JudgeOptions = {},
): Promise<LintResult> {
  return withFolder(texts, (folder) => judgeFolder(folder, rules, options));
}

/** A finding as `file:line message`, with its certainty where that is no plain violation, and its commit where it has one. */
export function row({ place, message, certainty, commit }: Finding): string {
  const after = commit === undefined ? '' : `${commit.number}: `;
  return `${after}${place.file}:${place.line} ${certainty === 'violation' ? '' : `[${certainty}] `}${message}`;
}

/** All findings as rows. */
export function rows({ findings }: LintResult): readonly string[] {
  return findings.map(row);
}

/** Runs git in a folder, as nobody in particular. */
export function git(folder: string, ...words: readonly string[]): string {
  const who = {
    GIT_AUTHOR_NAME: 'n',
    GIT_AUTHOR_EMAIL: 'n@example.org',
    GIT_COMMITTER_NAME: 'n',
    GIT_COMMITTER_EMAIL: 'n@example.org',
  };
  const dates = { GIT_AUTHOR_DATE: '2017-06-14T00:00:00Z', GIT_COMMITTER_DATE: '2017-06-14T00:00:00Z' };
  const env = {
    ...process.env,
    ...who,
    ...dates,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  return execFileSync('git', [...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Commits changes on top of what is there; an empty text removes the file. */
export function commit(folder: string, subject: string, texts: Texts): string {
  for (const [file, text] of Object.entries(texts)) if (text === '') rmSync(path.join(folder, file));
  writeTexts(folder, Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')));
  return git(folder, '-c', `alias.everything=${EVERYTHING}`, 'everything', subject).trim();
}

/** Judges a range of a repository by rules. */
export async function judgeRange(
  folder: string,
  range: string,
  rules: readonly object[],
  store = memoryStore(),
  options: object = {},
): Promise<LintResult> {
  const set = cRuleSet({ language: 'c', rules, ...options }, 'rules', folder);
  const opened = openRange({
    folder,
    range,
    firstParent: false,
    isMeant: filterOf(set.files),
    paths: [],
    store,
  });
  try {
    return await judgeC({
      rules: set.rules,
      includePaths: set.includePaths,
      base: folder,
      rulesName: 'rules',
      assumed: new Map(),
      store,
      commits: opened.commits,
      treeOf: opened.treeOf,
    });
  } finally {
    opened.close();
  }
}
