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

/** Names of everything `treeFolder` knows. */
export function treeNames(): string[] {
  return ['before', 'after', ...variantNames()];
}

/** Absolute folder of a tree, made first if it is a variant. Throws `InputError` for an unknown name. */
export function treeFolder(name: string): string {
  if (name === 'before' || name === 'after') return join(rootFolder, name);
  if (!variantNames().includes(name)) {
    throw new InputError(`unknown tree '${name}'\n  allowed: ${treeNames().join(', ')}`);
  }
  return variantFolder(name);
}

/** Every file below `folder`, relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function variantFolder(name: string): string {
  const base = join(rootFolder, 'after');
  const patchFiles = readdirSync(join(VARIANTS, name)).filter((file) => file.endsWith('.patch'));
  const patches = patchFiles.sort().map((file) => readFileSync(join(VARIANTS, name, file), 'utf8'));
  const hash = createHash('sha256');
  for (const file of filesBelow(base)) hash.update(file).update(readFileSync(join(base, file)));
  for (const patch of patches) hash.update(patch);
  const folder = join(rootFolder, '.cache', 'trees', `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  // Built aside and then renamed, so that a second process never sees half a tree.
  const aside = `${folder}.${process.pid}`;
  mkdirSync(dirname(aside), { recursive: true });
  cpSync(base, aside, { recursive: true });
  for (const [index, patch] of patches.entries()) applyTo(aside, patch, join(name, patchFiles[index] ?? ''));
  if (!existsSync(folder)) renameSync(aside, folder);
  return folder;
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
