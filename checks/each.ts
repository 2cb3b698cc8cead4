/** The values a placeholder may have when a rule says so: listed, or the names of what a glob finds. */
import path from 'node:path';
import { globSync } from 'tinyglobby';
import type { Bindings } from './placeholders.ts';

/** For each placeholder the values, or globs over folders and files whose last segments are the values. */
export type Each = Readonly<Record<string, string | readonly string[]>>;

/** The values each placeholder may have, sorted; empty where a glob finds nothing. */
export function valuesOfEach(base: string, each: Each = {}): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(each).map(([name, given]) => [
      name,
      typeof given === 'string' ? namesFound(base, given) : [...given],
    ]),
  );
}

function namesFound(base: string, glob: string): readonly string[] {
  const found = globSync(glob, {
    cwd: base,
    onlyFiles: false,
    expandDirectories: false,
    ignore: ['**/node_modules'],
  });
  return [...new Set(found.map((file) => path.basename(file)))].sort();
}

/** Whether placeholders stand for values they may have. */
export function mayStandFor(values: ReadonlyMap<string, readonly string[]>, bound: Bindings): boolean {
  return Object.entries(bound).every(([name, value]) => values.get(name)?.includes(value) !== false);
}

/** The values in words, one line a placeholder. */
export function describeEach(base: string, each: Each | undefined): readonly string[] {
  return [...valuesOfEach(base, each)].map(
    ([name, values]) => `${name} = ${values.join(', ') || '(nothing)'}`,
  );
}
