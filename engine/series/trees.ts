/**
 * The trees of a series of patches that can be run: `before`, `after`, the steps between, and variants of a step. Trees that
 * are not in the repository are written once to the cache, under the hash of their files, and loaded from there like any other.
 */
import { join } from 'node:path';
import { madeAside } from '#base/files.ts';
import { InputError } from '#base/input-error.ts';
import { readTree, type TreeFiles, treeHash, writeTree } from '#base/tree-files.ts';
import { once, onceEach } from '#base/once.ts';
import { type Contract, type Language, readContract } from '../contract.ts';
import type { Tree } from '../subject.ts';
import { readVariant, variantNames } from '../variant.ts';
import { seriesTrees } from './check.ts';
import { applySeriesPatch, contractNameOf, patchNames, readPatches } from './patches.ts';
import { folderTree, type Place, type Series, stepNamed, stepNameOf } from './series.ts';
import type { SeriesFolders } from './unfold.ts';

/** Where a series and what belongs to it lies; absolute folders. */
export interface SeriesSource extends SeriesFolders {
  readonly variants: string;
}

/** A series of patches on a tree in the repository. */
export interface PatchSeries extends Series {
  readonly source: SeriesSource;
  /** The files of the tree after `step` patches. */
  readonly stepFiles: (step: number) => TreeFiles;
}

/** Folders of a series of patches, relative to the root of its project. */
export function patches(folders: SeriesSource): (place: Place) => PatchSeries {
  return ({ root, cache }) =>
    openSeries(
      {
        before: join(root, folders.before),
        after: join(root, folders.after),
        patches: join(root, folders.patches),
        variants: join(root, folders.variants),
      },
      cache,
    );
}

/** Opens the series in `source`; trees that have to be made are made below `cache`. */
export function openSeries(source: SeriesSource, cache: () => string): PatchSeries {
  const stepCount = patchNames(source.patches).length;
  const stepName = (step: number): string => stepNameOf(step, stepCount);
  const patchesOf = once(() => readPatches(source.patches));
  const between = once(() => seriesTrees(source).trees);
  const stepFiles = onceEach((step: number): TreeFiles => {
    if (step === 0) return readTree(source.before);
    if (step === stepCount) return readTree(source.after);
    const files = between().at(step);
    if (files === undefined) throw new InputError(`no step ${step}\n  allowed: 0 to ${stepCount}`);
    return files;
  });
  const names = (): string[] => [
    ...Array.from({ length: stepCount + 1 }, (_, step) => stepName(step)),
    ...variantNames(source.variants),
  ];
  const tree = onceEach((name: string): Tree => {
    if (name.includes('/')) return folderTree(name);
    if (name === 'before' || name === 'after') {
      const folder = source[name];
      return { name, folder, hash: treeHash(stepFiles(name === 'before' ? 0 : stepCount)) };
    }
    const files = filesOf(name, { source, stepCount, names, stepFiles });
    const hash = treeHash(files);
    return { name, folder: written(join(cache(), 'trees', `${name}-${hash.slice(0, 16)}`), files), hash };
  });
  const contracts = (language: Language): Contract[] =>
    patchesOf().map(({ step, fileName }) =>
      readContract(join(source.patches, contractNameOf(fileName)), step, language),
    );
  return {
    source,
    variants: source.variants,
    stepCount,
    patches: patchesOf,
    stepNamed: (text) => stepNamed(text, patchesOf()),
    stepName,
    names,
    stepFiles,
    tree,
    contracts,
  };
}

type Parts = Pick<PatchSeries, 'source' | 'stepCount' | 'names' | 'stepFiles'>;

/** The files of a step or of a variant of a step. */
function filesOf(name: string, { source, stepCount, names, stepFiles }: Parts): TreeFiles {
  const step = /^step-(\d+)$/.exec(name)?.[1];
  if (step !== undefined && Number(step) <= stepCount) return stepFiles(Number(step));
  const [variant = '', at = String(stepCount)] = name.split('@');
  if (!variantNames(source.variants).includes(variant) || !/^\d+$/.test(at) || Number(at) > stepCount)
    throw new InputError(
      `unknown tree '${name}'\n  allowed: ${names().join(', ')}, VARIANT@STEP, or a folder as ./FOLDER`,
    );
  return variantFiles(source, variant, Number(at), stepFiles);
}

/** The files of a variant at a step: before it enters, those of the series. */
function variantFiles(
  source: SeriesSource,
  name: string,
  step: number,
  stepFiles: (step: number) => TreeFiles,
): TreeFiles {
  const { entersAt, patches } = readVariant(source.variants, name);
  if (step < entersAt) return stepFiles(step);
  return patches.reduce(
    (tree, { fileName, text }) =>
      applySeriesPatch(tree, {
        step,
        fileName: `variants/${name}/${fileName}`,
        subject: '',
        message: '',
        text,
      }),
    stepFiles(step),
  );
}

/** `folder` with these files. */
function written(folder: string, files: TreeFiles): string {
  return madeAside(folder, (aside) => writeTree(aside, files));
}
