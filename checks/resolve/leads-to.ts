/**
 * Where an import leads, without a compiler, so that every rule and both compilers get one answer. In order: `paths`,
 * `baseUrl`, `imports` and relative names by the nearest tsconfig.json; builtin modules; packages of this repository,
 * to their sources whether they are built, linked, installed or not; installed packages. What leads nowhere says what
 * was tried.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { ResolverFactory } from 'oxc-resolver';
import { entryTargets } from './entry-targets.ts';
import { isFile } from './json-file.ts';
import { isBare, packageOf } from './package-names.ts';
import { sourceOf } from './to-source.ts';
import { mappedTargets, nearestTsconfig, readTsconfig, type TsconfigOptions } from './tsconfig-file.ts';
import type { Workspaces } from './workspaces.ts';

export interface Lead {
  /** Absolute path of the file, a source where one can be found. */
  readonly file?: string;
  /** Name of the package, of this repository or installed. */
  readonly packageName?: string;
  /** Whether it is a module of Node.js itself. */
  readonly isBuiltin?: boolean;
  /** In words, for `--trace` and messages: `paths`, `workspace: outDir of tsconfig.json`, `nowhere` … */
  readonly how: string;
  /** Paths that were looked at in vain. */
  readonly tried: readonly string[];
}

export type LeadsTo = (fromPath: string, specifier: string) => Lead;

export interface LeadsOptions {
  /** The configuration the project was opened with, used where no nearer one answers. */
  readonly tsconfig: string;
  /** `customConditions` of the project. */
  readonly conditions: readonly string[];
  readonly workspaces: Workspaces;
}

const EXTENSIONS = '.ts .tsx .mts .cts .d.ts .d.mts .d.cts .js .jsx .mjs .cjs .json .vue .svelte'.split(' ');
const ALIASES = {
  '.js': ['.ts', '.tsx', '.d.ts', '.js', '.jsx'],
  '.mjs': ['.mts', '.d.mts', '.mjs'],
  '.cjs': ['.cts', '.d.cts', '.cjs'],
  '.jsx': ['.tsx', '.d.ts', '.jsx'],
};

/** Makes the function for one project. Answers are kept by folder and specifier. */
export function createLeadsTo(options: LeadsOptions): LeadsTo {
  const conditions = new Set([...options.conditions, 'types', 'import', 'require', 'node', 'default']);
  const shared = {
    extensions: EXTENSIONS,
    extensionAlias: ALIASES,
    conditionNames: [...conditions],
    mainFields: ['types', 'typings', 'main'],
    nodePath: false,
  };
  // Without folders to look for packages in, a resolver answers by `imports` and relative names alone.
  const near = new ResolverFactory({ ...shared, modules: [] });
  const installed = near.cloneWithOptions({ ...shared, modules: ['node_modules'] });
  const mapped = createMapping(options, near);
  const known = new Map<string, Lead>();
  return (fromPath, specifier) => {
    const key = `${path.dirname(fromPath)}\u0000${specifier}`;
    const lead =
      known.get(key) ??
      find(options.workspaces, conditions, { near, mapped, installed }, fromPath, specifier);
    known.set(key, lead);
    return lead;
  };
}

/** The file that `paths` or `baseUrl` lead to, by the nearest configuration, else by the one the project was opened with. */
function createMapping(
  { workspaces, tsconfig }: LeadsOptions,
  near: ResolverFactory,
): (folder: string, specifier: string) => string | undefined {
  const byFolder = new Map<string, TsconfigOptions>();
  const named = readTsconfig(workspaces, tsconfig);
  const nearest = (folder: string): TsconfigOptions => {
    const file = nearestTsconfig(folder);
    const options = byFolder.get(folder) ?? (file === undefined ? {} : readTsconfig(workspaces, file));
    byFolder.set(folder, options);
    return options;
  };
  return (folder, specifier) => {
    for (const target of [nearest(folder), named].flatMap((options) => mappedTargets(options, specifier))) {
      const file = near.sync(path.dirname(target), target).path;
      if (file !== undefined) return file;
    }
    return undefined;
  };
}

