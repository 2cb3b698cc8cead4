/** What `paths`, `baseUrl` and `rootDirs` make of a name, by the nearest tsconfig.json and the one a project was opened with. */
import path from 'node:path';
import {
  besideTargets,
  mappedTargets,
  nearestTsconfig,
  readTsconfig,
  referencesOf,
  type TsconfigOptions,
} from './tsconfig-file.ts';
import type { Workspaces } from './workspaces.ts';

export interface Mapping {
  /** Absolute paths a name may mean in a folder, as written, in the order in which they count. */
  readonly targets: (folder: string, specifier: string) => readonly string[];
  /** What may stand in front of the ending of a file that is named in a folder. */
  readonly suffixes: (folder: string) => readonly string[];
}

/** Makes the question for one project; configurations are read once. */
export function createMapping(workspaces: Workspaces, tsconfig: string): Mapping {
  const byFile = new Map<string, TsconfigOptions>();
  const references = new Map<string, readonly string[]>();
  const byFolder = new Map<string, readonly TsconfigOptions[]>();
  const named = readTsconfig(workspaces, tsconfig);
  const optionsOf = (file: string): TsconfigOptions => {
    const options = byFile.get(file) ?? readTsconfig(workspaces, file);
    byFile.set(file, options);
    return options;
  };
  const nearest = (folder: string): readonly TsconfigOptions[] => {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const file = nearestTsconfig(folder);
    const around = file === undefined ? [] : (references.get(file) ?? referencesOf(file));
    if (file !== undefined) references.set(file, around);
    const found = file === undefined ? [] : [file, ...over(folder, around)].map(optionsOf);
    byFolder.set(folder, found);
    return found;
  };
  return {
    targets: (folder, specifier) =>
      [...nearest(folder), named].flatMap((options) =>
        specifier.startsWith('.')
          ? besideTargets(options, path.resolve(folder, specifier))
          : mappedTargets(options, specifier),
      ),
    suffixes: (folder) =>
      [...nearest(folder), named].find(({ moduleSuffixes }) => moduleSuffixes)?.moduleSuffixes ?? [''],
  };
}

/** Of configurations that a nearest one refers to those that may hold for a folder below it, the innermost first. */
function over(folder: string, references: readonly string[]): readonly string[] {
  return references
    .filter((reference) => `${folder}/`.startsWith(`${path.dirname(reference)}/`))
    .sort((a, b) => path.dirname(b).length - path.dirname(a).length);
}
