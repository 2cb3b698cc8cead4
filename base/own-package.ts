/**
 * Where this tool lies and what it is made of. In a clone it runs from its sources. The package has JavaScript in `dist/` instead
 * (scripts/build.mjs), hashes of the sources, and the project that the tool comes with packed into one file.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow } from './tree-files.ts';

declare const PMEM_CONFORM_BUILT: true | undefined;

/** Whether this is what `npm run build` made. All that it makes lies in `dist/` itself, as deep as `base/`. */
export const isBuilt: boolean = typeof PMEM_CONFORM_BUILT === 'boolean';

/** Folder of package.json. */
export const packageFolder: string = join(import.meta.dirname, '..');

/** Hashes of the sources, of the package alone. */
export const SOURCES_FILE: string = join(packageFolder, 'dist', 'sources.json');

/** A style or script of our pages: the package has it made, a clone makes it from its source. */
export function ownAsset(name: string, make: () => string): string {
  return isBuilt ? readFileSync(join(packageFolder, 'dist', 'assets', name), 'utf8') : make();
}

/** The version in package.json. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** URL of what runs for a source file of this tool, which the build has among its entries: `pmem/fuzz/target.ts`. */
export function moduleUrl(file: string): string {
  const built = join('dist', `${file.replace(/\.ts$/, '').replaceAll('/', '-')}.js`);
  return pathToFileURL(join(packageFolder, isBuilt ? built : file)).href;
}

/** The hash of a text, as short as `dist/sources.json` has it. */
export function sourceHash(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Hashes of the files below a folder of this tool's sources, by their names in it. They are the same in a clone and in the package. */
export function ownSources(folder: string): Map<string, string> {
  if (!isBuilt) return sourcesBelow(packageFolder, folder);
  const all = JSON.parse(readFileSync(SOURCES_FILE, 'utf8')) as Record<string, string>;
  const prefix = `${folder}/`;
  const own = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, hash]) => [name.slice(prefix.length), hash]));
}

/** The same, read from the files themselves. */
export function sourcesBelow(root: string, folder: string): Map<string, string> {
  const at = join(root, folder);
  if (!existsSync(at)) return new Map();
  const files = filesBelow(at).filter((name) => /\.(?:ts|mjs|json|scenarios)$/.test(name));
  return new Map(files.map((name) => [name, sourceHash(readFileSync(join(at, name)))]));
}
