/** Whether the parts of a series agree: the patches apply one after the other, and lead from `before` to `after`. */
import { InputError } from '#base/input-error.ts';
import { checkBlobNames } from './blob-names.ts';
import { applySeriesPatch, readPatches, type SeriesPatch } from './patches.ts';
import { differingFiles, readTree, type TreeFiles } from '#base/tree-files.ts';
import type { SeriesFolders } from './unfold.ts';

/** The trees of all steps, 0 being `before`, and the patches between them. */
export interface SeriesTrees {
  readonly patches: readonly SeriesPatch[];
  readonly trees: readonly TreeFiles[];
}

/** Applies all patches in memory. Throws `InputError` for the first that does not fit. */
export function seriesTrees(folders: SeriesFolders): SeriesTrees {
  const patches = readPatches(folders.patches);
  const trees: TreeFiles[] = [readTree(folders.before)];
  for (const patch of patches) trees.push(applySeriesPatch(trees.at(-1) ?? new Map(), patch));
  return { patches, trees };
}

/** Throws `InputError` that says what disagrees; returns the number of patches when nothing does. */
export function checkSeries(folders: SeriesFolders): number {
  const { patches, trees } = seriesTrees(folders);
  const wrong = differingFiles(trees.at(-1) ?? new Map(), readTree(folders.after));
  if (wrong.length > 0) {
    throw new InputError(
      `before + ${patches.length} patches is not after:\n  ${wrong.join('\n  ')}\n  what to do: unfold, commit the difference to its step, fold`,
    );
  }
  for (const [index, patch] of patches.entries())
    checkBlobNames(patch, trees[index] ?? new Map(), trees[index + 1] ?? new Map());
  return patches.length;
}
