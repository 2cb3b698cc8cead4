/** Trees that are broken on purpose: a few words of a tree's files replaced. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readTree, writeTree } from '#base/tree-files.ts';
import { rootFolder } from '#engine/series/trees.ts';
import type { Boot } from '#pmem/run/run.ts';

/** In which file which text stands as which. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A folder for mutants, and what takes it away. */
export function mutantFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(rootFolder, '.cache', 'promise-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

let count = 0;

/** Loads `after/` with mutations. Throws when one finds nothing to replace. */
export async function mutant(folder: string, ...mutations: readonly Mutation[]): Promise<Boot> {
  const files = new Map(readTree(join(rootFolder, 'after')));
  for (const { file, from, to } of mutations) {
    const text = files.get(file) ?? '';
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
    files.set(file, text.replace(from, to));
  }
  const own = join(folder, `mutant-${count++}`);
  writeTree(own, files);
  const module = (await import(pathToFileURL(join(own, 'index.ts')).href)) as { boot: Boot };
  return module.boot;
}
