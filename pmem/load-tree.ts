/** Loads a tree from its folder; trees are never imported by name. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '#base/input-error.ts';
import type { Boot } from './run/run.ts';

/** The constructor that every tree exports from its `index.ts`. Throws `InputError` for a folder that is no tree. */
export async function loadTree(folder: string): Promise<Boot> {
  return bootOf(await import(pathToFileURL(join(folder, 'index.ts')).href), folder);
}

/** The constructor among what the tree in `folder` exports. Throws `InputError` when it is not there. */
export function bootOf(tree: { readonly boot?: Boot }, folder: string): Boot {
  if (typeof tree.boot === 'function') return tree.boot;
  throw new InputError(
    `${folder}: index.ts exports no function boot\n  allowed: a tree of the subsystem, such as after/`,
  );
}
