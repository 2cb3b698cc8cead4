/** Trees of files: between memory and disk, compared, and named by a hash. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of a tree: path relative to its root, with `/`, to contents. */
export type TreeFiles = ReadonlyMap<string, string>;

/** Every file below `folder`, relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Reads every file below `folder`. */
export function readTree(folder: string): TreeFiles {
  return new Map(filesBelow(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Makes `folder` hold exactly `files`. Anything else below it is deleted, but not what begins with a dot at its root. */
export function writeTree(folder: string, files: TreeFiles): void {
  if (existsSync(folder)) {
    for (const file of filesBelow(folder)) {
      if (!files.has(file) && !file.startsWith('.')) rmSync(join(folder, file));
    }
  }
  const folders = new Set([...files.keys()].map((file) => dirname(join(folder, file))));
  for (const one of folders) mkdirSync(one, { recursive: true });
  for (const [file, text] of files) writeFileSync(join(folder, file), text);
}

/** Files that are not the same in both trees, sorted. */
export function differingFiles(left: TreeFiles, right: TreeFiles): string[] {
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name)).sort();
}

/** The hash of a tree's names and contents, in hexadecimal. */
export function treeHash(files: TreeFiles): string {
  const hash = createHash('sha256');
  for (const [file, text] of [...files].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(file).update('\0').update(text).update('\0');
  }
  return hash.digest('hex');
}
