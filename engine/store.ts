/**
 * Evidence on disk. A table holds what is known of workloads under the hash of everything else it follows from: a subject,
 * or a subject and a tree. So a new workload adds a row, an edited tree begins a new table, and prose is part of no key.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, writeWhole } from '#base/files.ts';
import { hashOfParts } from '#base/hash.ts';
import { onceEach } from '#base/once.ts';

/**
 * Rows by the hash of their workload. Its file has a line a row, and later lines count: what is new is put behind what is there, so
 * saving costs what is new and two runs at once lose nothing. A line that was cut off is as good as none.
 */
export class Table<Row> {
  readonly #path: string;
  readonly #lines: Map<string, string>;
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Set<string>();
  /** Keys that were asked for and there, or set. */
  readonly #used = new Set<string>();
  /** The file is not to be added to: it ends in half a line, is mostly outdated, or nothing in it is believed. */
  #isToReplace: boolean;

  readonly #keyOf: (workload: string) => string;

  /** With `isFresh` nothing in the file is believed. */
  constructor(path: string, isFresh: boolean, keyOf: (workload: string) => string) {
    this.#keyOf = keyOf;
    const { lines, isToReplace } = isFresh
      ? { lines: new Map<string, string>(), isToReplace: true }
      : linesIn(path);
    this.#path = path;
    this.#lines = lines;
    this.#isToReplace = isToReplace;
  }

  get(workload: string): Row | undefined {
    const key = this.#keyOf(workload);
    const row = this.#rows.get(key) ?? rowIn<Row>(this.#lines.get(key));
    if (row === undefined) return undefined;
    this.#rows.set(key, row);
    this.#used.add(key);
    return row;
  }

  set(workload: string, row: Row): void {
    const key = this.#keyOf(workload);
    this.#rows.set(key, row);
    this.#changed.add(key);
    this.#used.add(key);
  }

  /** Rows that were of use since the table was opened, by key. */
  used(): Record<string, Row> {
    return Object.fromEntries(
      [...this.#used].flatMap((key) => {
        const row = this.#rows.get(key);
        return row === undefined ? [] : [[key, row]];
      }),
    );
  }

  /** Believes rows that somebody else has found out, by key. They are not saved. */
  believe(rows: Readonly<Record<string, Row>>): void {
    for (const [key, row] of Object.entries(rows)) this.#rows.set(key, row);
  }

  /** Writes what is new. Throws what the file system says. */
  save(): void {
    if (this.#changed.size === 0) return;
    for (const key of this.#changed) this.#lines.set(key, JSON.stringify(this.#rows.get(key)));
    if (this.#isToReplace) writeWhole(this.#path, linesOf(this.#lines, this.#lines.keys()));
    else {
      makeFolder(dirname(this.#path));
      appendFileSync(this.#path, linesOf(this.#lines, this.#changed));
    }
    this.#isToReplace = false;
    this.#changed.clear();
  }
}

const linesOf = (lines: ReadonlyMap<string, string>, keys: Iterable<string>): string =>
  [...keys].map((key) => `${key} ${lines.get(key)}\n`).join('');

/** The lines of a table's file, by key, and whether it is better written anew. */
function linesIn(path: string): { readonly lines: Map<string, string>; readonly isToReplace: boolean } {
  const all = textIn(path).split('\n');
  const isCutOff = all.pop() !== '';
  const lines = new Map(
    all.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
  return { lines, isToReplace: isCutOff || all.length > 2 * lines.size };
}

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function rowIn<Row>(line: string | undefined): Row | undefined {
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line) as Row;
  } catch {
    return undefined;
  }
}

/** Rows by key, by table. */
export type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Keeps tables in one folder. Trouble with the folder is said once and costs nothing but the evidence. */
export class EvidenceStore {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  readonly #isFresh: boolean;
  readonly #tables = new Map<string, Table<unknown>>();
  readonly #keyOf = onceEach((workload: string) => hashOfParts([workload]));
  readonly #given: Rows;
  #isBroken = false;

  /** Evidence that others have found out, `rows`, and nothing else; it is not kept. */
  static ofRows(rows: Rows): EvidenceStore {
    const store = new EvidenceStore('', () => {}, true, rows);
    store.#isBroken = true;
    return store;
  }

  /** With `isFresh` nothing that is there is believed; what is found out is kept all the same. */
  constructor(folder: string, warn: (message: string) => void, isFresh = false, given: Rows = {}) {
    this.#given = given;
    this.#folder = folder;
    this.#warn = warn;
    this.#isFresh = isFresh;
  }

  /** The table of `kind` that follows from `parts`. */
  table<Row>(kind: string, parts: readonly string[]): Table<Row> {
    const name = `${kind}-${hashOfParts(parts)}`;
    const known = this.#tables.get(name);
    if (known !== undefined) return known as Table<Row>;
    const table = new Table<Row>(join(this.#folder, `${name}.rows`), this.#isFresh, this.#keyOf);
    this.#tables.set(name, table as Table<unknown>);
    (table as Table<unknown>).believe(this.#given[name] ?? {});
    return table;
  }

  /** Everything that was of use since the store was opened. */
  used(): Rows {
    return Object.fromEntries([...this.#tables].map(([name, table]) => [name, table.used()]));
  }

  /** Writes what is new. */
  save(): void {
    if (this.#isBroken) return;
    try {
      for (const table of this.#tables.values()) table.save();
    } catch (error) {
      this.#isBroken = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(`evidence is not kept: ${reason}`);
    }
  }
}
