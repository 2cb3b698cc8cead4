/**
 * Where names with a known beginning lead: `../db/`, `@/db/` by `paths`, `#db/` by `imports`, `@o/db/` by the table of
 * a package of this repository. The end is not known, so the answers are beginnings of absolute paths.
 */
import path from 'node:path';
import { entryTargets, importTargets } from './entry-targets.ts';
import { readObject } from './json-file.ts';
import { packageFolder, rootAbove } from './package-folder.ts';
import type { Mapping } from './mapping.ts';
import type { OwnPackages } from './own-packages.ts';
import { isBare, packageOf } from './package-names.ts';
import { sourcePrefixes } from './to-source.ts';

export type Prefixes = (fromPath: string, head: string) => readonly string[];

/** Stands for the end that is not known; no name has it. */
const END = '\uE000';

/** Makes the question for one project. */
export function createPrefixes(
  mapping: Mapping,
  ownPackage: OwnPackages,
  conditions: ReadonlySet<string>,
): Prefixes {
  return (fromPath, head) => {
    const folder = path.dirname(fromPath);
    if (/^\.{1,2}\//.test(head)) return [cut(path.resolve(folder, head + END))];
    if (head.startsWith('/')) return [path.join(rootAbove(folder), head)];
    const home = packageFolder(folder);
    const named = isBare(head) ? ownPackage(folder, packageOf(head)) : undefined;
    const imported =
      home === undefined || !head.startsWith('#')
        ? []
        : importTargets(readObject(path.join(home, 'package.json')), head + END, conditions);
    const entries =
      named === undefined
        ? []
        : entryTargets(named.manifest, `.${head.slice(packageOf(head).length)}${END}`, conditions);
    return [
      ...mapping.targets(folder, head + END).filter((target) => target.includes(END)),
      ...inside(home, imported),
      ...inside(named?.folder, entries),
    ].map(cut);
  };
}

function inside(folder: string | undefined, targets: readonly string[]): readonly string[] {
  return folder === undefined
    ? []
    : targets
        .filter((target) => target.startsWith('.') && target.includes(END))
        .flatMap((target) => sourcePrefixes(folder, path.resolve(folder, target)));
}

function cut(target: string): string {
  return target.slice(0, target.indexOf(END));
}
