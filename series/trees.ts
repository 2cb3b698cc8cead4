/**
 * The trees that can be run: `before`, `after`, and variants, which are `after` with a patch of
 * `series/variants/NAME/` on top. A variant's files are written once below `.cache/trees/`, under the hash of what
 * they are made from, and loaded from there like any other tree.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { applyPatch, parsePatch } from 'diff';
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { InputError } from '#machine/input-error.ts';
import { seriesTrees } from './check.ts';
import { filesBelow, writeTree } from './tree-files.ts';
import type { SeriesFolders } from './unfold.ts';

/** The repository. */
export const rootFolder: string = join(dirname(fileURLToPath(import.meta.url)), '..');

const VARIANTS = join(rootFolder, 'series', 'variants');

/** Names of the variants there are. */
export function variantNames(): string[] {
  return readdirSync(VARIANTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Names of everything `treeFolder` knows: `step-3` is the tree after the first three patches. */
export function treeNames(): string[] {
  return ['before', 'after', ...stepNames(), ...variantNames()];
}

/** Names of the trees between `before` and `after`. */
function stepNames(): string[] {
  const patches = readdirSync(join(rootFolder, 'series')).filter((name) => /^\d{4}-.*\.patch$/.test(name));
  return patches.slice(1).map((_, index) => `step-${index + 1}`);
}

/** Absolute folder of a tree, made first if it is a variant. Throws `InputError` for an unknown name. */
export function treeFolder(name: string): string {
  if (name === 'before' || name === 'after') return join(rootFolder, name);
  if (stepNames().includes(name)) return stepFolder(Number(name.slice('step-'.length)));
  if (!variantNames().includes(name)) {
    throw new InputError(`unknown tree '${name}'\n  allowed: ${treeNames().join(', ')}`);
  }
  return variantFolder(name);
}

/** Absolute folder of the tree after the first `step` patches, made first if it lies between. */
export function stepFolder(step: number): string {
  const folders = seriesFolders();
  const { patches, trees } = seriesTrees(folders);
  const files = trees[step];
  if (files === undefined) {
    throw new InputError(`no step ${step}\n  allowed: 0 to ${patches.length}`);
  }
  if (step === 0) return folders.before;
  if (step === patches.length) return folders.after;
  const hash = createHash('sha256');
  for (const [file, text] of [...files].sort()) hash.update(file).update('\0').update(text);
  const name = `step-${String(step).padStart(2, '0')}-${hash.digest('hex').slice(0, 16)}`;
  return cachedFolder(name, (aside) => writeTree(aside, files));
}

/** Where the series of this repository lies. */
export function seriesFolders(): SeriesFolders {
  return {
    before: join(rootFolder, 'before'),
    after: join(rootFolder, 'after'),
    patches: join(rootFolder, 'series'),
  };
}

/** A folder of `.cache/trees/`, filled by `fill` when it is not there: aside and then renamed, so that nobody sees half. */
function cachedFolder(name: string, fill: (folder: string) => void): string {
  const folder = join(rootFolder, '.cache', 'trees', name);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  fill(aside);
  if (!existsSync(folder)) renameSync(aside, folder);
  return folder;
}

function variantFolder(name: string): string {
  const base = join(rootFolder, 'after');
  const patchFiles = readdirSync(join(VARIANTS, name)).filter((file) => file.endsWith('.patch'));
  const patches = patchFiles.sort().map((file) => readFileSync(join(VARIANTS, name, file), 'utf8'));
  const hash = createHash('sha256');
  for (const file of filesBelow(base)) hash.update(file).update(readFileSync(join(base, file)));
  for (const patch of patches) hash.update(patch);
  return cachedFolder(`${name}-${hash.digest('hex').slice(0, 16)}`, (aside) => {
    cpSync(base, aside, { recursive: true });
    for (const [index, patch] of patches.entries())
      applyTo(aside, patch, join(name, patchFiles[index] ?? ''));
  });
}

/** Applies a patch of edits to files that exist. Throws `InputError` when a hunk does not fit. */
function applyTo(folder: string, patch: string, patchName: string): void {
  for (const change of parsePatch(patch)) {
    const file = (change.newFileName ?? '').replace(/^b\//, '');
    const path = join(folder, file);
    const patched = existsSync(path) ? applyPatch(readFileSync(path, 'utf8'), change) : false;
    if (patched === false) throw new InputError(`series/variants/${patchName} does not apply to ${file}`);
    writeFileSync(path, patched);
  }
}

/** Loads a tree and gives its constructor. */
export async function loadTree(name: string): Promise<(configuration: BootConfiguration) => Subsystem> {
  const module = (await import(pathToFileURL(join(treeFolder(name), 'index.ts')).href)) as {
    boot: (configuration: BootConfiguration) => Subsystem;
  };
  return module.boot;
}
