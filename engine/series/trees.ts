/**
 * The trees of a series of patches that can be run: `before`, `after`, the steps between, and variants of a step. Trees that
 * are not in the repository are written once to the cache, under the hash of their files, and loaded from there like any other.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asideOf } from '#base/files.ts';
import { InputError } from '#base/input-error.ts';
import { readTree, type TreeFiles, treeHash, writeTree } from '#base/tree-files.ts';
import type { Tree } from '../subject.ts';
import { readVariant, variantNames } from '../variant.ts';
import { seriesTrees } from './check.ts';
import { applySeriesPatch, patchNames, readPatches, type SeriesPatch } from './patches.ts';
import type { SeriesFolders } from './unfold.ts';

/** Where a series and what belongs to it lies; absolute folders. */
export interface SeriesSource extends SeriesFolders {
  readonly variants: string;
}

/** A series whose trees can be asked for by name. */
export interface Series {
  readonly source: SeriesSource;
  /** Number of patches. */
  readonly stepCount: number;
  readonly patches: () => readonly SeriesPatch[];
  /** The name of the tree after `step` patches: `before`, `step-3`, `after`. */
  readonly stepName: (step: number) => string;
  /** Names of all trees; a variant may be of a step, e.g. `as-posted@3`. */
  readonly names: () => string[];
  /** The files of the tree after `step` patches. */
  readonly stepFiles: (step: number) => TreeFiles;
  /** A tree by its name, or by a path with a `/` of a folder. Throws `InputError` for one that is not there. */
  readonly tree: (name: string) => Tree;
}

/** Opens the series in `source`; trees that have to be made are made below `cache`. */
export function openSeries(source: SeriesSource, cache: () => string): Series {
  const stepCount = patchNames(source.patches).length;
  const stepName = (step: number): string =>
    step === 0 ? 'before' : step === stepCount ? 'after' : `step-${step}`;
  const patches = once(() => readPatches(source.patches));
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
  return { source, stepCount, patches, stepName, names, stepFiles, tree };
}

/** `make`, which is asked once for each argument. */
function onceEach<Argument, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  const made = new Map<Argument, Result>();
  return (argument) => {
    if (!made.has(argument)) made.set(argument, make(argument));
    return made.get(argument) as Result;
  };
}

/** `make`, which is asked once. */
function once<Result>(make: () => Result): () => Result {
  const each = onceEach(make);
  return () => each(undefined);
}

function folderTree(name: string): Tree {
  const folder = resolve(name);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(`no tree in '${name}': there is no such folder`);
  return { name, folder, hash: treeHash(readTree(folder)) };
}

type Parts = Pick<Series, 'source' | 'stepCount' | 'names' | 'stepFiles'>;

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

/** `folder` with these files: written aside and then renamed, so that nobody sees half of it. */
function written(folder: string, files: TreeFiles): string {
  if (existsSync(folder)) return folder;
  const aside = asideOf(folder);
  mkdirSync(aside, { recursive: true });
  writeTree(aside, files);
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Somebody else has made it meanwhile.
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
