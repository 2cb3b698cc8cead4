/** The configurations of a solution, by the `references` they write. */
import { referencesOf } from '../resolve/tsconfig-file.ts';

/** A configuration and those it references, at any depth. */
export function solutionOf(tsconfig: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [tsconfig];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...referencesOf(next));
  }
  return [...found];
}
