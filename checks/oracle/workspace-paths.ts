/**
 * Imports of packages of this repository as entries for `paths`, for a compiler whose resolution cannot be replaced:
 * each specifier that the files name, with the source it leads to. A specifier has one entry, so one that leads
 * elsewhere by `require` than by `import` is told.
 */
import path from 'node:path';
import type { Leads } from '../resolve/leads.ts';
import type { LoadMode } from '../resolve/leads-to.ts';
import { isCommonJsPackage } from '../resolve/package-type.ts';
import type { TsconfigOptions } from '../resolve/tsconfig-file.ts';
import { sourceText } from './source-text.ts';

const SOURCE = /\.[cm]?[jt]sx?$/;
const SPECIFIER = /\b(from|import|require)\s*\(?\s*(["'])([^"'\n]+)\2/g;

export interface WorkspacePaths {
  /** Specifier to the one file it leads to. */
  readonly paths: ReadonlyMap<string, readonly [string]>;
  /** Specifiers that lead to more than one file, in sentences. */
  readonly notes: readonly string[];
}

/** The entries for all files of a program outside installed packages. */
export function workspacePaths(
  files: readonly string[],
  leads: Leads,
  { allowJs, module = '' }: TsconfigOptions,
  named: NamedIn,
): WorkspacePaths {
  const isSource = allowJs === true ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
  const paths = new Map<string, readonly [string]>();
  const notes = new Set<string>();
  for (const file of files) {
    if (!file.startsWith('/') || file.includes('/node_modules/')) continue;
    const byImport = importMode(file, /^node/i.test(module));
    for (const { word, specifier } of named(file)) {
      if (!leads.isOwnName(file, specifier)) continue;
      const lead = leads.to(file, specifier, word === 'require' ? 'require' : byImport).file;
      if (lead === undefined || !isSource.test(lead)) continue;
      const [known = lead] = paths.get(specifier) ?? [];
      paths.set(specifier, [known]);
      if (known !== lead)
        notes.add(
          `typescript-7: '${specifier}' leads to ${known} and to ${lead}; rules about symbols take the first for both (ts-morph does not)`,
        );
    }
  }
  return { paths, notes: [...notes] };
}

/** Names of modules in a file as far as a look at its text tells, each with the word before it. */
export type NamedIn = (
  file: string,
) => readonly { readonly word: string | undefined; readonly specifier: string }[];

/** Makes the question; a file is read once. */
export function createNamedIn(): NamedIn {
  const known = new Map<string, ReturnType<NamedIn>>();
  return (file) => {
    const found =
      known.get(file) ??
      [...sourceText(file).matchAll(SPECIFIER)].map(([, word, , specifier = '']) => ({
        word,
        specifier,
      }));
    known.set(file, found);
    return found;
  };
}

/** Files of a folder and those they reach outside of it, in other packages of the repository. */
export function withReached(
  files: readonly string[],
  home: string,
  leads: Leads,
  named: NamedIn,
): readonly string[] {
  const found = new Set(files);
  // A set may grow while it is gone through.
  for (const file of found) {
    const isOutside = !file.startsWith(`${home}/`);
    for (const { specifier } of named(file)) {
      const isFar = specifier.startsWith('../') && !path.resolve(file, '..', specifier).startsWith(home);
      if (!isOutside && !isFar && !leads.isOwnName(file, specifier)) continue;
      const lead = leads.to(file, specifier).file;
      if (lead !== undefined && SOURCE.test(lead) && !lead.includes('/node_modules/')) found.add(lead);
    }
  }
  return [...found];
}

/** How `import` in a file loads when it is emitted. */
function importMode(file: string, isNode: boolean): LoadMode {
  if (/\.m[jt]s$/.test(file)) return 'import';
  if (/\.c[jt]s$/.test(file)) return 'require';
  return isNode && isCommonJsPackage(file) ? 'require' : 'import';
}
