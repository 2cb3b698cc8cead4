/**
 * Another version of a series of patches: a folder of patches, a repository that `unfold` made, the patches as they were at a revision of
 * git, or a range of commits that change the last tree. What it is made of is written to the cache, and is then a series like any other.
 */
import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { madeAside } from '#base/files.ts';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import { type TreeFiles, treeHash, writeTree } from '#base/tree-files.ts';
import { seriesTrees } from './check.ts';
import { answerOf, readCommits } from './commits.ts';
import { contractsBeside } from './contracts-beside.ts';
import { linkShared, type SharedFolders } from './own-copies.ts';
import { isPatchName, patchNames } from './patches.ts';
import type { Place, Series } from './series.ts';
import type { SeriesSource } from './trees.ts';
import { patchesOf, type SeriesFolders } from './unfold.ts';
import { filesIn, prefixOf } from './working-tree.ts';

/** The series as it is now. */
export interface ThisVersion {
  readonly source: SeriesSource;
  readonly place: Omit<Place, 'warn'>;
}

/**
 * The version that `text` names. Where a patch has no contract beside it, that of the step of its subject counts. Folders that trees
 * share are those of now. Throws `InputError` where there is no such version.
 */
export function otherVersion<Own extends Series>(
  text: string,
  now: ThisVersion,
  open: (source: SeriesSource, place: Omit<Place, 'warn'>) => Own,
): Own {
  const { source, place } = now;
  const { patches, before } = isFolder(text)
    ? { patches: patchesIn(text, place), before: source.before }
    : text.includes('..')
      ? rangeOfTree(text, now)
      : patchesAt(text, now);
  const last = seriesTrees({ before, after: before, patches }).trees.at(-1) ?? new Map<string, string>();
  const after = keptTree(last, place);
  const series = open({ before, after, patches, variants: join(patches, 'variants') }, place);
  return {
    ...series,
    contracts: (language) => contractsBeside(patches, series.patches(), open(source, place), language),
  };
}

/** Whether `path` is a folder. */
export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

type Version = Pick<SeriesFolders, 'patches' | 'before'>;

const none = (text: string, { source, place }: ThisVersion): InputError => {
  const [patches, after] = [source.patches, source.after].map((folder) => relative(place.root, folder));
  return new InputError(
    `no version of the series in '${text}'\n  allowed: a folder of patches 0001-….patch, 0002-….patch, …; a repository made by unfold; a revision of git that has ${patches}/; a range BASE..TIP of commits that change ${after}/`,
  );
};

/** The folder of patches that `folder` is or, as a repository, makes. */
function patchesIn(folder: string, place: ThisVersion['place']): string {
  const path = resolve(folder);
  if (!existsSync(join(path, '.git'))) {
    if (patchNames(path).length > 0) return path;
    throw new InputError(
      `no version of the series in '${folder}'\n  allowed: patches 0001-….patch, 0002-….patch, … there, or a repository made by unfold`,
    );
  }
  return keptPatches(patchesOf(path), place);
}

/** The patches of the series, and its first tree, as they were at a revision. */
function patchesAt(revision: string, now: ThisVersion): Version {
  const { source, place } = now;
  const at = (folder: string): TreeFiles => filesIn(place.root, revision, relative(place.root, folder));
  const [patches, before] = [at(source.patches), at(source.before)];
  if (before.size === 0 || ![...patches.keys()].some(isPatchName)) throw none(revision, now);
  return { patches: keptPatches(patches, place), before: keptTree(before, place) };
}

/** Words for a patch that says the same whatever the user has configured. */
const FORMAT = [
  'format-patch',
  '--stdout',
  '--full-index',
  '--no-renames',
  '--no-stat',
  '--no-signature',
  '--no-attach',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/** The commits of a range that change the last tree, as patches of it as it was before them. */
function rangeOfTree(range: string, now: ThisVersion): Version {
  const { source, place } = now;
  const { root } = place;
  const { base, commits } = readCommits(root, range);
  const own = relative(root, source.after);
  const from = `${prefixOf(root)}${own}`;
  const texts = commits.map(({ hash }) =>
    answerOf(
      askGit(root, [...FORMAT, `--relative=${from}`, `${hash}^..${hash}`, '--', own]),
      (problem) => new InputError(`git cannot show ${hash}: ${problem}`),
    ),
  );
  const changing = texts.filter((text) => /^diff --git /m.test(text));
  if (changing.length === 0) throw none(range, now);
  const files = changing.map(
    (text, index) => [`${String(index + 1).padStart(4, '0')}-step.patch`, text] as const,
  );
  const before = filesIn(root, base.hash, own);
  return { patches: keptPatches(new Map(files), place), before: keptTree(before, place) };
}

function keptPatches(files: TreeFiles, { cache }: ThisVersion['place']): string {
  const name = `patches-${treeHash(files).slice(0, 16)}`;
  return madeAside(join(cache(), 'trees', name), (aside) => writeTree(aside, files));
}

/** A tree in the cache, with what it shares. */
function keptTree(files: TreeFiles, { root, imports, cache }: ThisVersion['place']): string {
  const shared: SharedFolders = { root, names: imports };
  return madeAside(join(cache(), 'trees', `version-${treeHash(files).slice(0, 16)}`), (aside) => {
    writeTree(aside, files);
    linkShared(aside, files, shared);
  });
}
