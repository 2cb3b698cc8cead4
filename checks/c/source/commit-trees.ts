/** Commits as trees of C files. A search is made once, in the base of a range; later commits only read what they change. */
import { openBlobs } from './blobs.ts';
import { anyOf, eachIn, endingsOf, grepFiles, linesIn, type Grepped } from './grep.ts';
import type { Files, History } from './history.ts';
import type { CSource } from './source.ts';

type Blobs = ReadonlyMap<string, string>;

/** Makes sources of commits. */
export class CommitTrees {
  private readonly history: History;
  private readonly blobs: ReturnType<typeof openBlobs>;
  private readonly missing = new Map<string, ReadonlySet<string>>();
  private readonly found = new Map<string, Grepped>();

  constructor(history: History) {
    this.history = history;
    this.blobs = openBlobs(history.request.folder, history.request.environment);
  }

  close(): void {
    this.blobs.close();
  }

  /** A commit's files as a source; what equals those of the base is searched there, once for the whole range. */
  source(id: string, files: Files, baseId: string): CSource {
    const unreadable = new Set<string>();
    const readEach: CSource['readEach'] = async (asked, use) => {
      const there = asked.filter((file) => files.has(file));
      const present = there.filter((file) => {
        const isAbsent = this.history.isPartial && this.absent(baseId, id).has(files.get(file) ?? '');
        if (isAbsent) unreadable.add(file);
        return !isAbsent;
      });
      await this.blobs.read(
        present.map((file) => files.get(file) ?? ''),
        (index, text) => {
          const file = present[index] ?? '';
          if (text === undefined) unreadable.add(file);
          else use(file, text);
        },
      );
    };
    const others = [...files.differing.keys()].filter((file) => files.has(file) && !files.isSame(file));
    const texts = this.history.request.store.table<readonly string[]>(`texts`);
    return {
      prepare: (patterns) => this.prepare(baseId, files.base, patterns),
      files: {
        has: (file) => files.has(file),
        names: () => files.names(),
        meant: (filter) => files.meant(filter),
      },
      exists: (file) => files.has(file) || files.others.has(file),
      idOf: (file) => files.idOf(file),
      unreadable: () => unreadable,
      readEach,
      matching: async (pattern) => {
        const found = await this.search(baseId, files.base, pattern);
        for (const file of found.missing) if (files.isSame(file)) unreadable.add(file);
        const same = [...found.matches].filter(([file]) => files.isSame(file));
        const fresh = new Map<string, ReadonlySet<string>>();
        const keyOf = (file: string): string => `${files.get(file) ?? ''} ${pattern}`;
        const open = others.filter((file) => !texts.has(keyOf(file)));
        await readEach(open, (file, text) => texts.set(keyOf(file), linesIn(text, pattern)));
        for (const file of others) {
          const matches = texts.get(keyOf(file)) ?? [];
          if (matches.length > 0) fresh.set(file, new Set(matches));
        }
        return new Map([...same, ...fresh].sort(([a], [b]) => (a < b ? -1 : 1)));
      },
    };
  }

  /** Blobs of trees that a partial clone has not got. */
  private absent(...ids: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    for (const id of new Set(ids)) {
      const known = this.missing.get(id) ?? this.missingOf(id);
      this.missing.set(id, known);
      for (const blob of known) found.add(blob);
    }
    return found;
  }

  private missingOf(id: string): ReadonlySet<string> {
    const lines = this.history
      .told(
        ['rev-list', '--objects', '--missing=print', '--no-object-names', '--no-walk', id],
        `objects of ${id} cannot be listed`,
      )
      .split('\n');
    return new Set(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(1)));
  }

  private async search(id: string, files: Blobs, pattern: string): Promise<Grepped> {
    const key = this.keyOf(id, pattern);
    const kept = this.searches().get(key);
    const found =
      this.found.get(key) ??
      (kept === undefined ? await this.searched(id, files, pattern) : askedAgain(kept));
    this.found.set(key, found);
    if (kept === undefined) this.searches().set(key, keptOf(found));
    return found;
  }

  /** Makes several searches in one pass; what was asked before is not asked again. */
  private async prepare(id: string, files: Blobs, patterns: readonly string[]): Promise<void> {
    const table = this.searches();
    const open = patterns.filter((pattern) => !table.has(this.keyOf(id, pattern)));
    if (open.length === 0) return;
    const { matches: lines, missing } = await this.searched(id, files, anyOf(open));
    for (const [pattern, matches] of eachIn(lines, open))
      table.set(this.keyOf(id, pattern), keptOf({ matches, missing }));
  }

  private searches(): Map<string, KeptSearch> {
    return this.history.request.store.table<KeptSearch>('search');
  }

  private keyOf(id: string, pattern: string): string {
    return `${id} ${this.history.request.paths.join(' ')} ${pattern}`;
  }

  /** Searches a tree, in the files looked at. */
  private async searched(id: string, files: Blobs, pattern: string): Promise<Grepped> {
    const { folder, paths, environment } = this.history.request;
    const found = this.history.isPartial
      ? await this.readAll(id, files, pattern)
      : await grepFiles(folder, id, pattern, paths.length > 0 ? paths : endingsOf(files.keys()), environment);
    return {
      matches: new Map([...found.matches].filter(([file]) => files.has(file))),
      missing: found.missing.filter((file) => files.has(file)),
    };
  }

  /** What git grep cannot do where it would fetch what is not here. */
  private async readAll(id: string, files: Blobs, pattern: string): Promise<Grepped> {
    const absent = this.absent(id);
    const matches = new Map<string, ReadonlySet<string>>();
    const present = [...files].filter(([, blob]) => !absent.has(blob));
    await this.blobs.read(
      present.map(([, blob]) => blob),
      (index, text) => {
        const words = new Set(linesIn(text ?? '', pattern));
        if (words.size > 0) matches.set(present[index]?.[0] ?? '', words);
      },
    );
    return { matches, missing: [...files].filter(([, blob]) => absent.has(blob)).map(([file]) => file) };
  }
}

/** A search as it is kept between runs. */
interface KeptSearch {
  readonly matches: readonly (readonly [string, readonly string[]])[];
  readonly missing: readonly string[];
}

function askedAgain({ matches, missing }: KeptSearch): Grepped {
  return { matches: new Map(matches.map(([file, lines]) => [file, new Set(lines)])), missing };
}

function keptOf({ matches, missing }: Grepped): KeptSearch {
  return { matches: [...matches].map(([file, words]) => [file, [...words]]), missing };
}
