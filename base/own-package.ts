/**
 * Where this tool lies and what it is made of. In a clone it runs from its sources. The package has JavaScript in `dist/` instead
 * (scripts/build.mjs), hashes of the sources, and the project that the tool comes with packed into one file.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashOfParts } from './hash.ts';
import { filesBelow } from './tree-files.ts';

declare const PMEM_CONFORM_BUILT: true | undefined;
declare const PMEM_CONFORM_COMPILED: string | undefined;

/** Whether this is what `npm run build` made. All that it makes lies in `dist/` itself, as deep as `base/`. */
export const isBuilt: boolean = typeof PMEM_CONFORM_BUILT === 'boolean';

/** Where a clone has its sources compiled, when it runs from there (scripts/compiled.mjs). */
const compiledFolder = typeof PMEM_CONFORM_COMPILED === 'string' ? PMEM_CONFORM_COMPILED : undefined;

/** Whether what runs is TypeScript, compiled as it is loaded. */
export const isSource: boolean = !isBuilt && compiledFolder === undefined;

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

/** Folder of the scripts that run, with maps to the sources. */
export const scriptsFolder: string = compiledFolder ?? join(packageFolder, 'dist');

/** URL of what runs for a source file of this tool, which the build has among its entries: `pmem/fuzz/target.ts`. */
export function moduleUrl(file: string): string {
  const name = file.replace(/\.ts$/, '');
  const script = `${isBuilt ? name.replaceAll('/', '-') : name}.js`;
  return pathToFileURL(isSource ? join(packageFolder, file) : join(scriptsFolder, script)).href;
}

/**
 * The hash of a file of this tool's sources, or of all below a folder: what evidence follows from. It is the same in a clone and in
 * the package. Throws `RangeError` for what the package has no hash of (scripts/build.mjs).
 */
export function ownHash(path: string): string {
  if (!isBuilt) return sourceHash(packageFolder, path);
  const hash = (JSON.parse(readFileSync(SOURCES_FILE, 'utf8')) as Record<string, string>)[path];
  if (hash === undefined) throw new RangeError(`the package has no hash of ${path}`);
  return hash;
}

/** The same, read from the sources below `root`. */
export function sourceHash(root: string, path: string): string {
  const at = join(root, path);
  if (statSync(at).isFile()) return hashOfParts([readFileSync(at, 'utf8')]);
  const files = filesBelow(at).filter((name) => /\.(?:ts|mjs|json|css|scenarios)$/.test(name));
  return hashOfParts(files.flatMap((name) => [name, readFileSync(join(at, name), 'utf8')]));
}
