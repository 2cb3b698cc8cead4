/** What `conform lint` judges when nothing is named: the rules file above the working folder, and its projects. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { solutionOf } from './resolve/solution.ts';
import { workspacesAround } from './resolve/workspaces.ts';

const RULES = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `boundary.config.${ending}`);

/** The nearest of some files in a folder and those above it; absolute. */
export function nearestFile(folder: string, names: readonly string[]): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = names.map((name) => path.join(at, name)).find((file) => existsSync(file));
    if (found !== undefined || path.dirname(at) === at) return found;
  }
}

/** The rules file that holds for a folder. */
export function nearestRules(folder: string): string | undefined {
  return nearestFile(folder, RULES);
}

/** Rules files and configurations that would be the nearest to a folder if they were there. */
export function nearerFiles(folder: string): readonly string[] {
  const names: string[] = [];
  for (let at = path.resolve(folder); path.dirname(at) !== at; at = path.dirname(at))
    names.push(...[...RULES, 'tsconfig.json'].map((name) => path.join(at, name)));
  return names;
}

/** Whether a folder lies in another or is the same. */
export function isInside(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(outer + path.sep);
}

/**
 * The configurations that are judged from a folder: inside a package the nearest one; where the packages of a repository
 * are listed that one, if it names files itself, and those of all packages. Empty when there is none.
 */
export function nearestProjects(folder: string): readonly string[] {
  const nearest = nearestFile(folder, ['tsconfig.json']);
  const { root, byName } = workspacesAround(folder);
  const isBelow = root !== undefined && path.resolve(folder) !== root;
  if (root === undefined || isBelow) return nearest === undefined ? [] : [nearest];
  const packages = [...byName.values()]
    .map((found) => path.join(found.folder, 'tsconfig.json'))
    .filter((file) => existsSync(file));
  const own = path.join(root, 'tsconfig.json');
  const isProject = existsSync(own) && (packages.length === 0 || namesFiles(own));
  const known = new Set(isProject ? solutionOf(own) : []);
  return [...(isProject ? [own] : []), ...packages.filter((file) => !known.has(file)).sort()];
}

/** Whether a configuration says itself which files it is about; one that does not is what others extend. */
function namesFiles(tsconfig: string): boolean {
  return /"(?:files|include|references)"\s*:\s*\[\s*[^\]\s]/.test(readFileSync(tsconfig, 'utf8'));
}
