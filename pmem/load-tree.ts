/** Loads a tree from its folder; trees are never imported by name. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '#base/input-error.ts';
import type { Boot } from './run/run.ts';
import { type LoadOptions, loadTreeModule, type TreeModule } from './tree-module.ts';

/** The constructor that every tree exports from its `index.ts`. Throws `InputError` for a folder that is no tree. */
export async function loadTree(folder: string): Promise<Boot> {
  return (await loadBoot(folder)).exports.boot;
}

/** The same, with what counters of lines need to know of it. */
export async function loadBoot(
  folder: string,
  options: LoadOptions = {},
): Promise<TreeModule<{ readonly boot: Boot }>> {
  const loaded = existsSync(join(folder, 'index.ts'))
    ? await loadTreeModule<{ readonly boot?: Boot }>(folder, 'index.ts', options)
    : undefined;
  if (typeof loaded?.exports.boot === 'function') return loaded as TreeModule<{ readonly boot: Boot }>;
  throw new InputError(
    `${folder}: index.ts exports no function boot\n  allowed: a tree of the subsystem, such as after/`,
  );
}
