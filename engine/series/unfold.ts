/**
 * Between the patches of a series and a git repository with one commit a step: `unfold` makes the repository, in which
 * one edits, rebases, bisects with ordinary git; `fold` writes patches and the last tree back. They are inverse to each
 * other: folding what was just unfolded changes no byte.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '#base/input-error.ts';
import { git } from '#base/git.ts';
import { patchNames, readPatches } from './patches.ts';
import { readTree, writeTree } from '#base/tree-files.ts';

/** Where a series lies. */
export interface SeriesFolders {
  /** Tree before the first patch. */
  readonly before: string;
  /** Tree after the last patch. */
  readonly after: string;
  /** The patches. */
  readonly patches: string;
}

/** Subject of the commit that holds the tree before the series. */
const BASE_SUBJECT = 'before the series';

/** Everything about a commit that would differ from run to run. */
const IDENTITY = ['-c', 'user.name=pmem-conform', '-c', 'user.email=series@pmem-conform.invalid'];

/**
 * Makes `folder` a git repository: a commit with the tree before, then one a patch. Returns the number of patches.
 * Throws `InputError` when the folder has something in it, or a patch does not apply.
 */
export function unfoldSeries(folders: SeriesFolders, folder: string): number {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new InputError(`${folder} is not empty\n  allowed: a folder that is empty or does not exist`);
  }
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--initial-branch=series']);
  writeTree(folder, readTree(folders.before));
  git(folder, ['add', '--all']);
  git(folder, [...IDENTITY, 'commit', '--quiet', '-m', BASE_SUBJECT]);
  const patches = readPatches(folders.patches);
  for (const patch of patches) {
    git(folder, [...IDENTITY, 'am', '--quiet', '--keep-cr', '--committer-date-is-author-date'], patch.text);
  }
  return patches.length;
}

/** The first commit of the repository in `folder`. */
function baseCommit(folder: string): string {
  const [base = ''] = git(folder, ['rev-list', '--max-parents=0', 'HEAD']).trim().split('\n');
  if (git(folder, ['log', '-1', '--format=%s', base]).trim() !== BASE_SUBJECT) {
    throw new InputError(`${folder} was not made by unfold: its first commit is not '${BASE_SUBJECT}'`);
  }
  return base;
}

/** The patch files of the commits after the base, by file name. */
export function patchesOf(folder: string): Map<string, string> {
  const base = baseCommit(folder);
  const aside = join(folder, '.git', 'folded-patches');
  rmSync(aside, { recursive: true, force: true });
  git(folder, [
    'format-patch',
    '--quiet',
    '--zero-commit',
    '--no-signature',
    '--full-index',
    '--no-renames',
    '--numbered',
    '--subject-prefix=PATCH v3',
    '--diff-algorithm=myers',
    '-U3',
    '--no-stat',
    '--output-directory',
    aside,
    `${base}..HEAD`,
  ]);
  const names = readdirSync(aside).sort();
  const patches = new Map(
    names.map((name) => [name.replace(/^(\d{4})-v\d+-/, '$1-'), readFileSync(join(aside, name), 'utf8')]),
  );
  rmSync(aside, { recursive: true, force: true });
  return patches;
}

/**
 * Writes the commits of the repository in `folder` back: the patches, and the tree of the last commit as `after`.
 * Nothing else is touched. Returns the names of the patch files. Throws `InputError` for uncommitted changes, or for a
 * number of commits other than the number of patches there is now.
 */
export function foldSeries(folders: SeriesFolders, folder: string): string[] {
  if (!existsSync(join(folder, '.git')))
    throw new InputError(`${folder} is not a repository: make one with unfold`);
  if (git(folder, ['status', '--porcelain']).trim() !== '') {
    throw new InputError(
      `${folder} has changes that are not committed: commit them to the step they belong to`,
    );
  }
  const patches = patchesOf(folder);
  const old = patchNames(folders.patches);
  if (old.length > 0 && old.length !== patches.size) {
    throw new InputError(
      `${folder} has ${patches.size} commits after the base, the series ${old.length} patches\n  allowed: one commit a step (squash or split with git rebase -i)`,
    );
  }
  for (const name of old) if (!patches.has(name)) rmSync(join(folders.patches, name));
  for (const [name, text] of patches) writeFileSync(join(folders.patches, name), text);
  writeTree(folders.after, readTreeOfHead(folder));
  return [...patches.keys()];
}

/** The committed tree, read from git so that no stray file of the work tree gets in. */
function readTreeOfHead(folder: string): Map<string, string> {
  const names = git(folder, ['ls-tree', '-r', '-z', '--name-only', 'HEAD'])
    .split('\0')
    .filter((name) => name !== '');
  return new Map(names.map((name) => [name, git(folder, ['show', `HEAD:${name}`])]));
}
