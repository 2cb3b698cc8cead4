/**
 * Where trees and evidence are kept: in the project when it can be written, in the folder that the user names, else in a
 * temporary one. A folder outside the project gets links to what the trees of the project import.
 */
import { accessSync, constants, existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder } from '#base/files.ts';
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
  const { root, given, cacheHome } = choice;
  const elsewhere =
    given ?? (cacheHome === undefined ? undefined : join(cacheHome, 'pmem-conform', hashOfParts([root])));
  const wanted = elsewhere === undefined ? join(root, '.cache') : resolve(elsewhere);
  const reason = whyNotWritable(wanted);
  if (reason === undefined) return wanted === join(root, '.cache') ? wanted : linked(wanted, choice);
  const instead = mkdtempSync(join(tmpdir(), 'pmem-conform-'));
  warn(`${wanted} cannot be written (${reason}): nothing is kept for the next run`);
  return linked(instead, choice);
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
  for (const name of imports)
    if (!existsSync(join(folder, name))) symlinkSync(join(root, name), join(folder, name), 'dir');
  const names = imports.map((name) => [`#${name}/*`, `./${name}/*`] as const);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', imports: Object.fromEntries(names) }),
  );
  return folder;
}
