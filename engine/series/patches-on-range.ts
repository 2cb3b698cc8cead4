/** Patches in a folder as another version of a range of commits: they stand on the commit that the range stands on. */
import { resolve } from 'node:path';
import { InputError } from '#base/input-error.ts';
import { once, onceEach } from '#base/once.ts';
import type { Tree } from '../subject.ts';
import { contractsBeside } from './contracts-beside.ts';
import type { GitSeries } from './git-range.ts';
import { gitTree, objectsBeside, patchedTree } from './git-trees.ts';
import { coverLetterIn, readPatches } from './patches.ts';
import type { Preparation } from './prepare.ts';
import { type Place, stepNamed, stepNameOf } from './series.ts';

/** The range as it is now. */
export interface RangeNow {
  readonly now: GitSeries;
  readonly options: Preparation;
  readonly place: Pick<Place, 'cache'>;
}

/**
 * The patches of `folder` as a series. Where one has no contract beside it, that of the commit of its subject counts. Throws
 * `InputError` for a folder without patches, and when a tree is asked for whose patches do not apply.
 */
export function patchesOnRange(folder: string, { now, options, place }: RangeNow): GitSeries {
  const { gitFolder, repository, base } = now.range;
  const { cache } = place;
  const patches = readPatches(resolve(folder));
  if (patches.length === 0)
    throw new InputError(
      `no version of the series in '${folder}'\n  allowed: a folder of patches 0001-….patch, 0002-….patch, …, or a range of commits`,
    );
  const stepName = (step: number): string => stepNameOf(step, patches.length);
  const environment = once(() => objectsBeside(repository, cache()));
  const hashAt = onceEach((step: number): string => {
    const patch = patches[step - 1];
    if (patch === undefined) return base.tree;
    // The mail of a commit that changes nothing.
    if (!/^\+\+\+ |^diff --git /m.test(patch.text)) return hashAt(step - 1);
    const patching = { name: `version-${step}`, patches: [patch], from: folder };
    return patchedTree(patching, hashAt(step - 1), { gitFolder, environment: environment() });
  });
  const names = patches.map(({ step }) => stepName(step));
  return {
    ...now,
    stepCount: patches.length,
    patches: () => patches,
    coverLetter: () => coverLetterIn(resolve(folder)),
    stepNamed: (text) => stepNamed(text, patches),
    stepName,
    names: () => [stepName(0), ...names],
    tree: onceEach((name: string): Tree => {
      const step = names.indexOf(name) + 1;
      if (step === 0 && name !== stepName(0)) return now.tree(name);
      return gitTree(name, hashAt(step), { gitFolder, environment: environment(), cache, options });
    }),
    contracts: (language) => contractsBeside(resolve(folder), patches, now, language),
  };
}
