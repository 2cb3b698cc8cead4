/**
 * Finds the file a specifier names where no compiler can be asked: `require` in TypeScript files and `import()` of a
 * folded constant. Relative names, `paths`, `imports` of package.json and installed packages are tried; anything
 * cleverer is left unresolved.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface PathMapping {
  /** Folder the mapped names start from. */
  readonly base: string;
  /** `compilerOptions.paths`. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
const SWAPS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
  '.jsx': ['.tsx'],
};

/** The file, or `undefined`. */
export function resolveLight(fromPath: string, specifier: string, mapping: PathMapping): string | undefined {
  const folder = path.dirname(fromPath);
  if (/^\.{0,2}\//.test(specifier)) return fileAt(path.resolve(folder, specifier));
  const mapped = matchPattern(specifier, mapping.paths).map((target) => path.resolve(mapping.base, target));
  const found = mapped.map(fileAt).find((file) => file !== undefined);
  if (found !== undefined) return found;
  return specifier.startsWith('#') ? byImports(folder, specifier) : byPackage(folder, specifier);
}

function fileAt(name: string): string | undefined {
  const extension = path.extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const candidates = [
    ...(SWAPS[extension] ?? []).map((other) => stem + other),
    ...EXTENSIONS.map((other) => name + other),
    ...EXTENSIONS.slice(1).map((other) => path.join(name, `index${other}`)),
  ];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

function matchPattern(
  specifier: string,
  patterns: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  for (const [pattern, targets] of Object.entries(patterns)) {
    const [head = '', tail] = pattern.split('*');
    if (tail === undefined ? specifier !== pattern : !specifier.startsWith(head) || !specifier.endsWith(tail))
      continue;
    const star = specifier.slice(head.length, specifier.length - (tail ?? '').length);
    return targets.map((target) => target.replace('*', star));
  }
  return [];
}

function byImports(folder: string, specifier: string): string | undefined {
  const owner = upward(folder, (at) => existsSync(path.join(at, 'package.json')));
  if (owner === undefined) return undefined;
  const text: unknown = JSON.parse(readFileSync(path.join(owner, 'package.json'), 'utf8'));
  const imports: unknown =
    typeof text === 'object' && text !== null ? Reflect.get(text, 'imports') : undefined;
  if (typeof imports !== 'object' || imports === null) return undefined;
  const patterns = Object.entries(imports).flatMap(([name, target]) =>
    typeof target === 'string' ? [[name, [target]] as const] : [],
  );
  const [target] = matchPattern(specifier, Object.fromEntries(patterns));
  return target === undefined ? undefined : fileAt(path.resolve(owner, target));
}

/** For a package it is enough to know that it is installed: its own manifest stands for it. */
function byPackage(folder: string, specifier: string): string | undefined {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const owner = upward(folder, (at) => existsSync(path.join(at, 'node_modules', name, 'package.json')));
  return owner === undefined ? undefined : path.join(owner, 'node_modules', name, 'package.json');
}

function upward(folder: string, isIt: (folder: string) => boolean): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (isIt(at)) return at;
    if (path.dirname(at) === at) return undefined;
  }
}
