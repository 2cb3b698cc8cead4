/** From files that are built, or would be, to the sources they are made from, wherever their packages lie. */
import path from 'node:path';
import type { Lead } from './leads-to.ts';
import { packageFolder } from './package-folder.ts';
import { sourceOf } from './to-source.ts';
import type { Workspaces } from './workspaces.ts';

/** A relative name of an output that is not built: its source, when it is one of another package. */
export function ofOutput(workspaces: Workspaces, fromPath: string, file: string): Lead {
  return isElsewhere(workspaces, fromPath, file)
    ? madeFrom(workspaces, file)
    : { how: 'nowhere', tried: [file] };
}

/** Endings of what is made from other files. */
export const OUTPUT = /\.(?:d\.[cm]?ts|[cm]?jsx?)$/;

/** Whether a file lies in another package than the one that names it. */
export function isElsewhere(workspaces: Workspaces, fromPath: string, file: string): boolean {
  return homeOf(workspaces, file) !== homeOf(workspaces, fromPath);
}

function homeOf(workspaces: Workspaces, file: string): string | undefined {
  return workspaces.ownerOf(file)?.folder ?? packageFolder(path.dirname(file));
}

/** What a file that is not there is made from, by the package it would lie in. */
export function madeFrom(workspaces: Workspaces, output: string): Lead {
  const owner = workspaces.ownerOf(output);
  const folder = homeOf(workspaces, output);
  if (folder === undefined) return { how: 'nowhere', tried: [output] };
  const { file, how, tried } = sourceOf(workspaces, folder, path.relative(folder, output));
  if (file === undefined) return { how: 'nowhere', tried };
  return { file, ...(owner && { packageName: owner.name }), how, tried };
}

/** The source of a file that lies in another package of this repository; any other file as it is. */
export function sourceInRepository(
  workspaces: Workspaces,
  fromPath: string,
  file: string,
): Pick<Lead, 'file' | 'packageName'> {
  const owner = workspaces.ownerOf(file);
  if (owner === undefined || owner === workspaces.ownerOf(fromPath)) return { file };
  const source = sourceOf(workspaces, owner.folder, path.relative(owner.folder, file)).file ?? file;
  return { file: source, packageName: owner.name };
}
