/**
 * Small trees for tests that compare two of them. They lie below `.cache/`, each in a folder named by its contents, so
 * that neither they nor what the compiler keeps about them pile up from run to run.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeTree } from '#base/tree-files.ts';

/** Writes a tree into a folder of its own. Returns the folder. */
export function scratchTree(files: Readonly<Record<string, string>>): string {
  const name = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const folder = join('.cache', 'review-tests', name);
  writeTree(folder, new Map(Object.entries(files)));
  return folder;
}
