/** What is not committed yet as the last commit of a range: the index, or the working tree with new files. */
import { copyFileSync, existsSync } from 'node:fs';
import { InputError } from '#base/input-error.ts';
import { besideRepository, objectsOf, told, type Environment } from './beside-repository.ts';

/** `index`: what `git add` took; `tree`: all files that are there and not ignored. */
export type Uncommitted = 'index' | 'tree';

export interface UncommittedRequest {
  readonly repository: string;
  /** `A..`, `A..HEAD` or `A`; HEAD when left out. */
  readonly range: string | undefined;
  readonly what: Uncommitted;
}

/** Calls `use` with the range up to HEAD and one commit more, and where its objects are. Throws `InputError`. */
export async function withUncommitted(
  { repository, range = 'HEAD', what }: UncommittedRequest,
  use: (range: string, environment: Environment) => Promise<void>,
): Promise<void> {
  const head = revision(repository, 'HEAD');
  const [from = '', to = ''] = range.split(/\.{2,3}/);
  if (to !== '' && revision(repository, to) !== head)
    throw new InputError(
      `--range ${range}: the index and the working tree belong to HEAD, which ${to} is not; write ${from}.. or check ${to} out.`,
    );
  await besideRepository(repository, async (environment) => {
    const index = told(repository, ['rev-parse', '--path-format=absolute', '--git-path', 'index'], {});
    const file = index.replace(/\n$/, '');
    // With its stamps of files, so that git reads only those that changed.
    if (existsSync(file)) copyFileSync(file, environment['GIT_INDEX_FILE'] ?? '');
    if (what === 'tree') {
      const top = told(
        repository,
        ['rev-parse', '--show-toplevel'],
        {},
        `${repository}: has no working tree`,
      );
      const add = ['-c', 'core.hooksPath=/dev/null', 'add', '--all'];
      told(top.replace(/\n$/, ''), add, environment, 'the working tree cannot be read');
    }
    const tree = told(repository, ['write-tree'], environment, 'the index is no tree').trim();
    const subject = what === 'tree' ? '(the working tree)' : '(the index)';
    const last = told(repository, ['commit-tree', '-p', head, '-m', subject, tree], environment).trim();
    await use(`${from === '' ? 'HEAD' : from}..${last}`, objectsOf(environment));
  });
}

function revision(repository: string, name: string): string {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  return told(repository, words, {}, `there is no revision ${name}`).trim();
}
