/** Patches of a mailbox as commits: made beside the repository, which is only read. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';

export interface MailboxRequest {
  readonly repository: string;
  readonly mailbox: string;
  /** Revision the patches go on top of. */
  readonly base: string;
}

/** Calls `use` with the range the patches make, and where its objects are. Throws `InputError` when a patch does not apply. */
export async function withMailbox(
  request: MailboxRequest,
  use: (range: string, environment: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const { repository, mailbox, base } = request;
  if (!existsSync(mailbox)) throw new InputError(`--mbox ${mailbox}: there is no such file.`);
  const folder = mkdtempSync(path.join(tmpdir(), 'mailbox-'));
  try {
    const objects = told(
      repository,
      ['rev-parse', '--path-format=absolute', '--git-path', 'objects'],
      {},
    ).trim();
    const environment = {
      GIT_OBJECT_DIRECTORY: path.join(folder, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
      GIT_INDEX_FILE: path.join(folder, 'index'),
      GIT_AUTHOR_NAME: 'mailbox',
      GIT_AUTHOR_EMAIL: 'mailbox@example.org',
      GIT_COMMITTER_NAME: 'mailbox',
      GIT_COMMITTER_EMAIL: 'mailbox@example.org',
      // Equal patches make equal commits, whenever they are applied.
      GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
      GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
    };
    const first = told(
      repository,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`],
      {},
      `--base ${base}: there is no such revision`,
    ).trim();
    mkdirSync(environment.GIT_OBJECT_DIRECTORY);
    told(repository, ['read-tree', first], environment);
    let last = first;
    for (const [index, { subject, patch }] of mails(mailbox, folder).entries()) {
      told(
        repository,
        ['apply', '--cached', patch],
        environment,
        `patch ${index + 1} (${subject}) does not apply`,
      );
      const tree = told(repository, ['write-tree'], environment).trim();
      last = told(repository, ['commit-tree', '-p', last, '-m', subject, tree], environment).trim();
    }
    const { GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES } = environment;
    await use(`${first}..${last}`, { GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function told(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  fault = `git ${words[0] ?? ''} fails`,
): string {
  const answer = askGit(folder, words, { environment });
  if ('out' in answer) return answer.out;
  throw new InputError(`${fault}${answer.problem === '' ? '' : `: ${answer.problem.split('\n')[0] ?? ''}`}`);
}

interface Mail {
  readonly subject: string;
  /** File with the patch. */
  readonly patch: string;
}

/** The mails of a mailbox, or the one mail of a file, that carry a patch. */
function mails(mailbox: string, folder: string): readonly Mail[] {
  told(folder, ['mailsplit', `-o${folder}`, mailbox], {}, `${mailbox}: is no mailbox`);
  const files = readdirSync(folder)
    .filter((file) => /^\d{4,}$/.test(file))
    .sort();
  const found = files.flatMap((file): Mail[] => {
    const patch = path.join(folder, `${file}.patch`);
    const mail = readFileSync(path.join(folder, file), 'utf8');
    const information = askGit(folder, ['mailinfo', path.join(folder, `${file}.message`), patch], {
      input: mail,
    });
    const subject = 'out' in information ? /^Subject: (.*)$/m.exec(information.out)?.[1] : undefined;
    return subject === undefined || readFileSync(patch, 'utf8').trim() === '' ? [] : [{ subject, patch }];
  });
  if (found.length === 0) throw new InputError(`${mailbox}: holds no patch.`);
  return found;
}
