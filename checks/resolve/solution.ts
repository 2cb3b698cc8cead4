/** The configurations of a solution, by the `references` they write, and what they name that is not there. */
import path from 'node:path';
import { isFile } from './json-file.ts';
import { isBare } from './package-names.ts';
import { missingBases, referencesOf } from './tsconfig-file.ts';
import { workspacesAround, type Workspaces } from './workspaces.ts';

/** A configuration and those it references, at any depth, where they are there; it itself in any case. */
export function solutionOf(tsconfig: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [tsconfig];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...referencesOf(next).filter(isFile));
  }
  return [...found];
}

/** Configurations that those of a solution reference and that are not there: one sentence each. */
export function missingReferences(tsconfig: string): readonly string[] {
  return solutionOf(tsconfig).flatMap((file) =>
    referencesOf(file)
      .filter((reference) => !isFile(reference))
      .map((reference) => `${file} references ${reference}, which is not there (is it generated?)`),
  );
}

/** What a configuration goes without: packages that are not installed, and files that are not there. One sentence each. */
export function missingFrom(workspaces: Workspaces, tsconfig: string): readonly string[] {
  const bases = missingBases(workspaces, tsconfig).map(({ file, name }) =>
    isBare(name) ? `${file} extends "${name}", which is not installed` : `${file} extends ${named(name)}`,
  );
  return [
    ...bases.map((base) => `${base}: what it says is left out`),
    ...missingReferences(tsconfig).map((reference) => `${reference}: it is left out`),
  ];
}

/** Files that a configuration names by their path and that are not there: one sentence each. */
export function missingFiles(tsconfig: string): readonly string[] {
  const bases = missingBases(workspacesAround(path.dirname(tsconfig)), tsconfig).filter(
    ({ name }) => !isBare(name),
  );
  return [...bases.map(({ file, name }) => `${file} extends ${named(name)}`), ...missingReferences(tsconfig)];
}

const named = (name: string): string => `"${name}", which is not there (is it generated?)`;
