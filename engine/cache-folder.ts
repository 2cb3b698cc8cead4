/**
 * Where trees and evidence are kept: in the project when it can be written, in the folder that the user names, else in a
 * temporary one. A folder outside the project gets links to what the trees of the project import.
 */
import { accessSync, constants, existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder, writeWhole } from '#base/files.ts';
import { hashOfParts } from '#base/hash.ts';

/** What decides where the cache lies. */
export interface CacheChoice {
  /** Absolute folder of the project. */
  readonly root: string;
  /** As given with `--cache-dir`. */
  readonly given?: string | undefined;
  /** `XDG_CACHE_HOME`, when it is set. */
  readonly cacheHome?: string | undefined;
  /** Folders of the project that its trees import by `#NAME/…`. */
  readonly imports: readonly string[];
}

/** The folder to keep things in, absolute, made. Says so to `warn` when it is not the one that was asked for. */
export function cacheFolder(choice: CacheChoice, warn: (message: string) => void): string {
  const own = join(choice.root, '.cache');
  const wanted = wantedFolder(choice, own);
  const reason = whyNotWritable(wanted);
  if (reason === undefined) return wanted === own ? own : linked(wanted, choice);
  const instead = mkdtempSync(join(tmpdir(), 'pmem-conform-'));
  warn(`${wanted} cannot be written (${reason}): nothing is kept for the next run`);
  return linked(instead, choice);
}

/** Each project that has imports has a folder by itself: the links are to its own folders, and another version is another project. */
function wantedFolder({ root, given, cacheHome, imports }: CacheChoice, own: string): string {
  const name = hashOfParts([root]);
  if (given === undefined) return cacheHome === undefined ? own : resolve(cacheHome, 'pmem-conform', name);
  const folder = resolve(given);
  return folder === own || imports.length === 0 ? folder : join(folder, name);
}

function whyNotWritable(folder: string): string | undefined {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Makes imports of the project's folders work from below `folder`. */
function linked(folder: string, { root, imports }: CacheChoice): string {
  if (imports.length === 0) return folder;
  for (const name of imports) madeLink(join(root, name), join(folder, name));
  const names = imports.map((name) => [`#${name}/*`, `./${name}/*`] as const);
  const text = JSON.stringify({ type: 'module', imports: Object.fromEntries(names) });
  // Others may read it at this moment, so it is never half there.
  if (!existsSync(join(folder, 'package.json'))) writeWhole(join(folder, 'package.json'), text);
  return folder;
}

function madeLink(target: string, path: string): void {
  if (existsSync(path)) return;
  try {
    symlinkSync(target, path, 'dir');
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
