/**
 * The packages of a repository by name, read from where npm, yarn, pnpm and rush keep the list: `workspaces` of
 * package.json (a list or `{ packages }`), `pnpm-workspace.yaml`, `projects` of rush.json. Nothing needs to be
 * installed, linked or built.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { matcherOf } from '#base/globs.ts';
import { parse } from 'yaml';
import { isTooDeep } from '#base/yaml-file.ts';
import { asObject, isFile, readObject } from './json-file.ts';

/** One package of the repository. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
  /** Its package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

export interface Workspaces {
  /** Folder that says which packages there are; `undefined` when none does. */
  readonly root: string | undefined;
  readonly byName: ReadonlyMap<string, WorkspacePackage>;
  /** The package a file lies in, the innermost when they are nested. */
  readonly ownerOf: (file: string) => WorkspacePackage | undefined;
  /** Files that say so: the lists of the repository and the package.json of each package. */
  readonly inputs: readonly string[];
}

const NONE: Workspaces = { root: undefined, byName: new Map(), ownerOf: () => undefined, inputs: [] };
const RUSH_FOLDER = /"projectFolder"\s*:\s*"([^"]+)"/g;
const COMMENT = /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The packages of the repository a folder belongs to; none when no folder above says that it has some. */
export function workspacesAround(folder: string): Workspaces {
  let found = NONE;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const globs = globsAt(at);
    const here = globs.length === 0 ? NONE : indexed(globs, at);
    const isOuter = [...here.byName.values()].some((one) => one.folder === found.root);
    if (found.root === undefined || isOuter) found = here;
    if (path.dirname(at) === at) return found;
  }
}

/** What a folder says about packages below it, as globs over folders. */
function globsAt(folder: string): readonly string[] {
  const listed = readObject(path.join(folder, 'package.json'))['workspaces'];
  const own = strings(Array.isArray(listed) ? listed : asObject(listed)['packages']);
  const pnpm = path.join(folder, 'pnpm-workspace.yaml');
  const rush = path.join(folder, 'rush.json');
  return [
    ...own,
    ...(isFile(pnpm) ? strings(asObject(readYaml(pnpm))['packages']) : []),
    // rush.json has comments; the folders are all that is wanted of it.
    ...(isFile(rush)
      ? [...readFileSync(rush, 'utf8').replaceAll(COMMENT, '$1').matchAll(RUSH_FOLDER)].flatMap(
          ([, at]) => at ?? [],
        )
      : []),
  ];
}

function readYaml(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    return isTooDeep(text) ? undefined : parse(text);
  } catch {
    // Half written: it lists nothing.
    return undefined;
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function indexed(globs: readonly string[], root: string): Workspaces {
  const clean = globs
    .map((glob) => glob.replace(/^(!?)\.\//, '$1').replace(/\/$/, ''))
    .filter((glob) => glob !== '' && glob !== '!');
  const unwanted = clean.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const isUnwanted = matcherOf(unwanted);
  const byName = new Map<string, WorkspacePackage>();
  const wanted = clean.filter((glob) => !glob.startsWith('!'));
  const folders = new Set(wanted.flatMap((glob) => foldersOf(root, glob.split('/'))));
  for (const folder of folders) {
    const manifest = readObject(path.join(folder, 'package.json'));
    const { name } = manifest;
    if (typeof name !== 'string' || isUnwanted(path.relative(root, folder).replaceAll('\\', '/'))) continue;
    if (!byName.has(name)) byName.set(name, { name, folder, manifest });
    // A package may list packages of its own.
    const inner = manifest['workspaces'] === undefined || folder === root ? [] : globsAt(folder);
    for (const glob of inner) for (const one of foldersOf(folder, glob.split('/'))) folders.add(one);
  }
  const top = readObject(path.join(root, 'package.json'));
  if (typeof top['name'] === 'string' && !byName.has(top['name']))
    byName.set(top['name'], { name: top['name'], folder: root, manifest: top });
  const byFolder = new Map([...byName.values()].map((found) => [found.folder, found]));
  const ownerOf = (file: string): WorkspacePackage | undefined => {
    for (let at = path.dirname(file); at.startsWith(root); at = path.dirname(at)) {
      const owner = byFolder.get(at);
      if (owner !== undefined || at === root) return owner;
    }
    return undefined;
  };
  const lists = ['package.json', 'pnpm-workspace.yaml', 'rush.json'].map((name) => path.join(root, name));
  const manifests = [...byFolder.keys()].map((folder) => path.join(folder, 'package.json'));
  return { root, byName, ownerOf, inputs: [...lists, ...manifests] };
}

/** Folders a glob means: `*` stands for a segment or a part of one, `**` for any number of segments. */
function foldersOf(folder: string, segments: readonly string[]): readonly string[] {
  const [head, ...rest] = segments;
  if (head === undefined) return [folder];
  if (!/[*?{[(]/.test(head)) {
    const next = path.join(folder, head);
    return existsSync(next) ? foldersOf(next, rest) : [];
  }
  const below = namesBelow(folder);
  if (head === '**') {
    const deeper = below.flatMap((name) => foldersOf(path.join(folder, name), segments));
    return [...foldersOf(folder, rest), ...deeper];
  }
  const fits = matcherOf([head]);
  return below.filter((name) => fits(name)).flatMap((name) => foldersOf(path.join(folder, name), rest));
}

/** Names of the folders in a folder; of a file, or where nobody may look, none. */
function namesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
