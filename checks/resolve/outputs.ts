/**
 * Which files are made from others: those in the output folders of their configuration, and those in a folder named as
 * outputs usually are, when their source is there. They are not judged, so that a build changes no finding.
 */
import path from 'node:path';
import { packageFolder } from './package-folder.ts';
import { sourceOf } from './to-source.ts';
import { readTsconfig } from './tsconfig-file.ts';
import type { Workspaces } from './workspaces.ts';

const USUAL = /\/(?:dist|build|out|esm|cjs)\//;
const MADE = /\.(?:d\.[cm]?ts|[cm]?jsx?)$/;

/** Makes the question for the files of one configuration. */
export function createOutputs(workspaces: Workspaces, tsconfig: string): (file: string) => boolean {
  const { outDir, declarationDir } = readTsconfig(workspaces, tsconfig);
  const home = path.dirname(path.resolve(tsconfig));
  // A folder that holds the configuration holds sources as well.
  const folders = [outDir, declarationDir].flatMap((folder) =>
    folder === undefined || `${home}/`.startsWith(`${folder}/`) ? [] : [`${folder}/`],
  );
  return (file) => {
    if (!MADE.test(file) || file.includes('/node_modules/')) return false;
    if (folders.some((folder) => file.startsWith(folder))) return true;
    const owner = USUAL.test(file) ? packageFolder(path.dirname(file)) : undefined;
    if (owner === undefined || !USUAL.test(file.slice(owner.length))) return false;
    const { file: source, how } = sourceOf(workspaces, owner, path.relative(owner, file));
    return source !== undefined && source !== file && how !== 'same stem';
  };
}
