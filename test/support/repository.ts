/** Git repositories made on the spot for tests, each in a temporary folder; their history does not depend on the clock or the user. */
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '#base/git.ts';

export interface Repository {
  readonly folder: string;
  readonly git: (...words: string[]) => string;
  /** Writes files, a text of `null` removing one, and commits everything. Returns the hash. */
  readonly commit: (subject: string, files: Readonly<Record<string, string | null>>) => string;
  /** Writes files without committing. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly remove: () => void;
}

/** Commits everything and says its hash. One alias and so one process that this one, which is large, has to start. */
export const EVERYTHING =
  '!made() { git add --all && git commit --quiet --allow-empty -m "$1" && git rev-parse HEAD; }; made';

/** A repository on branch `main`, in a folder whose name has a space. */
export function newRepository(): Repository {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'own series-')));
  const folder = join(outer, 'a project');
  mkdirSync(folder);
  const run = (...words: string[]): string => git(folder, words);
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  };
  run('init', '--quiet', '--initial-branch=main');
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = A Tester\n\temail = tester@example.org\n');
  return {
    folder,
    git: run,
    write,
    commit(subject, files) {
      for (const [file, text] of Object.entries(files))
        if (text === null) rmSync(join(folder, file));
        else write({ [file]: text });
      return run('-c', `alias.everything=${EVERYTHING}`, 'everything', subject).trim();
    },
    remove: () => rmSync(outer, { recursive: true, force: true }),
  };
}
