/**
 * Builds one TypeScript 6 program (the compiler ts-morph bundles, used below its wrappers for speed) over a project
 * and all projects it references. Each file's imports are resolved with the options of the project that owns it, and
 * an import of a project's build output leads to its source, built or not. Parsed files are shared between programs.
 */
import path from 'node:path';
import { getLibFiles } from '@ts-morph/common';
import { ts } from '@ts-morph/common';
import type { ProjectSource } from './opener.ts';
import { createLeads, type Leads } from '../resolve/leads.ts';
import { isBare } from '../resolve/package-names.ts';
import { type ProjectPart, readProject } from './project-config.ts';

/** Parsed files kept between programs of one run, by path: used as long as format and text are the same. */
export interface ParseCache {
  readonly files: Map<string, { readonly format: string; readonly file: ts.SourceFile }>;
  /** Texts of the standard library's files by name; ts-morph carries them inside. */
  readonly libraries: ReadonlyMap<string, string>;
}

/** Where the standard library seems to be. */
const LIBRARY_FOLDER = '/node_modules/typescript/lib/';

/** An empty cache. */
export function createParseCache(): ParseCache {
  return { files: new Map(), libraries: new Map(getLibFiles().map((file) => [file.fileName, file.text])) };
}

export interface BuiltProgram {
  readonly program: ts.Program;
  /** Where a specifier leads from a file, with the options of the file's own project. */
  readonly resolve: (fromPath: string, specifier: string) => string | undefined;
  /** Where imports lead beyond what the compiler sees. */
  readonly leads: Leads;
  /** Options of the project a file belongs to. */
  readonly optionsOf: (path: string) => ts.CompilerOptions;
}

/** Builds the program of a project. Throws `InputError` when the configuration cannot be used. */
export function buildProgram(source: ProjectSource, cache: ParseCache): BuiltProgram {
  let options: ts.CompilerOptions = {};
  const leads = createLeads(path.resolve(source.tsconfig), () => options.customConditions ?? []);
  const projects = readProject(source.tsconfig, leads);
  const owners = new Map(projects.flatMap((part) => part.files.map((file) => [file, part] as const)));
  const main = projects.find((part) => part.files.length > 0) ?? projects[0];
  options = {
    ...main?.options,
    noEmit: true,
    composite: false,
    incremental: false,
  };
  delete options.tsBuildInfoFile;
  const host = hostFor(options, cache);
  const resolver = throughSources(createResolver(host, projects, owners, options), leads, owners, options);
  host.getSourceFile = (fileName, languageVersion) => cachedFile(host, cache, fileName, languageVersion);
  host.resolveModuleNameLiterals = (literals, containingFile, _redirected, _options, file) =>
    literals.map((literal) => ({
      resolvedModule: resolver(
        containingFile,
        literal.text,
        ts.getModeForUsageLocation(file, literal, optionsOf(owners, containingFile, options)),
      ),
    }));
  const program = ts.createProgram({ rootNames: source.files ?? [...owners.keys()], options, host });
  return {
    program,
    resolve: (from, specifier) => resolver(from, specifier, undefined)?.resolvedFileName,
    leads,
    optionsOf: (file) => optionsOf(owners, file, options),
  };
}

/**
 * An import of a package of this repository leads to its source, whether it is built, linked or neither. In files of
 * other packages names mean what the configuration nearest to the file says, not the one this program has.
 */
function throughSources(
  resolver: Resolver,
  leads: Leads,
  owners: ReadonlyMap<string, ProjectPart>,
  { allowJs }: ts.CompilerOptions,
): Resolver {
  const isSource = allowJs === true ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
  return (from, specifier, mode) => {
    const module = resolver(from, specifier, mode);
    const name = module?.resolvedFileName ?? '.d.ts';
    const isThere = /\.[cm]?tsx?$/.test(name.replace(/\.d\.[cm]?ts$/, ''));
    const isForeign = isBare(specifier) && !owners.has(from) && !from.includes('/node_modules/');
    if (!isForeign && (isThere || !leads.isOwnName(from, specifier))) return module;
    const { file } = leads.to(from, specifier, mode === ts.ModuleKind.CommonJS ? 'require' : 'import');
    if (file === undefined || !isSource.test(file) || file.includes('/node_modules/')) return module;
    return { resolvedFileName: file, extension: extensionOf(file), isExternalLibraryImport: false };
  };
}

