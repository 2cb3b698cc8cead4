/**
 * What a package.json says a subpath leads to, as paths inside the package, whether or not the files exist: the
 * `exports` table with nested conditions in the order of the file, else `types`, `typings`, `main`, `index`. Resolvers
 * only say "not found" when a target is not built yet; the target itself is what a source can be found by.
 */
import { asObject } from './json-file.ts';

/** Targets of a subpath (`.`, `./name`) in the order in which they count; empty when the package closes it. */
export function entryTargets(
  manifest: Readonly<Record<string, unknown>>,
  subpath: string,
  conditions: ReadonlySet<string>,
): readonly string[] {
  const { exports } = manifest;
  if (exports === undefined)
    return subpath === '.' ? mainTargets(manifest) : [...typesTargets(manifest, subpath), subpath];
  return targetsIn(tableOf(exports), subpath, conditions);
}

/** Targets of `#name` by the `imports` of a package.json: files inside the package, and names of packages. */
export function importTargets(
  manifest: Readonly<Record<string, unknown>>,
  name: string,
  conditions: ReadonlySet<string>,
): readonly string[] {
  return targetsIn(asObject(manifest['imports']), name, conditions);
}

function targetsIn(
  table: Readonly<Record<string, unknown>>,
  subpath: string,
  conditions: ReadonlySet<string>,
): readonly string[] {
  if (table[subpath] !== undefined) return targetsOf(table[subpath], '', conditions);
  const best = Object.keys(table)
    .filter((key) => fits(key, subpath))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*') || b.length - a.length)[0];
  if (best === undefined) return [];
  const [head = '', tail = ''] = best.split('*');
  return targetsOf(table[best], subpath.slice(head.length, subpath.length - tail.length), conditions);
}

function mainTargets(manifest: Readonly<Record<string, unknown>>): readonly string[] {
  const { types, typings, main } = manifest;
  return [types, typings, main, './index.js'].filter((target) => typeof target === 'string');
}

/** What the newest of `typesVersions` makes of a subpath; patterns there have no `./` in front. */
function typesTargets(manifest: Readonly<Record<string, unknown>>, subpath: string): readonly string[] {
  const [newest] = Object.values(asObject(manifest['typesVersions']));
  return targetsIn(asObject(newest), subpath.slice('./'.length), new Set()).map((target) =>
    target.startsWith('.') ? target : `./${target}`,
  );
}

/** A table by subpath; a single target or conditions alone are about the package itself. */
function tableOf(exports: unknown): Readonly<Record<string, unknown>> {
  const isTable =
    !Array.isArray(exports) && Object.keys(asObject(exports)).some((key) => key.startsWith('.'));
  return isTable ? asObject(exports) : { '.': exports };
}

function fits(pattern: string, subpath: string): boolean {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return false;
  return subpath.length > head.length + tail.length && subpath.startsWith(head) && subpath.endsWith(tail);
}

/** `null` closes a subpath; a list gives its targets one after another; of conditions the first that leads on counts. */
function targetsOf(value: unknown, star: string, conditions: ReadonlySet<string>): readonly string[] {
  if (typeof value === 'string') return [value.replaceAll('*', star)];
  if (Array.isArray(value)) return value.flatMap((item) => targetsOf(item, star, conditions));
  for (const [condition, target] of Object.entries(asObject(value))) {
    if (!conditions.has(condition) && !condition.startsWith('types@')) continue;
    const found = targetsOf(target, star, conditions);
    if (found.length > 0 || target === null) return found;
  }
  return [];
}
