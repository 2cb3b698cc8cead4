/**
 * Folders of a project that its trees share, and trees with copies of their own: what a variant patches there must not be seen by
 * any other tree. A tree imports them as `#NAME/…`, which its own `package.json` leads to its copies.
 */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readTree, type TreeFiles } from '#base/tree-files.ts';

/** Folders that trees import by `#NAME/…`. */
export interface SharedFolders {
  /** Absolute folder in which they lie. */
  readonly root: string;
  /** The lowest first: each imports none but those before it. */
  readonly names: readonly string[];
}

/** The files of shared folders, named as in the root. */
function filesIn({ root }: SharedFolders, names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((name) =>
    [...readTree(join(root, name))].map(([file, text]) => [`${name}/${file}`, text] as const),
  );
}

/** The files of all shared folders, named as in the root. */
export function filesOfShared(shared: SharedFolders): TreeFiles {
  return new Map(filesIn(shared, shared.names));
}

/** The files of a tree and of all that it shares with others. */
export function withShared(tree: TreeFiles, shared: SharedFolders): TreeFiles {
  return new Map([...filesOfShared(shared), ...tree]);
}

/**
 * The files of a tree that patches of `changed` files are to be applied to: with copies of the lowest shared folder among them and
 * of those above it, which import it. The tree as it is where nothing shared is changed.
 */
export function withOwnCopies(tree: TreeFiles, changed: readonly string[], shared: SharedFolders): TreeFiles {
  return lowestOf(changed, shared) < 0 ? tree : ownCopies(tree, changed, shared, filesOfShared(shared));
}

/** The same, with copies out of `files`, which are named as in the root. */
export function ownCopies(
  tree: TreeFiles,
  changed: readonly string[],
  shared: SharedFolders,
  files: TreeFiles,
): TreeFiles {
  const { names } = shared;
  const lowest = lowestOf(changed, shared);
  if (lowest < 0) return tree;
  const own = names.slice(lowest);
  const imports = Object.fromEntries(names.map((name) => [`#${name}/*`, `./${name}/*`]));
  return new Map([
    ...tree,
    ['package.json', `${JSON.stringify({ type: 'module', imports }, null, 2)}\n`],
    ...[...files].filter(([file]) => own.some((name) => file.startsWith(`${name}/`))),
  ]);
}

/** The lowest shared folder with a changed file, by its place among the names; -1 when there is none. */
const lowestOf = (changed: readonly string[], { names }: SharedFolders): number =>
  names.findIndex((name) => changed.some((file) => file.startsWith(`${name}/`)));

/** Links what a written tree does not have of its own, for one that has something. */
export function linkShared(folder: string, files: TreeFiles, { root, names }: SharedFolders): void {
  const own = names.filter((name) => [...files.keys()].some((file) => file.startsWith(`${name}/`)));
  if (own.length === 0) return;
  for (const name of names) if (!own.includes(name)) symlinkSync(join(root, name), join(folder, name), 'dir');
}
