/** Where the measured data lies: `../shared`, or `PMEM_CONFORM_SHARED`. It is read-only and not part of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

/** Folder of the shared facts, `undefined` on a machine that does not have them. */
export const sharedFolder: string | undefined = [
  process.env['PMEM_CONFORM_SHARED'],
  join(root, '..', 'shared'),
].find((folder): folder is string => folder !== undefined && existsSync(join(folder, 'golden')));

/** A file below `golden/` as text. */
export function goldenText(path: string): string {
  if (sharedFolder === undefined) throw new Error('no shared folder: set PMEM_CONFORM_SHARED');
  return readFileSync(join(sharedFolder, 'golden', path), 'utf8');
}
