/** The configurations of a solution, by the `references` they write. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A configuration and those it references, at any depth. */
export function solutionOf(tsconfig: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [tsconfig];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const reference of referencesIn(next)) {
      const target = path.resolve(path.dirname(next), reference);
      waiting.push(target.endsWith('.json') ? target : path.join(target, 'tsconfig.json'));
    }
  }
  return [...found];
}

function referencesIn(tsconfig: string): readonly string[] {
  const text = existsSync(tsconfig) ? readFileSync(tsconfig, 'utf8') : '';
  const list = /"references"\s*:\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/"path"\s*:\s*"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
}
