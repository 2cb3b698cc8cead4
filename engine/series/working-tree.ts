/**
 * The repository that a series of patches itself lies in: what a person has changed there, as the patch of a variant, and the last
 * tree as it was at a revision.
 */
import { relative } from 'node:path';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { answerOf } from './commits.ts';
import { filesOfShared, ownCopies, type SharedFolders } from './own-copies.ts';

/** Words for a diff that says the same whatever the user has configured. */
const DIFF = [
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--full-index',
  '--binary',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/** What `revisions` changed below `folder`, files named as from `from`; `HEAD` is what is not committed. */
export function diffIn(folder: string, revisions: string, from: string, paths: readonly string[]): string {
  const relatively = from === '' ? '--no-relative' : `--relative=${from}`;
  const words = [...DIFF, relatively, revisions, '--', ...paths];
  return answerOf(
    askGit(folder, words),
    (problem) => new InputError(`git cannot say what ${revisions} changes: ${problem}`),
  );
}

/** Where the trees of a series come from: the last of them, absolute, and folders of the project that they share. */
interface TreeFolders {
  readonly after: string;
  readonly shared: readonly string[];
}

/** What was changed in the last tree, files named as in a tree, and in folders that trees share. */
export function patchOfTrees(root: string, { after, shared }: TreeFolders, range = 'HEAD'): string {
  const prefix = prefixOf(root);
  const own = relative(root, after);
  const patch = [
    diffIn(root, range, `${prefix}${own}`, [own]),
    ...(shared.length === 0 ? [] : [diffIn(root, range, prefix, shared)]),
  ].join('');
  if (patch !== '') return patch;
  throw new InputError(
    `${range === 'HEAD' ? 'nothing that is not committed' : `nothing in ${range}`} changes a tree\n  allowed: changes in ${[own, ...shared].join('/, ')}/; new files count once git knows them (git add -N)`,
  );
}

/** The path from the top of the repository to `folder`, with a `/` at its end where there is one. */
export function prefixOf(folder: string): string {
  return answerOf(
    askGit(folder, ['rev-parse', '--show-prefix']),
    () => new InputError(`${folder} is in no git repository`),
  ).trim();
}

/** The last tree and what trees share, as they were at a revision; empty where there was none. */
export function filesAt(
  revision: string,
  after: string,
  { root, names }: SharedFolders,
): { readonly tree: TreeFiles; readonly shared: TreeFiles } {
  const shared = names.flatMap((name) =>
    [...filesIn(root, revision, name)].map(([file, text]) => [`${name}/${file}`, text] as const),
  );
  return { tree: filesIn(root, revision, relative(root, after)), shared: new Map(shared) };
}

/**
 * The last tree as it was at a revision, with copies of what it shared then where that was not what it is now. Nothing for text
 * that is no revision, or one without such a tree.
 */
export function filesAtRevision(
  revision: string,
  after: string,
  shared: SharedFolders,
): TreeFiles | undefined {
  const then = filesAt(revision, after, shared);
  if (then.tree.size === 0) return undefined;
  const now = filesOfShared(shared);
  const changed = [...new Set([...then.shared.keys(), ...now.keys()])].filter(
    (file) => then.shared.get(file) !== now.get(file),
  );
  return ownCopies(then.tree, changed, shared, then.shared);
}

/** The files of a folder at a revision, named as from that folder; none where there is no such folder. */
export function filesIn(root: string, revision: string, folder: string): TreeFiles {
  const listed = askGit(root, ['ls-tree', '-r', '-z', '--full-tree', `${revision}:./${folder}`]);
  if (!('out' in listed)) return new Map();
  const entries = listed.out.split('\0').flatMap((line) => {
    const [, hash, file] = /^\d+ blob (\w+)\t([^]*)$/.exec(line) ?? [];
    return hash === undefined || file === undefined ? [] : [{ hash, file }];
  });
  const texts = blobsOf(
    root,
    entries.map(({ hash }) => hash),
  );
  return new Map(entries.map(({ file }, index) => [file, texts[index] ?? '']));
}

/** The texts of blobs, in order. */
function blobsOf(root: string, hashes: readonly string[]): string[] {
  const input = hashes.map((hash) => `${hash}\n`).join('');
  const answer = askGit(root, ['cat-file', '--batch'], { input });
  const out = answerOf(answer, (problem) => new InputError(`git cannot read: ${problem}`));
  const bytes = Buffer.from(out);
  let at = 0;
  return hashes.map(() => {
    const end = bytes.indexOf(10, at);
    const sizeBytes = Number(bytes.subarray(at, end).toString().split(' ')[2]);
    at = end + 1 + sizeBytes + 1;
    return bytes.subarray(end + 1, at - 1).toString();
  });
}

/** Everything that was changed in a repository whose commits are the steps. */
export function patchOfCheckout(repository: string, range = 'HEAD'): string {
  const top = answerOf(
    askGit(repository, ['rev-parse', '--show-toplevel']),
    () => new InputError(`${repository} has no checkout`),
  ).trimEnd();
  const patch = diffIn(top, range, '', ['.']);
  if (patch !== '') return patch;
  throw new InputError(
    `${range === 'HEAD' ? 'nothing that is not committed' : `nothing in ${range}`} changes a tree\n  allowed: changes of files that git knows (git add -N for new ones), or --range BASE..TIP`,
  );
}
