/** Commits made beside a repository, which is only read: their objects and index lie in a folder that goes away again. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';

export type Environment = Readonly<Record<string, string>>;

/** Lends out what git needs to write beside a repository, and a folder for other files. */
export async function besideRepository(
  repository: string,
  use: (environment: Environment, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'beside-'));
  const who = { NAME: 'conform', EMAIL: 'conform@example.org', DATE: '2000-01-01T00:00:00Z' };
  try {
    const objects = told(repository, ['rev-parse', '--path-format=absolute', '--git-path', 'objects'], {});
    const environment = {
      GIT_OBJECT_DIRECTORY: path.join(folder, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(objects.replace(/\n$/, '')),
      GIT_INDEX_FILE: path.join(folder, 'index'),
      // Equal trees make equal commits, whenever they are made.
      ...Object.fromEntries(
        Object.entries(who).flatMap(([key, value]) => [
          [`GIT_AUTHOR_${key}`, value],
          [`GIT_COMMITTER_${key}`, value],
        ]),
      ),
    };
    mkdirSync(environment.GIT_OBJECT_DIRECTORY);
    await use(environment, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is needed to read the commits later, without the index. */
export function objectsOf(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([key]) => key.includes('OBJECT')));
}

/** Git takes a list here, parted by colons. */
function quoted(folder: string): string {
  return /[:"]/.test(folder) ? JSON.stringify(folder) : folder;
}

/** Git's answer. Throws `InputError` with the fault in words when there is none. */
export function told(
  folder: string,
  words: readonly string[],
  environment: Environment,
  fault = `git ${words[0] ?? ''} fails`,
): string {
  const answer = askGit(folder, words, { environment });
  if ('out' in answer) return answer.out;
  throw new InputError(`${fault}${answer.problem === '' ? '' : `: ${answer.problem.split('\n')[0] ?? ''}`}`);
}