function hostFor(options: ts.CompilerOptions, cache: ParseCache): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const library = (name: string): string | undefined =>
    name.startsWith(LIBRARY_FOLDER) ? cache.libraries.get(name.slice(LIBRARY_FOLDER.length)) : undefined;
  const { readFile, fileExists, directoryExists } = host;
  const folders = new Map<string, boolean>();
  host.getDefaultLibLocation = () => LIBRARY_FOLDER.slice(0, -1);
  host.getDefaultLibFileName = (wanted) => LIBRARY_FOLDER + ts.getDefaultLibFileName(wanted);
  host.readFile = (name) => library(name) ?? readFile(name);
  host.fileExists = (name) => library(name) !== undefined || fileExists(name);
  host.directoryExists = (name) => {
    const known = folders.get(name) ?? directoryExists?.(name) !== false;
    folders.set(name, known);
    return known;
  };
  return host;
}

function optionsOf(
  owners: ReadonlyMap<string, ProjectPart>,
  file: string,
  fallback: ts.CompilerOptions,
): ts.CompilerOptions {
  return owners.get(file)?.options ?? fallback;
}

type Resolver = (
  from: string,
  specifier: string,
  mode: ts.ResolutionMode,
) => ts.ResolvedModuleFull | undefined;

function createResolver(
  host: ts.CompilerHost,
  projects: readonly ProjectPart[],
  owners: ReadonlyMap<string, ProjectPart>,
  fallback: ts.CompilerOptions,
): Resolver {
  const outputs = new Map(projects.flatMap((part) => [...part.outputs]));
  const folders = new Set([...outputs.keys()].map((output) => path.posix.dirname(output)));
  const sees: ts.ModuleResolutionHost = {
    ...host,
    fileExists: (name) => host.fileExists(name) || outputs.has(name) || outputs.has(real(host, name)),
    directoryExists: (name) =>
      host.directoryExists?.(name) !== false || folders.has(name) || folders.has(real(host, name)),
  };
  const caches = new Map<ts.CompilerOptions, ts.ModuleResolutionCache>();
  const cacheOf = (options: ts.CompilerOptions): ts.ModuleResolutionCache => {
    const known = caches.get(options);
    if (known !== undefined) return known;
    const created = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, options);
    caches.set(options, created);
    return created;
  };
  return (from, specifier, mode) => {
    const options = optionsOf(owners, from, fallback);
    const found = ts.resolveModuleName(specifier, from, options, sees, cacheOf(options), undefined, mode);
    const module = found.resolvedModule;
    if (module === undefined) return undefined;
    const source = outputs.get(module.resolvedFileName) ?? outputs.get(real(host, module.resolvedFileName));
    if (source === undefined) return module;
    return {
      ...module,
      resolvedFileName: source,
      extension: extensionOf(source),
      isExternalLibraryImport: false,
    };
  };
}

/** The path with the symbolic links of its folder followed, for files that may not exist yet. */
function real(host: ts.CompilerHost, name: string): string {
  if (!name.includes('/node_modules/') || host.realpath === undefined) return name;
  for (let cut = name.lastIndexOf('/'); cut > 0; cut = name.lastIndexOf('/', cut - 1)) {
    const folder = name.slice(0, cut);
    if (host.directoryExists?.(folder) === true) return host.realpath(folder) + name.slice(cut);
  }
  return name;
}

function extensionOf(file: string): string {
  return /\.[cm]?[jt]sx?$/.exec(file)?.[0] ?? ts.Extension.Ts;
}

function cachedFile(
  host: ts.CompilerHost,
  cache: ParseCache,
  fileName: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | undefined {
  const text = host.readFile(fileName);
  if (text === undefined) return undefined;
  const format =
    typeof version === 'object' ? `${version.languageVersion}/${version.impliedNodeFormat}` : `${version}`;
  const known = cache.files.get(fileName);
  if (known?.format === format && known.file.text === text) return known.file;
  // Comments of TypeScript files mean nothing to the compiler; the binder sets parents.
  const { ParseForTypeErrors } = ts.JSDocParsingMode;
  const options = typeof version === 'object' ? version : { languageVersion: version };
  const file = ts.createSourceFile(fileName, text, { ...options, jsDocParsingMode: ParseForTypeErrors });
  cache.files.set(fileName, { format, file });
  return file;
}
