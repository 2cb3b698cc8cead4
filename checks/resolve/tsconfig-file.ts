/**
 * Reads `tsconfig.json` files without a compiler, and without needing what they extend to be installed: a
 * configuration of a package of this repository is read where the package lies, and one that is nowhere is left out
 * and told.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { asObject, isFile } from './json-file.ts';
import { isBare, packageOf } from './package-names.ts';
import type { Workspaces } from './workspaces.ts';

/** What a configuration says with all it extends; names of files and folders are absolute. */
export interface TsconfigOptions {
  readonly outDir?: string;
  readonly declarationDir?: string;
  readonly rootDir?: string;
  readonly baseUrl?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  /** `importsNotUsedAsValues`, which newer compilers no longer have. */
  readonly importsNotUsedAsValues?: string;
  readonly customConditions?: readonly string[];
  /** Folders that are one folder to relative names. */
  readonly rootDirs?: readonly string[];
  /** What may stand in front of the ending of a file, in the order in which it counts. */
  readonly moduleSuffixes?: readonly string[];
  readonly allowJs?: boolean;
  /** `module`, as it is written. */
  readonly module?: string;
}

const EXTENDS = /("extends"\s*:\s*)("(?:[^"\\]|\\.)*"|\[[^\]]*\])/;
const NAME = /"((?:[^"\\]|\\.)*)"/g;

/** Where the base of a configuration lies; `undefined` when it is nowhere. */
function baseFile(workspaces: Workspaces, file: string, name: string): string | undefined {
  if (!isBare(name)) return found(path.resolve(path.dirname(file), name));
  const own = workspaces.byName.get(packageOf(name));
  const inside = name.slice(packageOf(name).length);
  if (own !== undefined) return found(own.folder + inside) ?? tsconfigField(own.folder, own.manifest);
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    const there = found(path.join(at, 'node_modules', name));
    if (there !== undefined || path.dirname(at) === at) return there;
  }
}

function found(place: string): string | undefined {
  return [place, `${place}.json`, path.join(place, 'tsconfig.json')].find((file) => isFile(file));
}

function tsconfigField(folder: string, manifest: Readonly<Record<string, unknown>>): string | undefined {
  const { tsconfig } = manifest;
  return typeof tsconfig === 'string' ? found(path.join(folder, tsconfig)) : undefined;
}

/** The text of a configuration for a compiler: bases in packages by their path, those that are nowhere (not installed, not made) left out. */
export function withFoundBases(workspaces: Workspaces, file: string, text: string): string {
  const bare = withoutComments(text);
  return bare.replace(EXTENDS, (all, key: string, value: string) => {
    const names = namesIn(value);
    if (names.every((name) => isSound(workspaces, file, name))) return all;
    const bases = names.flatMap((name) => {
      const base = baseFile(workspaces, file, name);
      return base === undefined || isBare(name) ? (base ?? []) : [name];
    });
    return key + JSON.stringify(bases);
  });
}

/** Whether a compiler finds a base where it lies. */
function isSound(workspaces: Workspaces, file: string, name: string): boolean {
  const isOwn = isBare(name) && workspaces.byName.has(packageOf(name));
  return !isOwn && baseFile(workspaces, file, name) !== undefined;
}

function namesIn(value: string): readonly string[] {
  return [...value.matchAll(NAME)].flatMap(([, name]) => name ?? []);
}

/** A base that is not there, and the configuration that names it. */
export interface MissingBase {
  readonly file: string;
  readonly name: string;
}

/** Bases that are not there: of packages that are not installed, and files by their path. */
export function missingBases(workspaces: Workspaces, tsconfig: string): readonly MissingBase[] {
  return chainOf(workspaces, tsconfig).flatMap(({ file, missing }) =>
    missing.map((name) => ({ file, name })),
  );
}

/** Configurations of a chain whose text had to be changed for a compiler. */
export function rewrittenBases(workspaces: Workspaces, tsconfig: string): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { file } of chainOf(workspaces, tsconfig).filter(({ file }) => isFile(file))) {
    const text = readFileSync(file, 'utf8');
    const usable = withFoundBases(workspaces, file, text);
    if (usable !== withoutComments(text)) changed.set(file, usable);
  }
  return changed;
}

/** A configuration and all it extends, as files. */
export function configurationChain(workspaces: Workspaces, tsconfig: string): readonly string[] {
  return chainOf(workspaces, tsconfig).map(({ file }) => file);
}

interface Link {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly missing: readonly string[];
}

/** A configuration and what it extends, the nearest first. */
function chainOf(workspaces: Workspaces, tsconfig: string): readonly Link[] {
  const links: Link[] = [];
  const waiting = [path.resolve(tsconfig)];
  for (let file = waiting.shift(); file !== undefined && links.length < 50; file = waiting.shift()) {
    const content = readCommented(file);
    const names = namesIn(JSON.stringify(content['extends'] ?? ''));
    const bases = names
      .filter((name) => name !== '')
      .map((name) => [name, baseFile(workspaces, file ?? '', name)] as const);
    waiting.unshift(...bases.flatMap(([, base]) => base ?? []).reverse());
    links.push({
      file,
      content,
      missing: bases.flatMap(([name, base]) => (base === undefined ? name : [])),
    });
  }
  return links;
}

