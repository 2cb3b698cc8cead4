/**
 * Where an import leads, without a compiler, so that every rule and both compilers get one answer. In order: `paths`
 * and `baseUrl` by the nearest tsconfig.json; `imports` of the nearest package.json; relative names, also by `rootDirs`;
 * builtin modules; packages of this repository, to their sources whether they are built, linked, installed or not; installed packages.
 * What leads nowhere says what was tried.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { ResolverFactory } from 'oxc-resolver';
import { entryTargets, importTargets } from './entry-targets.ts';
import { isFile, readObject } from './json-file.ts';
import { isElsewhere, madeFrom, ofOutput, OUTPUT, sourceInRepository } from './made-from.ts';
import { createMapping, type Mapping } from './mapping.ts';
import type { OwnPackages } from './own-packages.ts';
import { packageFolder, rootAbove } from './package-folder.ts';
import { isBare, packageOf, typesNameOf } from './package-names.ts';
import { sourceOf } from './to-source.ts';
import type { WorkspacePackage, Workspaces } from './workspaces.ts';

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
  /** Further files it may as well lead to, when nothing says which one it is. */
  readonly others?: readonly string[];
}

/** Whether a module is loaded by `import` or by `require`, where that is known. */
export type LoadMode = 'import' | 'require';

export type LeadsTo = (fromPath: string, specifier: string, mode?: LoadMode) => Lead;

export interface LeadsOptions {
  /** The configuration the project was opened with, used where no nearer one answers. */
  readonly tsconfig: string;
  /** `customConditions` of the project. */
  readonly conditions: readonly string[];
  readonly workspaces: Workspaces;
  readonly ownPackage: OwnPackages;
}

const EXTENSIONS = '.ts .tsx .mts .cts .d.ts .d.mts .d.cts .js .jsx .mjs .cjs .json .vue .svelte'.split(' ');
const ALIASES = {
  '.js': ['.ts', '.tsx', '.d.ts', '.js', '.jsx'],
  '.mjs': ['.mts', '.d.mts', '.mjs'],
  '.cjs': ['.cts', '.d.cts', '.cjs'],
  '.jsx': ['.tsx', '.d.ts', '.jsx'],
};

/** Endings a name may stand for, with what may stand in front of them (`moduleSuffixes`). */
function endings(suffixes: readonly string[]): {
  extensions: string[];
  extensionAlias: Record<string, string[]>;
} {
  const all = (list: readonly string[]): string[] =>
    list.flatMap((ending) => suffixes.map((suffix) => suffix + ending));
  const aliases = Object.entries(ALIASES).map(([ending, list]) => [ending, all(list)]);
  return { extensions: all(EXTENSIONS), extensionAlias: Object.fromEntries(aliases) };
}

/** Makes the function for one project. Answers are kept by folder and specifier. */
export function createLeadsTo(options: LeadsOptions): LeadsTo {
  const setup = setupOf(options);
  const known = new Map<string, Lead>();
  return (fromPath, specifier, mode) => {
    const key = `${path.dirname(fromPath)}\u0000${specifier}\u0000${mode ?? ''}`;
    const lead = known.get(key) ?? find(setup, fromPath, specifier, mode);
    known.set(key, lead);
    return lead;
  };
}

interface Setup {
  readonly workspaces: Workspaces;
  readonly ownPackage: OwnPackages;
  readonly mapping: Mapping;
  readonly conditions: (mode: LoadMode | undefined) => ReadonlySet<string>;
  /** Answers for relative names in a folder. */
  readonly nearIn: (folder: string) => ResolverFactory;
  readonly installed: ResolverFactory;
  /** What subpaths of packages of this repository lead to, by folder, subpath and mode: whoever asks, it is the same. */
  readonly inPackages: Map<string, Lead>;
}

function setupOf({ workspaces, ownPackage, tsconfig, conditions: own }: LeadsOptions): Setup {
  const conditionsOf = (modes: readonly LoadMode[]): readonly string[] => [
    ...own,
    'types',
    ...modes,
    'node',
    'default',
  ];
  const shared = {
    ...endings(['']),
    conditionNames: [...conditionsOf(['import', 'require'])],
    mainFields: ['types', 'typings', 'main'],
    nodePath: false,
  };
  // Without folders to look for packages in, a resolver answers by `imports` and relative names alone.
  // Compilers follow links of packages that are installed, and take any other file by the name it is given.
  const apart = { ...shared, modules: [], symlinks: false };
  const near = new ResolverFactory(apart);
  const bySuffix = new Map([['', near]]);
  const mapping = createMapping(workspaces, tsconfig);
  const sets = {
    both: new Set(conditionsOf(['import', 'require'])),
    import: new Set(conditionsOf(['import'])),
    require: new Set(conditionsOf(['require'])),
  };
  return {
    workspaces,
    ownPackage,
    mapping,
    conditions: (mode) => sets[mode ?? 'both'],
    nearIn: (folder) => {
      const suffixes = mapping.suffixes(folder);
      const key = suffixes.join(' ');
      const found = bySuffix.get(key) ?? near.cloneWithOptions({ ...apart, ...endings(suffixes) });
      bySuffix.set(key, found);
      return found;
    },
    installed: near.cloneWithOptions({ ...shared, modules: ['node_modules'], symlinks: true }),
    inPackages: new Map(),
  };
}

