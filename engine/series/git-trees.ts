/**
 * Trees of git that are written to a folder, or made by a patch on another tree. All with an index, and where need be a store of
 * objects, of our own: nothing of the user's repository changes.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asideOf, madeAside, makeFolder } from '#base/files.ts';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import { once } from '#base/once.ts';
import type { Tree } from '../subject.ts';
import type { Variant } from '../variant.ts';
import { answerOf } from './commits.ts';
import { type Preparation, prepareTree } from './prepare.ts';

/** Where git finds a tree. */
export interface TreeSource {
  /** Absolute folder in which git keeps the repository. */
  readonly gitFolder: string;
  /** Variables that say where objects besides those of the repository lie. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Runs git on a work tree in `folder`, with an index of its own in which the tree `hash` was read. Throws what `problemOf` makes. */
function onTree<Result>(
  { gitFolder, environment }: TreeSource,
  hash: string,
  folder: string,
  use: (
    ask: (words: readonly string[], problemOf: (problem: string) => Error, input?: string) => string,
  ) => Result,
): Result {
  const index = `${folder}.index`;
  const ask = (words: readonly string[], problemOf: (problem: string) => Error, input?: string): string =>
    answerOf(
      askGit(folder, [`--git-dir=${gitFolder}`, ...words], {
        input,
        environment: { ...environment, GIT_INDEX_FILE: index, GIT_WORK_TREE: folder },
      }),
      problemOf,
    );
  try {
    ask(['read-tree', hash], (problem) => new InputError(`git cannot read tree ${hash}: ${problem}`));
    return use(ask);
  } finally {
    rmSync(index, { force: true });
  }
}

/** Writes the files of the tree `hash` to `folder`. */
export function checkOut(source: TreeSource, hash: string, folder: string): void {
  onTree(source, hash, folder, (ask) =>
    ask(
      ['checkout-index', '--all', '--force'],
      (problem) => new InputError(`git cannot write tree ${hash}: ${problem}`),
    ),
  );
}

/** Variables that make git write objects below `cache`, and find those of `repository` as well. */
export function objectsBeside(repository: string, cache: string): Readonly<Record<string, string>> {
  const objects = answerOf(
    askGit(repository, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']),
    (problem) => new InputError(`git cannot say where its objects are: ${problem}`),
  ).trimEnd();
  const own = join(cache, 'objects');
  makeFolder(own);
  return { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects) };
}

/** Patches of a name, and the folder that they come from, as people know it. */
export interface Patching extends Pick<Variant, 'name' | 'patches'> {
  readonly from?: string;
}

/** The hash of the tree that the patches of `variant` make of the tree `hash`. Throws `InputError` with git's words where one does not fit. */
export function patchedTree(
  { name, patches, from = `variants/${name}` }: Patching,
  hash: string,
  source: TreeSource,
): string {
  const folder = asideOf(join(source.environment?.['GIT_OBJECT_DIRECTORY'] ?? source.gitFolder, name));
  mkdirSync(folder);
  try {
    return onTree(source, hash, folder, (ask) => {
      for (const { fileName, text } of patches)
        ask(
          ['apply', '--cached', '--whitespace=nowarn', '-'],
          (problem) =>
            new InputError(`${from}/${fileName} does not apply:\n  ${problem.replaceAll('\n', '\n  ')}`),
          text,
        );
      return ask(['write-tree'], (problem) => new InputError(`git cannot write a tree: ${problem}`)).trim();
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Making extends TreeSource {
  readonly cache: () => string;
  readonly options: Preparation;
}

/** A tree that is written to the cache when its folder is first asked for. */
export function gitTree(name: string, hash: string, { cache, options, ...source }: Making): Tree {
  const fill = (aside: string): void => checkOut(source, hash, aside);
  const folder = once(() => {
    const made = madeAside(join(cache(), 'trees', hash), fill);
    prepareTree({ folder: made, hash, cache: cache() }, options, fill);
    return made;
  });
  return {
    name,
    hash,
    get folder() {
      return folder();
    },
  };
}