const LISTS = ['customConditions', 'rootDirs', 'moduleSuffixes'] as const;

/** Options of a configuration that decide where imports and outputs lead. */
export function readTsconfig(workspaces: Workspaces, tsconfig: string): TsconfigOptions {
  const merged: Record<string, string> = {};
  const home = path.dirname(path.resolve(tsconfig));
  let given: { readonly paths: Readonly<Record<string, unknown>>; readonly folder: string } | undefined;
  const lists: Partial<Record<(typeof LISTS)[number], readonly string[]>> = {};
  let isScript: boolean | undefined;
  for (const { file, content } of chainOf(workspaces, tsconfig)) {
    const options = asObject(content['compilerOptions']);
    const folder = path.dirname(file);
    for (const key of ['outDir', 'declarationDir', 'rootDir', 'baseUrl']) {
      const value = options[key];
      if (typeof value === 'string')
        merged[key] ??= path.resolve(folder, value.replace('${configDir}', home));
    }
    for (const key of ['importsNotUsedAsValues', 'module']) {
      const value = options[key];
      if (typeof value === 'string') merged[key] ??= value;
    }
    for (const key of LISTS) {
      const value = options[key];
      if (!Array.isArray(value)) continue;
      lists[key] ??= value.map((one) =>
        key === 'rootDirs' ? path.resolve(folder, String(one).replace('${configDir}', home)) : String(one),
      );
    }
    isScript ??= typeof options['allowJs'] === 'boolean' ? options['allowJs'] : undefined;
    if (options['paths'] !== undefined) given ??= { paths: asObject(options['paths']), folder };
  }
  const kept = {
    ...merged,
    ...lists,
    ...(isScript && { allowJs: true }),
  };
  if (given === undefined) return kept;
  const base = merged['baseUrl'] ?? given.folder;
  const paths = Object.entries(given.paths).map(([name, to]) => [
    name,
    (Array.isArray(to) ? to : []).map((target) =>
      path.resolve(base, String(target).replace('${configDir}', home)),
    ),
  ]);
  return { ...kept, paths: Object.fromEntries(paths) as Record<string, readonly string[]> };
}

/** Files (without endings, as written) that `paths` and `baseUrl` make of a specifier, in the order they count. */
export function mappedTargets(
  { paths = {}, baseUrl }: TsconfigOptions,
  specifier: string,
): readonly string[] {
  const best = Object.keys(paths)
    .filter((pattern) => fits(pattern, specifier))
    .sort((a, b) => Number(a.includes('*')) - Number(b.includes('*')) || b.indexOf('*') - a.indexOf('*'))[0];
  const [head = '', tail = ''] = best?.split('*') ?? [];
  const star = specifier.slice(head.length, specifier.length - tail.length);
  const mapped = best === undefined ? [] : (paths[best] ?? []).map((target) => target.replace('*', star));
  return baseUrl === undefined ? mapped : [...mapped, path.join(baseUrl, specifier)];
}

/** What `rootDirs` make of a path in one of them: the same place in each of the others. */
export function besideTargets({ rootDirs = [] }: TsconfigOptions, target: string): readonly string[] {
  const [home] = rootDirs
    .filter((folder) => target.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
  if (home === undefined) return [];
  return rootDirs.filter((folder) => folder !== home).map((folder) => folder + target.slice(home.length));
}

function fits(pattern: string, specifier: string): boolean {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return pattern === specifier;
  return (
    specifier.length >= head.length + tail.length && specifier.startsWith(head) && specifier.endsWith(tail)
  );
}

/** The configuration that holds for a folder by its place: the nearest `tsconfig.json`. */
export function nearestTsconfig(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, 'tsconfig.json');
    if (existsSync(file)) return file;
    if (path.dirname(at) === at) return undefined;
  }
}

/** The configurations a configuration refers to, as files that may not be there. */
export function referencesOf(tsconfig: string): readonly string[] {
  const { references } = readCommented(tsconfig);
  return (Array.isArray(references) ? references : []).flatMap((one) => {
    const { path: name } = asObject(one);
    if (typeof name !== 'string') return [];
    const target = path.resolve(path.dirname(tsconfig), name);
    return [target.endsWith('.json') ? target : path.join(target, 'tsconfig.json')];
  });
}

/** A text without comments; what stands in strings is left alone, lines stay lines. */
function withoutComments(text: string): string {
  return text.replaceAll(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (comment, string?: string) => string ?? comment.replaceAll(/[^\n]/g, ' '),
  );
}

/** JSON as compilers read it: comments and commas too many are fine; what is broken is an empty object. */
function readCommented(file: string): Readonly<Record<string, unknown>> {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    return asObject(JSON.parse(withoutComments(text).replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, '$1')));
  } catch {
    // Missing or broken: the compiler says so, not we.
    return {};
  }
}
