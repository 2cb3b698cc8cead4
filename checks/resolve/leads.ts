/** What one opened project knows of where imports lead, shared by both compilers and all rules. */
import path from 'node:path';
import { createLeadsTo, type LeadsTo } from './leads-to.ts';
import { isBare, packageOf } from './package-names.ts';
import {
  missingBases,
  readTsconfig,
  rewrittenBases,
  type TsconfigOptions,
  withFoundBases,
} from './tsconfig-file.ts';
import { workspacesAround } from './workspaces.ts';

export interface Leads {
  /** Files the answers depend on beside those of the project. */
  readonly inputs: readonly string[];
  readonly to: LeadsTo;
  /** What of the configuration could not be found, in sentences. */
  readonly notes: readonly string[];
  /** The text of a `tsconfig.json` as a compiler can use it, whatever is installed. */
  readonly configurationText: (file: string, text: string) => string;
  /** Texts of configurations that a compiler could not use as they are, by file. */
  readonly rewritten: ReadonlyMap<string, string>;
  /** `paths` and `baseUrl` of a configuration, absolute. */
  readonly mappings: (tsconfig: string) => Pick<TsconfigOptions, 'paths' | 'baseUrl'>;
  /** Names of the packages of this repository. */
  readonly ownNames: ReadonlySet<string>;
  /** Whether a specifier names a package of this repository. */
  readonly isOwnName: (specifier: string) => boolean;
  /** The package of this repository a file lies in, when it is not the one of the importing file. */
  readonly packageCrossed: (fromPath: string, file: string) => string | undefined;
}

/** Reads the workspaces around a project and makes its resolver. */
export function createLeads(tsconfig: string, conditions: () => readonly string[]): Leads {
  const workspaces = workspacesAround(path.dirname(tsconfig));
  const ownNames = new Set(workspaces.byName.keys());
  let to: LeadsTo | undefined;
  return {
    inputs: workspaces.inputs,
    notes: missingBases(workspaces, tsconfig),
    configurationText: (file, text) => withFoundBases(workspaces, file, text),
    get rewritten() {
      return rewrittenBases(workspaces, tsconfig);
    },
    mappings: (file) => readTsconfig(workspaces, file),
    to: (fromPath, specifier) => {
      to ??= createLeadsTo({ tsconfig, conditions: conditions(), workspaces });
      return to(fromPath, specifier);
    },
    ownNames,
    isOwnName: (specifier) => ownNames.size > 0 && isBare(specifier) && ownNames.has(packageOf(specifier)),
    packageCrossed: (fromPath, file) => {
      const owner = ownNames.size === 0 ? undefined : workspaces.ownerOf(file);
      return owner === undefined || owner === workspaces.ownerOf(fromPath) ? undefined : owner.name;
    },
  };
}
