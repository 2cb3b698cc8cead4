/** The C files of a folder. Files are found by `git grep --no-index`, which needs no repository. */
import { type Dirent, existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { FileFilter } from '../../globs.ts';
import { anyOf, eachIn, endingsOf, grepFiles } from './grep.ts';
import type { CSource, Matches } from './source.ts';

/** Opens a folder. `isMeant` tells which files belong to it. Throws `InputError` when git cannot be run. */
export function openFolder(
  folder: string,
  isMeant: FileFilter,
): CSource & { readonly folders: () => Iterable<string> } {
  const names = new Set(listed(folder).filter(isMeant));
  const unreadable = new Set<string>();
  const places = placesOf(names);
  const prepared = new Map<string, Matches>();
  const search = async (pattern: string): Promise<Matches> => {
    const { matches, missing } = await grepFiles(folder, undefined, pattern, places);
    for (const file of missing) if (names.has(file)) unreadable.add(file);
    return new Map([...matches].filter(([file]) => names.has(file)).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return {
    files: {
      has: (file) => names.has(file),
      names: () => names,
      meant: (filter) => [...names].filter(filter).sort(),
    },
    exists: (file) => existsSync(path.join(folder, file)),
    prepare: async (patterns) => {
      const lines = await search(anyOf(patterns));
      for (const [pattern, matches] of eachIn(lines, patterns)) prepared.set(pattern, matches);
    },
    matching: async (pattern) => prepared.get(pattern) ?? (await search(pattern)),
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

/** More pathspecs than this are not given to git. */
const PLACES_MAX = 200;

/** Pathspecs of all files: their endings, in the folders that hold them, so that others are not searched; none for the whole folder. */
function placesOf(names: ReadonlySet<string>): readonly string[] {
  const folders = [...new Set([...names].map((file) => path.posix.dirname(file)))].sort();
  const found: string[] = [];
  for (const one of folders) {
    const last = found.at(-1);
    if (last === undefined || !one.startsWith(`${last}/`)) found.push(one);
  }
  const endings = endingsOf(names);
  if (found.includes('.') || found.length * endings.length > PLACES_MAX) return endings;
  const ends = endings.length === 0 ? ['*'] : endings;
  return found.flatMap((one) => ends.map((ending) => `${escaped(one)}/${ending}`));
}

/** A folder's name as a pathspec that means nothing but it. */
function escaped(folder: string): string {
  return `${folder.startsWith(':') ? './' : ''}${folder.replaceAll(/[*?[\\]/g, String.raw`\$&`)}`;
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
    for (const entry of entriesOf(folder, below)) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules') visit(name);
      } else if (entry.isFile()) found.push(name);
    }
  };
  visit('');
  return found.sort();
}

/** What is in a folder; nothing when somebody took it away after its own folder was listed. */
function entriesOf(folder: string, below: string): readonly Dirent[] {
  try {
    return readdirSync(path.join(folder, below), { withFileTypes: true });
  } catch (error) {
    if (below !== '' && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
