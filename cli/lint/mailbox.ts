/** Patches of a mailbox as commits: made beside the repository, which is only read. */
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import path from 'node:path';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import { besideRepository, objectsOf, told } from './beside-repository.ts';

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
  await besideRepository(repository, async (environment, folder) => {
    const first = told(
      repository,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`],
      {},
      `--base ${base}: there is no such revision`,
    ).trim();
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
    await use(`${first}..${last}`, objectsOf(environment));
  });
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