interface Resolvers {
  readonly near: ResolverFactory;
  readonly mapped: (folder: string, specifier: string) => string | undefined;
  readonly installed: ResolverFactory;
}

function find(
  workspaces: Workspaces,
  conditions: ReadonlySet<string>,
  resolvers: Resolvers,
  fromPath: string,
  specifier: string,
): Lead {
  const isRelative = /^\.{0,2}\//.test(specifier);
  const plain = isRelative ? specifier.replace(/[?#].*$/, '') : specifier;
  const folder = path.dirname(fromPath);
  const direct =
    (isRelative ? undefined : resolvers.mapped(folder, plain)) ?? resolvers.near.sync(folder, plain).path;
  if (direct !== undefined && !direct.includes('/node_modules/')) {
    return { ...sourceInRepository(workspaces, fromPath, direct), how: 'file of the project', tried: [] };
  }
  if (isRelative) {
    const file = path.resolve(path.dirname(fromPath), plain);
    return isFile(file)
      ? { file, how: 'file of the project', tried: [] }
      : ofOutput(workspaces, fromPath, file);
  }
  if (isBuiltin(specifier)) return { isBuiltin: true, how: 'builtin', tried: [] };
  const own = isBare(specifier) ? inWorkspace(workspaces, conditions, specifier) : undefined;
  if (own !== undefined) return own;
  const package_ = resolvers.installed.sync(folder, specifier).path;
  const packageName = isBare(specifier) ? packageOf(specifier) : undefined;
  if (package_ === undefined)
    return { ...(packageName === undefined ? {} : { packageName }), how: 'nowhere', tried: [specifier] };
  return {
    file: package_,
    ...(packageName === undefined ? {} : { packageName }),
    how: 'installed',
    tried: [],
  };
}

/** A relative name of an output that is not built: its source, when it is one of a package of this repository. */
function ofOutput(workspaces: Workspaces, fromPath: string, file: string): Lead {
  const owner = workspaces.ownerOf(file);
  const crossed = owner !== undefined && owner !== workspaces.ownerOf(fromPath);
  if (owner === undefined || !crossed) return { how: 'nowhere', tried: [file] };
  const { file: source, how, tried } = sourceOf(workspaces, owner.folder, path.relative(owner.folder, file));
  return source === undefined
    ? { how: 'nowhere', tried }
    : { file: source, packageName: owner.name, how, tried };
}

/** The source of a file that lies in another package of this repository; any other file as it is. */
function sourceInRepository(
  workspaces: Workspaces,
  fromPath: string,
  file: string,
): Pick<Lead, 'file' | 'packageName'> {
  const owner = workspaces.ownerOf(file);
  if (owner === undefined || owner === workspaces.ownerOf(fromPath)) return { file };
  const source = sourceOf(workspaces, owner.folder, path.relative(owner.folder, file)).file ?? file;
  return { file: source, packageName: owner.name };
}

/** A name of this repository, the importing package's own included. */
function inWorkspace(
  workspaces: Workspaces,
  conditions: ReadonlySet<string>,
  specifier: string,
): Lead | undefined {
  const packageName = packageOf(specifier);
  const found = workspaces.byName.get(packageName);
  if (found === undefined) return undefined;
  const subpath = `.${specifier.slice(packageName.length)}`;
  const tried: string[] = [];
  for (const target of entryTargets(found.manifest, subpath, conditions)) {
    const source = sourceOf(workspaces, found.folder, target);
    if (source.file !== undefined)
      return { file: source.file, packageName, how: `workspace: ${source.how}`, tried };
    tried.push(...source.tried);
  }
  const nothing = tried.length === 0 ? [`${found.folder}/package.json has no ${subpath}`] : tried;
  return { packageName, how: 'workspace: no source', tried: nothing };
}
