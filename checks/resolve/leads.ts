/** What one opened project knows of where imports lead, shared by both compilers and all rules. */
import path from 'node:path';
import { createLeadsTo, type LeadsTo } from './leads-to.ts';
import { createMapping } from './mapping.ts';
import { createOwnPackages } from './own-packages.ts';
import { createOutputs } from './outputs.ts';
import { isBare, packageOf } from './package-names.ts';
import { createPrefixes, type Prefixes } from './prefixes.ts';
import { missingFrom } from './solution.ts';
import {
  configurationChain,
  readTsconfig,
  rewrittenBases,
  type TsconfigOptions,
  withFoundBases,
} from './tsconfig-file.ts';
import { type WorkspacePackage, workspacesAround } from './workspaces.ts';

export interface Leads {
  /** Files the answers depend on beside those of the project. */
  readonly inputs: readonly string[];
  readonly to: LeadsTo;
  /** Beginnings of paths that names with a known beginning lead to. */
  readonly prefixes: Prefixes;
  /** Name of the package of this repository a file lies in. */
  readonly ownerOf: (file: string) => string | undefined;
  /** What of the configuration could not be found, in sentences. */
  readonly notes: readonly string[];
  /** The text of a `tsconfig.json` as a compiler can use it, whatever is installed. */
  readonly configurationText: (file: string, text: string) => string;
  /** Texts of configurations, of one and all it extends, that a compiler could not use as they are, by file. */
  readonly rewritten: (tsconfig: string) => ReadonlyMap<string, string>;
  /** Options of a configuration that compilers may no longer know, paths absolute. */
  readonly mappings: (tsconfig: string) => TsconfigOptions;
  /** Whether a file is made from another one. */
  readonly isOutput: (file: string) => boolean;
  /** Whether a specifier is answered by a package of this repository: by its name, or by `imports` of the file's own. */
  readonly isOwnName: (fromPath: string, specifier: string) => boolean;
  /** The package of this repository a bare specifier names. */
  readonly ownOf: (fromPath: string, specifier: string) => WorkspacePackage | undefined;
  /** The package of this repository a file lies in, when it is not the one of the importing file. */
  readonly packageCrossed: (fromPath: string, file: string) => string | undefined;
}

/** Reads the workspaces around a project and makes its resolver. */
export function createLeads(tsconfig: string, conditions: () => readonly string[]): Leads {
  const workspaces = workspacesAround(path.dirname(tsconfig));
  const ownPackage = createOwnPackages(workspaces);
  const hasOwners = workspaces.byName.size > 0;
  let to: LeadsTo | undefined;
  let prefixes: Prefixes | undefined;
  const ownOf = (fromPath: string, specifier: string): WorkspacePackage | undefined =>
    isBare(specifier) ? ownPackage(path.dirname(fromPath), packageOf(specifier)) : undefined;
  return {
    inputs: [...workspaces.inputs, ...configurationChain(workspaces, tsconfig)],
    ownerOf: (file) => workspaces.ownerOf(file)?.name,
    notes: missingFrom(workspaces, tsconfig),
    configurationText: (file, text) => withFoundBases(workspaces, file, text),
    rewritten: (file) => rewrittenBases(workspaces, file),
    mappings: (file) => readTsconfig(workspaces, file),
    to: (fromPath, specifier, mode) => {
      to ??= createLeadsTo({ tsconfig, conditions: conditions(), workspaces, ownPackage });
      return to(fromPath, specifier, mode);
    },
    prefixes: (fromPath, head) => {
      const all = new Set([...conditions(), 'types', 'import', 'require', 'node', 'default']);
      prefixes ??= createPrefixes(createMapping(workspaces, tsconfig), ownPackage, all);
      return prefixes(fromPath, head);
    },
    isOutput: createOutputs(workspaces, tsconfig),
    isOwnName: (fromPath, specifier) => specifier.startsWith('#') || ownOf(fromPath, specifier) !== undefined,
    ownOf,
    packageCrossed: (fromPath, file) => {
      const owner = hasOwners ? workspaces.ownerOf(file) : undefined;
      return owner === undefined || owner === workspaces.ownerOf(fromPath) ? undefined : owner.name;
    },
  };
}
