/**
 * Which package of this repository a bare name means in a folder: one of the list of workspaces, one that a package.json
 * calls by another name (`workspace:name@`, `npm:name@`) or names by its folder (`link:`, `file:`, `portal:`), or the
 * folder's own package, where that says what it exports.
 */
import path from 'node:path';
import { asObject, isFile, readObject } from './json-file.ts';
import type { WorkspacePackage, Workspaces } from './workspaces.ts';

/** The package a name means in a folder; `undefined` when it is none of this repository. */
export type OwnPackages = (folder: string, name: string) => WorkspacePackage | undefined;

interface Names {
  readonly byName: ReadonlyMap<string, WorkspacePackage>;
  /** The package the folder lies in. */
  readonly own: WorkspacePackage | undefined;
}

const LISTS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
const RENAMED = /^(?:workspace|npm):((?:@[^/@]+\/)?[^/@]+)@/;
const FOLDER = /^(?:workspace|link|file|portal):(\.{1,2}(?:\/.*)?|\/.*)$/;

/** Makes the question for one repository; what a folder says is read once. */
export function createOwnPackages(workspaces: Workspaces): OwnPackages {
  const known = new Map<string, Names>();
  const namesAt = (folder: string): Names => {
    const found = known.get(folder) ?? read(folder);
    known.set(folder, found);
    return found;
  };
  const read = (folder: string): Names => {
    const isTop = path.dirname(folder) === folder;
    const above = isTop
      ? { byName: new Map<string, never>(), own: undefined }
      : namesAt(path.dirname(folder));
    if (!isFile(path.join(folder, 'package.json'))) return above;
    const manifest = readObject(path.join(folder, 'package.json'));
    const { name } = manifest;
    const own = typeof name === 'string' ? { name, folder, manifest } : undefined;
    const renamed = renamedIn(workspaces, folder, manifest);
    return { byName: renamed.length === 0 ? above.byName : new Map([...above.byName, ...renamed]), own };
  };
  return (folder, name) => {
    const { byName, own } = namesAt(folder);
    const isOwn = own?.name === name && own.manifest['exports'] !== undefined;
    return byName.get(name) ?? workspaces.byName.get(name) ?? (isOwn ? own : undefined);
  };
}

/** Packages of the repository that a package.json gives a name of its own. */
function renamedIn(
  { byName }: Workspaces,
  folder: string,
  manifest: Readonly<Record<string, unknown>>,
): readonly (readonly [string, WorkspacePackage])[] {
  return LISTS.flatMap((list) => Object.entries(asObject(manifest[list]))).flatMap(([name, range]) => {
    const text = typeof range === 'string' ? range : '';
    const listed = byName.get(RENAMED.exec(text)?.[1] ?? '');
    const at = FOLDER.exec(text)?.[1];
    const found = listed ?? (at === undefined ? undefined : packageAt(path.resolve(folder, at), name));
    return found === undefined ? [] : [[name, found] as const];
  });
}

function packageAt(folder: string, name: string): WorkspacePackage | undefined {
  if (!isFile(path.join(folder, 'package.json'))) return undefined;
  const manifest = readObject(path.join(folder, 'package.json'));
  return { name: typeof manifest['name'] === 'string' ? manifest['name'] : name, folder, manifest };
}
