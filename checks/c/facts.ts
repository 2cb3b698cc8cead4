/** What was found in files, kept for as long as their content and the names looked for are the same. */
import { analyse, openFile, type CFile } from './analyse.ts';
import { isHeader } from './lex.ts';
import type { ParseC } from './parser.ts';
import { pasteMacros, type PasteMacro } from './paste.ts';
import type { Hit } from './reading.ts';
import type { CSource } from './source/source.ts';
import type { Watch } from './watch.ts';

/** Facts by a key made of content and name. */
export interface FactStore {
  /** The facts of one kind and question; what is not there is made by the caller and put in. */
  readonly table: <T>(question: string) => Map<string, T>;
}

/** A store for one run. */
export function memoryStore(): FactStore {
  const tables = new Map<string, Map<string, unknown>>();
  return {
    table: <T>(question: string): Map<string, T> => {
      const known = tables.get(question) ?? new Map<string, unknown>();
      tables.set(question, known);
      return known as Map<string, T>;
    },
  };
}

/** Asks about files of a source, and remembers. */
export interface Facts {
  readonly hits: (files: readonly string[], watch: Watch) => Promise<ReadonlyMap<string, readonly Hit[]>>;
  readonly pasteMacros: (files: readonly string[]) => Promise<readonly PasteMacro[]>;
  /** Makes something of the lines that match a pattern, for each file that has one. */
  readonly ofLines: <T>(
    pattern: string,
    make: (lines: Iterable<string>) => T,
  ) => Promise<ReadonlyMap<string, T>>;
  /** Makes something of each file that is not remembered; `make` must give plain data. */
  readonly each: <T>(
    question: string,
    files: readonly string[],
    make: (file: CFile, text: string) => T,
  ) => Promise<ReadonlyMap<string, T>>;
}

/** Facts of a source. */
export function factsOf(source: CSource, store: FactStore, parse: ParseC): Facts {
  const keyOf = (file: string): string => source.idOf(file) ?? ` ${file}`;
  const facts: Facts = {
    ofLines: async <T>(pattern: string, make: (lines: Iterable<string>) => T) => {
      const table = store.table<T>(`lines ${pattern}`);
      const found = new Map<string, T>();
      for (const [file, lines] of await source.matching(pattern)) {
        const key = keyOf(file);
        const known = table.get(key);
        const fact = known ?? make(lines);
        if (known === undefined) table.set(key, fact);
        found.set(file, fact);
      }
      return found;
    },
    hits: (files, watch) => facts.each(`hits ${watch.pattern}`, files, (file) => analyse(file, watch, parse)),
    pasteMacros: async (files) => {
      const found = await facts.each('paste', files, (file, text) => pasteMacros(file.name, text));
      return [...found.values()].flat();
    },
    each: async <T>(question: string, files: readonly string[], make: (file: CFile, text: string) => T) => {
      const table = store.table<T>(question);
      const found = new Map<string, T>();
      const keys = files.map((file) => [file, keyOf(file)] as const);
      const open = keys.filter(([, key]) => !table.has(key)).map(([file]) => file);
      await source.readEach(open, (file, text) => {
        let opened: CFile | undefined;
        const lazy: CFile = {
          name: file,
          get lexed() {
            return (opened ??= openFile(file, text)).lexed;
          },
          get conditions() {
            return (opened ??= openFile(file, text)).conditions;
          },
          isHeader: isHeader(file),
        };
        // Copied, since a part of a text would keep the whole text alive.
        table.set(keyOf(file), JSON.parse(JSON.stringify(make(lazy, text))) as T);
      });
      for (const [file, key] of keys) {
        const fact = table.get(key);
        if (fact !== undefined) found.set(file, fact);
      }
      return found;
    },
  };
  return facts;
}
