/** The C files of a folder. Files are found by `git grep --no-index`, which needs no repository. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { FileFilter } from '../../globs.ts';
import { anyOf, eachIn, grepFiles } from './grep.ts';
import type { CSource, Matches, MatchForm } from './source.ts';

/** Opens a folder. `isMeant` tells which files belong to it. Throws `InputError` when git cannot be run. */
export function openFolder(
  folder: string,
  isMeant: FileFilter,
): CSource & { readonly folders: () => Iterable<string> } {
  const names = new Set(listed(folder).filter(isMeant));
  const unreadable = new Set<string>();
  const places = placesOf(names);
  const prepared = new Map<string, Matches>();
  const search = async (pattern: string, form?: MatchForm): Promise<Matches> => {
    const { matches, missing } = await grepFiles(folder, undefined, pattern, places, form);
    for (const file of missing) if (names.has(file)) unreadable.add(file);
    return new Map([...matches].filter(([file]) => names.has(file)).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return {
    files: { has: (file) => names.has(file), names: () => names },
    prepare: async (patterns) => {
      const lines = await search(anyOf(patterns), 'lines');
      for (const [pattern, matches] of eachIn(lines, patterns)) prepared.set(pattern, matches);
    },
    matching: async (pattern, form) =>
      (form === 'lines' ? undefined : prepared.get(pattern)) ?? (await search(pattern, form)),
    readEach: async (files, use) => {
      for (const file of files) {
        const text = readText(path.join(folder, file));
        if (text === undefined) unreadable.add(file);
        else use(file, text);
      }
      await Promise.resolve();
    },
    idOf: () => undefined,
    unreadable: () => unreadable,
    folders: () => new Set([...names].map((file) => path.dirname(path.join(folder, file)))),
  };
}

/** More folders than this are not named to git one by one. */
const PLACES_MAX = 200;

/** The folders that hold all files, so that others are not searched; none where that is the whole folder. */
function placesOf(names: ReadonlySet<string>): readonly string[] {
  const folders = [...new Set([...names].map((file) => path.posix.dirname(file)))].sort();
  const found: string[] = [];
  for (const one of folders) {
    const last = found.at(-1);
    if (last === undefined || !one.startsWith(`${last}/`)) found.push(one);
  }
  return found.includes('.') || found.length > PLACES_MAX ? [] : found.map((one) => `:(literal)${one}`);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

/** All files below a folder, those of version control and installed packages left out. */
function listed(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(path.join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules') visit(name);
      } else if (entry.isFile()) found.push(name);
    }
  };
  visit('');
  return found.sort();
}
