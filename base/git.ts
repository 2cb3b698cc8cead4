/** Runs git in a folder, with nothing of the user's own configuration that could change what it writes. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { InputError } from './input-error.ts';

/** Options that make commits and patches the same everywhere. */
const FIXED = [
  '-c',
  'core.autocrlf=false',
  '-c',
  'core.abbrev=12',
  '-c',
  'commit.gpgsign=false',
  '-c',
  'diff.noprefix=false',
  '-c',
  'diff.renames=false',
  '-c',
  'format.signature=',
];

/** No configuration of the user's: what is written must be the same everywhere. */
const NOBODYS = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/** Standard output of `git ARGUMENTS` in `folder`. Throws `InputError` with git's own words when it fails. */
export function git(folder: string, words: readonly string[], input?: string): string {
  const result = started(folder, words, { input, environment: NOBODYS });
  if (result.status === 0) return result.stdout;
  throw new InputError(
    `git ${words.join(' ')} failed in ${folder}:\n  ${(result.stderr || result.stdout).trim().replaceAll('\n', '\n  ')}`,
  );
}

/** What git answered: its words on standard error when it failed. */
export type GitAnswer = { readonly out: string } | { readonly problem: string };

export interface GitOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads on standard input. */
  readonly input?: string | undefined;
}

/**
 * Asks git about a repository of the user's, of which nothing is changed: not even the index is brought up to date. The user's own
 * configuration holds, so that whatever lets them read the repository lets us. Throws `InputError` for one that belongs to somebody
 * else, with git's own words on what to do: as mounted into a container.
 */
export function askGit(
  folder: string,
  words: readonly string[],
  { environment = {}, input }: GitOptions = {},
): GitAnswer {
  const result = started(folder, words, { input, environment: { GIT_OPTIONAL_LOCKS: '0', ...environment } });
  if (result.status === 0) return { out: result.stdout };
  const problem = result.stderr.trim();
  if (problem.includes('dubious ownership')) throw new InputError(problem);
  return { problem };
}

function started(
  folder: string,
  words: readonly string[],
  { input, environment }: GitOptions,
): SpawnSyncReturns<string> {
  const result = spawnSync('git', [...FIXED, ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, ...environment },
  });
  if (result.error !== undefined) throw new InputError(`git cannot be run: ${result.error.message}`);
  return result;
}
