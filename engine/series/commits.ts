/**
 * The commits of a range, read from git in one go: a chain, each the only predecessor of the next. What is no chain, or cannot be
 * followed to its beginning, is refused with the reason.
 */
import { type GitAnswer, askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';

export interface Commit {
  readonly hash: string;
  /** The hash of its tree: commits of one tree behave alike. */
  readonly tree: string;
  readonly subject: string;
  readonly message: string;
  /** `Name <address>`. */
  readonly author: string;
  /** When it was written, as mail has it. */
  readonly date: string;
  /** Values of its `Contract:` trailers. */
  readonly contracts: readonly string[];
}

export interface CommitRange {
  /** Absolute folder of the repository. */
  readonly repository: string;
  /** Absolute folder in which git keeps it. */
  readonly gitFolder: string;
  /** The commit that the first one of the range stands on. */
  readonly base: { readonly hash: string; readonly tree: string };
  readonly commits: readonly Commit[];
}

const FIELDS = ['%H', '%P', '%T', '%s', '%b', '%(trailers:key=Contract,valueonly)', '%an <%ae>', '%aD'];

/**
 * Reads the commits of `range`, written `BASE..TIP`, in the repository around `folder`. Throws `InputError` when there is no such
 * repository, range, or commit in it, for a merge, and where the history is cut off.
 */
export function readCommits(folder: string, range: string): CommitRange {
  const found = answerOf(
    askGit(folder, ['rev-parse', '--absolute-git-dir', '--is-shallow-repository']),
    () => new InputError(`${folder} is in no git repository`),
  );
  const [gitFolder = '', shallow] = found.trimEnd().split('\n');
  const isShallow = shallow === 'true';
  const [base = '', tip = ''] = range.split('..');
  if (base === '' || range.split('..').length !== 2 || tip.startsWith('.'))
    throw new InputError(`'${range}' is no range of commits\n  allowed: BASE..TIP, such as main..HEAD`);
  for (const name of [base, tip || 'HEAD']) checkRevision(folder, name, range, isShallow);
  const words = [
    'log',
    '-z',
    '--reverse',
    '--topo-order',
    '--no-show-signature',
    `--format=${FIELDS.join('%x01')}`,
  ];
  const out = answerOf(
    askGit(folder, [...words, `${base}..${tip || 'HEAD'}`, '--']),
    (problem) => new InputError(`git cannot list ${range}: ${problem}`),
  );
  const records = out.split('\0').filter((record) => record !== '');
  if (records.length === 0)
    throw new InputError(`no commits in ${range}: ${tip || 'HEAD'} has nothing that ${base} does not have`);
  const commits = records.map((record) => commitOf(record, range));
  for (const { commit, parents } of commits) checkMerge(commit, parents, range);
  const [first] = commits;
  const baseHash = first?.parents[0];
  for (const [index, { commit, parents }] of commits.entries())
    checkParents(commit, parents, index === 0 ? baseHash : commits[index - 1]?.commit.hash, {
      range,
      isShallow,
    });
  const tree = answerOf(askGit(folder, ['rev-parse', '--verify', '--quiet', `${baseHash}^{tree}`]), () =>
    cutOff(first?.commit, isShallow),
  );
  return {
    repository: folder,
    gitFolder,
    base: { hash: baseHash ?? '', tree: tree.trim() },
    commits: commits.map(({ commit }) => commit),
  };
}

/** What git says. Throws what `problemOf` makes of its words when it failed. */
export function answerOf(answer: GitAnswer, problemOf: (problem: string) => Error): string {
  if ('out' in answer) return answer.out;
  throw problemOf(answer.problem);
}

function checkRevision(folder: string, name: string, range: string, isShallow: boolean): void {
  answerOf(askGit(folder, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]), () => {
    const hint = isShallow ? '\n  this is a shallow clone: git fetch --unshallow brings the rest' : '';
    return new InputError(`'${name}' of ${range} is no commit of ${folder}${hint}`);
  });
}

function commitOf(record: string, range: string): { commit: Commit; parents: readonly string[] } {
  const [hash = '', parents = '', tree = '', subject = '', message, contracts = '', author = '', date = ''] =
    record.split('\x01');
  if (message === undefined)
    throw new InputError(`git lists ${range} in a form that cannot be read: ${record}`);
  const commit = {
    hash,
    tree,
    subject,
    message: message.trim(),
    author,
    date: date.trim(),
    contracts: contracts.split('\n').flatMap((value) => (value.trim() === '' ? [] : [value.trim()])),
  };
  return { commit, parents: parents.split(' ').filter((parent) => parent !== '') };
}

const named = ({ hash, subject }: Commit): string => `${hash.slice(0, 12)} '${subject}'`;

function checkMerge(commit: Commit, parents: readonly string[], range: string): void {
  if (parents.length < 2) return;
  throw new InputError(
    `${named(commit)} of ${range} is a merge: a step is compared with the one before it, and a merge has two\n  what to do: rebase the range to one line, or begin it after the merge`,
  );
}

function checkParents(
  commit: Commit,
  parents: readonly string[],
  expected: string | undefined,
  { range, isShallow }: { range: string; isShallow: boolean },
): void {
  if (parents.length === 0) throw cutOff(commit, isShallow);
  if (parents[0] !== expected)
    throw new InputError(
      `${named(commit)} of ${range} does not stand on the commit before it: the range is not one line\n  what to do: give a base that all of it stands on`,
    );
}

function cutOff(commit: Commit | undefined, isShallow: boolean): InputError {
  const what = commit === undefined ? 'the range' : named(commit);
  return new InputError(
    isShallow
      ? `what ${what} stands on is not in this shallow clone\n  what to do: git fetch --unshallow, or a later base`
      : `${what} stands on nothing: the first commit of a history has no step before it\n  what to do: a base that comes after it`,
  );
}

/** What a commit changes, as git writes it. */
export function diffOfCommit(repository: string, hash: string): string {
  const words = ['diff-tree', '-p', '--no-commit-id', '--no-color', '--no-ext-diff', '--no-textconv'];
  return answerOf(
    askGit(repository, ['-c', 'core.quotepath=false', ...words, '--no-renames', hash]),
    (problem) => new InputError(`git cannot show ${hash}: ${problem}`),
  );
}

/** What git makes of the diff of a commit, whatever it stands on; empty for a commit without changes. */
export function patchIdOf(repository: string, hash: string): string {
  const input = diffOfCommit(repository, hash);
  const answer = answerOf(
    askGit(repository, ['patch-id', '--stable'], { input }),
    (problem) => new InputError(`git patch-id failed: ${problem}`),
  );
  return answer.split(/\s/)[0] ?? '';
}
