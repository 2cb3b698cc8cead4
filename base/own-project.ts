/**
 * The folder of the project that this tool comes with: a clone itself, or what the package has packed in `dist/project.br`, which is
 * unpacked once for each content, into the cache of its user. The folder of the package may be read-only, and compilers treat
 * what lies in `node_modules` in their own way. Packed, files that trees share with the tool have no comments, and the same lines.
 */
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { madeAside, makeFolder } from './files.ts';
import { hashOfParts } from './hash.ts';
import { once } from './once.ts';
import { isBuilt, packageFolder } from './own-package.ts';
import { writeTree } from './tree-files.ts';
import { cacheHome } from './user-cache.ts';

/** Folders that trees of the project share with this tool. */
export const SHARED_FOLDERS = ['base', 'machine', 'kernel'] as const;

/** Absolute. Throws what the file system says when it cannot be unpacked anywhere. */
export const ownProjectFolder: () => string = once(() =>
  isBuilt ? unpacked(join(packageFolder, 'dist', 'project.br')) : packageFolder,
);

function unpacked(archive: string): string {
  const bytes = readFileSync(archive);
  const name = `project-${hashOfParts([bytes.toString('base64')]).slice(0, 16)}`;
  return madeAside(join(writableFolder(), name), (aside) => {
    writeTree(aside, filesIn(brotliDecompressSync(bytes).toString('utf8')));
  });
}

/** What stands between names and texts of packed files, none of which has it. */
export const BETWEEN = '\0';

/** Texts by name, from one text with all names before all texts. */
function filesIn(packed: string): ReadonlyMap<string, string> {
  const parts = packed.split(BETWEEN);
  const names = parts.slice(0, parts.length / 2);
  return new Map(names.map((name, index) => [name, parts[names.length + index] ?? '']));
}

/** The user's cache, else a folder that is removed when the process ends. */
function writableFolder(): string {
  const cache = join(cacheHome(), 'pmem-conform');
  try {
    makeFolder(cache);
    accessSync(cache, constants.W_OK);
    return cache;
  } catch {
    const folder = mkdtempSync(join(tmpdir(), 'pmem-conform-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
}
