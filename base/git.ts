/** Runs git in a folder, with nothing of the user's own configuration that could change what it writes. */
import { spawnSync } from 'node:child_process';
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

/** Standard output of `git ARGUMENTS` in `folder`. Throws `InputError` with git's own words when it fails. */
export function git(folder: string, words: readonly string[], input?: string): string {
  const result = spawnSync('git', [...FIXED, ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
  if (result.error !== undefined) throw new InputError(`git cannot be run: ${result.error.message}`);
  if (result.status !== 0) {
    throw new InputError(
      `git ${words.join(' ')} failed in ${folder}:\n  ${(result.stderr || result.stdout).trim().replaceAll('\n', '\n  ')}`,
    );
  }
  return result.stdout;
}
