/** What rules about imports ask of an edge: the name of its target, and whether it may lead where nobody can tell. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CheckContext } from '../context.ts';
import type { FileFilter } from '../globs.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { asObject, readObject } from '../resolve/json-file.ts';
import { isBare, isPackageName, packageOf } from '../resolve/package-names.ts';
import type { WorkspacePackage } from '../resolve/workspaces.ts';

/** Name of the file of the project an edge leads to; nothing for installed packages. */
export function targetName(context: CheckContext, { file }: ModuleEdge): string | undefined {
  return file === undefined || file.includes('/node_modules/') ? undefined : context.nameOf({ path: file });
}

/** What the judgement of imports depends on beside the project's own files: other files named, and files not found. */
export function filesLookedAt(context: CheckContext): readonly string[] {
  return context.graph.edges.flatMap(({ file, to, tried }) => [
    ...(file !== undefined && to === undefined && !file.includes('/node_modules/') ? [file] : []),
    ...tried.filter((name) => path.isAbsolute(name)),
  ]);
}

/** Names under which a rule about packages may mean an edge: as written, and the package it leads into. */
export function packageNames({ kind, specifier, packageName, file }: ModuleEdge): readonly string[] {
  // A declaration of a module is no import of it.
  if (kind === 'augmentation' || specifier === undefined) return [];
  const isOther = file !== undefined && packageName === undefined && !file.includes('/node_modules/');
  const written = isBare(specifier) && !isOther ? [specifier] : [];
  return packageName === undefined ? written : [...written, packageName];
}

/** How an edge names its target, as a verb. */
export function canonicalVerb({ kind, form }: ModuleEdge): string {
  if (kind === 'reference') return 'refers to';
  if (form === undefined) return 'imports';
  return kind === 'mock' ? `names to ${form}` : `loads by ${form}`;
}

/** Why nobody can tell whether an edge leads to one of the files meant. */
export interface OpenEdge {
  readonly name: string;
  readonly isPackage: boolean;
  readonly message: string;
  readonly tried: readonly string[];
}

/** Contents of package.json files, read once. */
export type Manifests = Map<string, Readonly<Record<string, unknown>>>;

/** Whether an edge may lead to a file that is meant: a computed name, or a package name that leads nowhere. */
export function isOpen(
  context: CheckContext,
  edge: ModuleEdge,
  isMeant: FileFilter,
  manifests: Manifests,
): OpenEdge | undefined {
  if (edge.specifier === undefined) return openPattern(context, edge, isMeant);
  if (edge.others.length > 0) return openChoice(context, edge, edge.specifier, isMeant);
  const isImport = !/^(?:augmentation|reference|road)$/.test(edge.kind);
  if (edge.file !== undefined || !isImport) return undefined;
  const open = openName(context, edge, edge.specifier, isMeant, manifests);
  // Whether it leads anywhere else may cost a question to a compiler.
  return open === undefined || edge.resolved ? undefined : open;
}

/** What an edge that leads to no file may lead to, should it lead nowhere. */
function openName(
  context: CheckContext,
  edge: ModuleEdge,
  specifier: string,
  isMeant: FileFilter,
  manifests: Manifests,
): OpenEdge | undefined {
  if (/^\.{0,2}\//.test(specifier)) return missingFile(context, edge, specifier, isMeant);
  const own = context.compiler.leads.ownOf(edge.from.path, specifier);
  const written = isBare(specifier) ? packageOf(specifier) : specifier;
  const name = own?.name ?? edge.packageName ?? written;
  if (/^[\w-]+:/.test(name)) return undefined;
  const isFine = own ? !hasMeantFile(context, own, isMeant) : isDeclared(name, edge.from.path, manifests);
  if (isFine) return undefined;
  const message = `imports '${specifier}', which leads nowhere and may be one of the files meant`;
  return { name, isPackage: true, message, tried: edge.tried };
}

/** A file that may come from several sources, of which the likeliest is not meant and another is. */
function openChoice(
  context: CheckContext,
  edge: ModuleEdge,
  specifier: string,
  isMeant: FileFilter,
): OpenEdge | undefined {
  const [first, ...others] = [edge.file ?? '', ...edge.others].map((file) => context.nameOf({ path: file }));
  const hit = first === undefined || isMeant(first) ? undefined : others.find((file) => isMeant(file));
  if (hit === undefined) return undefined;
  const message = `imports '${specifier}', which may come from ${first ?? ''} or from ${hit}`;
  return { name: hit, isPackage: true, message, tried: [] };
}

/** A file that is not there, made by some step of a build, when it would be one of those meant. */
function missingFile(
  context: CheckContext,
  edge: ModuleEdge,
  specifier: string,
  isMeant: FileFilter,
): OpenEdge | undefined {
  const file = path.resolve(path.dirname(edge.from.path), specifier.replace(/[?#].*$/, ''));
  const stem = file.replace(/\.([cm]?)jsx?$/, '.$1ts');
  const names = [file, stem, `${file}.ts`].map((name) => context.nameOf({ path: name }));
  const hit = names.find((name) => isMeant(name));
  if (hit === undefined) return undefined;
  const message = `imports '${specifier}', which is not there and would be one of the files meant`;
  return { name: hit, isPackage: false, message, tried: edge.tried };
}

/** Whether a package of this repository, which the edge names in vain, has a file that is meant. */
function hasMeantFile(
  context: CheckContext,
  { name, folder }: Pick<WorkspacePackage, 'name' | 'folder'>,
  isMeant: FileFilter,
): boolean {
  const { leads, files } = context.compiler;
  const lies = (file: string): boolean =>
    file.startsWith(`${folder}/`) && (leads.ownerOf(file) ?? name) === name;
  return files.some((unit) => lies(unit.path) && isMeant(context.nameOf(unit)));
}

/** Whether a package.json above a file lists a package among its dependencies. */
function isDeclared(name: string, file: string, manifests: Manifests): boolean {
  if (!isPackageName(name)) return false;
  for (let at = path.dirname(file); path.dirname(at) !== at; at = path.dirname(at)) {
    const manifest = manifests.get(at) ?? readObject(path.join(at, 'package.json'));
    manifests.set(at, manifest);
    const lists = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    if (lists.some((list) => asObject(manifest[list])[name] !== undefined)) return true;
    if (existsSync(path.join(at, '.git'))) return false;
  }
  return false;
}

/** A name of which only the ends are known, when a file that is meant could have it. */
function openPattern(context: CheckContext, edge: ModuleEdge, isMeant: FileFilter): OpenEdge | undefined {
  const { pattern } = edge;
  if (pattern === undefined || pattern.head === '') return undefined;
  const starts = context.compiler.leads.prefixes(edge.from.path, pattern.head);
  if (starts.length === 0) return undefined;
  const end = pattern.tail.replace(/\.[cm]?[jt]sx?$/, '');
  const hit = context.compiler.files.find(({ path: file }) => {
    const stem = file.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
    const fits =
      starts.some((start) => file.startsWith(start)) && (stem.endsWith(end) || stem.endsWith(`${end}/index`));
    return fits && isMeant(context.nameOf({ path: file }));
  });
  if (hit === undefined) return undefined;
  const name = context.nameOf(hit);
  const message = `loads a module whose name is computed and may be ${name}`;
  return { name, isPackage: false, message, tried: [] };
}
