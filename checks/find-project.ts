/** What `conform lint` judges when nothing is named: the rules file above the working folder, and its project. */
import { existsSync } from 'node:fs';
import path from 'node:path';

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

/** Whether a folder lies in another or is the same. */
export function isInside(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(outer + path.sep);
}
