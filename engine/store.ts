/**
 * Evidence on disk. A table holds what is known of workloads under the hash of everything else it follows from: a subject,
 * or a subject and a tree. So a new workload adds a row, an edited tree begins a new table, and prose is part of no key.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '#base/files.ts';
import { hashOfParts } from '#base/hash.ts';

/** Rows by the hash of their workload. */
export class Table<Row> {
  readonly #path: string;
  readonly #rows: Map<string, Row>;
  #isChanged = false;

  constructor(path: string, rows: Map<string, Row>) {
    this.#path = path;
    this.#rows = rows;
  }

  get(workload: string): Row | undefined {
    return this.#rows.get(rowKey(workload));
  }

  set(workload: string, row: Row): void {
    this.#rows.set(rowKey(workload), row);
    this.#isChanged = true;
  }

  /** Writes the table when something is new. Throws what the file system says. */
  save(): void {
    if (!this.#isChanged) return;
    writeWhole(this.#path, JSON.stringify(Object.fromEntries(this.#rows)));
    this.#isChanged = false;
  }
}

const rowKey = (workload: string): string => hashOfParts([workload]);

/** Keeps tables in one folder. Trouble with the folder is said once and costs nothing but the evidence. */
export class EvidenceStore {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  readonly #isFresh: boolean;
  readonly #tables = new Map<string, Table<unknown>>();
  #isBroken = false;

  /** With `isFresh` nothing that is there is believed; what is found out is kept all the same. */
  constructor(folder: string, warn: (message: string) => void, isFresh = false) {
    this.#folder = folder;
    this.#warn = warn;
    this.#isFresh = isFresh;
  }

  /** The table of `kind` that follows from `parts`. A file cut off by a crash is as good as none. */
  table<Row>(kind: string, parts: readonly string[]): Table<Row> {
    const name = `${kind}-${hashOfParts(parts)}`;
    const known = this.#tables.get(name);
    if (known !== undefined) return known as Table<Row>;
    const path = join(this.#folder, `${name}.json`);
    const table = new Table<Row>(path, this.#isFresh ? new Map() : rowsIn<Row>(path));
    this.#tables.set(name, table as Table<unknown>);
    return table;
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

function rowsIn<Row>(path: string): Map<string, Row> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Row>));
  } catch {
    return new Map();
  }
}
