/** Folders above a file that names start at. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isFile } from './json-file.ts';

/** The nearest folder with a package.json. */
export function packageFolder(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (isFile(path.join(at, 'package.json'))) return at;
    if (path.dirname(at) === at) return undefined;
  }
}

/** The root of a bundler's project: where its configuration lies, else the package. */
export function rootAbove(folder: string): string {
  const names = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `vite.config.${ending}`);
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at))
    if (names.some((name) => existsSync(path.join(at, name)))) return at;
  return packageFolder(folder) ?? folder;
}