function find(setup: Setup, fromPath: string, specifier: string, mode: LoadMode | undefined): Lead {
  const { workspaces, mapping } = setup;
  const isRelative = /^(?:.*!)?\.{0,2}\//.test(specifier);
  const plain = withoutQuery(specifier, isRelative);
  const folder = path.dirname(fromPath);
  const near = setup.nearIn(folder);
  const here = isRelative ? nearFile(near, folder, plain) : undefined;
  const mapped =
    here !== undefined
      ? [here]
      : mapping
          .targets(folder, plain)
          .flatMap((target) => near.sync(path.dirname(target), target).path ?? []);
  const owned = mapped.length > 0 || isRelative ? undefined : ownLead(setup, fromPath, plain, mode);
  if (owned !== undefined) return owned;
  const direct = mapped[0] ?? (isRelative ? undefined : near.sync(folder, plain).path);
  if (direct !== undefined && !direct.includes('/node_modules/')) {
    return { ...sourceInRepository(workspaces, fromPath, direct), how: 'file of the project', tried: [] };
  }
  if (isRelative) {
    const file = path.resolve(folder, plain.startsWith('/') ? rootAbove(folder) + plain : plain);
    return isFile(file)
      ? { file, how: 'file of the project', tried: [] }
      : ofOutput(workspaces, fromPath, file);
  }
  if (isBuiltin(specifier)) return { isBuiltin: true, how: 'builtin', tried: [] };
  const installed = installedLead(setup, folder, plain);
  if (installed.file !== undefined) return installed;
  const made = mapping
    .targets(folder, plain)
    .filter((target) => OUTPUT.test(target) || isElsewhere(workspaces, fromPath, target))
    .map((target) => madeFrom(workspaces, target));
  return made.find(({ file }) => file !== undefined) ?? installed;
}

/** The file a relative name leads to; a slash in front may stand for the root of a bundler's project. */
function nearFile(near: ResolverFactory, folder: string, name: string): string | undefined {
  const found = near.sync(folder, name).path;
  return found ?? (name.startsWith('/') ? near.sync(folder, rootAbove(folder) + name).path : undefined);
}

/** A name as files have it: bundlers are told by what stands in front of `!` and behind `?` how to load it. */
function withoutQuery(specifier: string, isRelative: boolean): string {
  const name = specifier.slice(specifier.lastIndexOf('!') + 1);
  return name.replace(isRelative ? /[?#].*$/ : /\?.*$/, '');
}

function installedLead({ installed }: Setup, folder: string, specifier: string): Lead {
  const file =
    installed.sync(folder, specifier).path ??
    (isBare(specifier) ? installed.sync(folder, typesNameOf(specifier)).path : undefined);
  const named = isBare(specifier) ? { packageName: packageOf(specifier) } : {};
  return file === undefined
    ? { ...named, how: 'nowhere', tried: [specifier] }
    : { file, ...named, how: 'installed', tried: [] };
}

/** A name that packages of this repository answer for: an entry of `imports`, or a package. */
function ownLead(
  setup: Setup,
  fromPath: string,
  specifier: string,
  mode: LoadMode | undefined,
): Lead | undefined {
  if (specifier.startsWith('#')) return importedLead(setup, fromPath, specifier, mode);
  if (!isBare(specifier) || isBuiltin(specifier)) return undefined;
  const found = setup.ownPackage(path.dirname(fromPath), packageOf(specifier));
  if (found === undefined) return undefined;
  const subpath = `.${specifier.slice(packageOf(specifier).length)}`;
  const key = `${found.folder}\u0000${subpath}\u0000${mode ?? ''}`;
  const lead = setup.inPackages.get(key) ?? inPackage(setup, found, subpath, mode);
  setup.inPackages.set(key, lead);
  return lead;
}

/** `#name` by the `imports` of the package the file lies in: a file of it, or what a package's name leads to. */
function importedLead(
  setup: Setup,
  fromPath: string,
  name: string,
  mode: LoadMode | undefined,
): Lead | undefined {
  const folder = packageFolder(path.dirname(fromPath));
  if (folder === undefined) return undefined;
  const manifest = readObject(path.join(folder, 'package.json'));
  for (const target of importTargets(manifest, name, setup.conditions(mode))) {
    if (!target.startsWith('.')) return find(setup, path.join(folder, 'package.json'), target, mode);
    const { file, how, tried, others } = sourceOf(setup.workspaces, folder, target);
    if (file !== undefined) return { file, how: `imports: ${how}`, tried, ...(others && { others }) };
  }
  return undefined;
}

/** What the package.json of a folder inside a package says, where the package has no table of entries. */
function folderTargets(
  folder: string,
  manifest: Readonly<Record<string, unknown>>,
  subpath: string,
): readonly string[] {
  const inner = path.join(folder, subpath, 'package.json');
  if (subpath === '.' || manifest['exports'] !== undefined || !isFile(inner)) return [];
  return entryTargets(readObject(inner), '.', new Set()).map((target) => path.join(subpath, target));
}

/** A subpath of a package of this repository, the importing one included. */
function inPackage(
  { workspaces, conditions }: Setup,
  { name: packageName, folder, manifest }: WorkspacePackage,
  subpath: string,
  mode: LoadMode | undefined,
): Lead {
  const tried: string[] = [];
  for (const target of [
    ...entryTargets(manifest, subpath, conditions(mode)),
    ...folderTargets(folder, manifest, subpath),
  ]) {
    const source = sourceOf(workspaces, folder, target);
    const { file, how, others } = source;
    if (file !== undefined)
      return { file, packageName, how: `workspace: ${how}`, tried, ...(others && { others }) };
    tried.push(...source.tried);
  }
  const nothing = tried.length === 0 ? [`${folder}/package.json has no ${subpath}`] : tried;
  return { packageName, how: 'workspace: no source', tried: nothing };
}
