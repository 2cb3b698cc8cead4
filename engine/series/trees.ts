/**
 * The trees that can be run: `before`, `after`, the steps between, and variants of a step. Trees that are not in the
 * repository are written once below `.cache/trees/`, under the hash of their files, and loaded from there like any other.
 */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { InputError } from '#base/input-error.ts';
import { seriesTrees } from './check.ts';
import { applySeriesPatch } from './patches.ts';
import { readTree, type TreeFiles, treeHash, writeTree } from '#base/tree-files.ts';
import type { SeriesFolders } from './unfold.ts';
import { readVariant, variantNames } from './variants.ts';

/** The repository. */
export const rootFolder: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where the variants lie. */
export const variantsFolder: string = join(rootFolder, 'series', 'variants');

/** Where the series of this repository lies. */
export function seriesFolders(): SeriesFolders {
  return {
    before: join(rootFolder, 'before'),
    after: join(rootFolder, 'after'),
    patches: join(rootFolder, 'series'),
  };
}

/** Number of patches. */
export function stepCount(): number {
  return readdirSync(seriesFolders().patches).filter((name) => /^\d{4}-.*\.patch$/.test(name)).length;
}

/** The name of the tree after `step` patches. */
export function stepName(step: number): string {
  if (step === 0) return 'before';
  return step === stepCount() ? 'after' : `step-${step}`;
}

/** Absolute folder of the tree after `step` patches. */
export function stepFolder(step: number): string {
  return treeFolder(stepName(step));
}

/** Names of everything `treeFolder` knows; a variant may be of a step, e.g. `as-posted@3`. */
export function treeNames(): string[] {
  const steps = Array.from({ length: stepCount() + 1 }, (_, step) => stepName(step));
  return [...steps, ...variantNames(variantsFolder)];
}

/** Absolute folder of a tree, made first if need be. Throws `InputError` for an unknown name. */
export function treeFolder(name: string): string {
  const { before, after } = seriesFolders();
  if (name === 'before') return before;
  if (name === 'after') return after;
  const step = /^step-(\d+)$/.exec(name)?.[1];
  if (step !== undefined && Number(step) <= stepCount()) return folderOf(name, stepFiles(Number(step)));
  const [variant = '', at = String(stepCount())] = name.split('@');
  if (!variantNames(variantsFolder).includes(variant) || !/^\d+$/.test(at)) {
    throw new InputError(`unknown tree '${name}'\n  allowed: ${treeNames().join(', ')}`);
  }
  return folderOf(name, variantFiles(variant, Number(at)));
}

/** The files of the tree after `step` patches. */
function stepFiles(step: number): TreeFiles {
  const folders = seriesFolders();
  if (step === 0) return readTree(folders.before);
  if (step === stepCount()) return readTree(folders.after);
  const files = seriesTrees(folders).trees[step];
  if (files === undefined) throw new InputError(`no step ${step}\n  allowed: 0 to ${stepCount()}`);
  return files;
}

/** The files of a variant at a step: before it enters, those of the series. */
function variantFiles(name: string, step: number): TreeFiles {
  const { entersAt, patches } = readVariant(variantsFolder, name);
  const files = stepFiles(step);
  if (step < entersAt) return files;
  return patches.reduce(
    (tree, text) =>
      applySeriesPatch(tree, { step, fileName: `variants/${name}`, subject: '', message: '', text }),
    files,
  );
}

/** A folder below `.cache/trees/` with these files: written aside and then renamed, so that nobody sees half of it. */
function folderOf(name: string, files: TreeFiles): string {
  const folder = join(rootFolder, '.cache', 'trees', `${name}-${treeHash(files).slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  writeTree(aside, files);
  if (!existsSync(folder)) renameSync(aside, folder);
  return folder;
}

/** Loads a tree and gives its constructor. */
export async function loadTree(name: string): Promise<(configuration: BootConfiguration) => Subsystem> {
  const module = (await import(pathToFileURL(join(treeFolder(name), 'index.ts')).href)) as {
    boot: (configuration: BootConfiguration) => Subsystem;
  };
  return module.boot;
}
