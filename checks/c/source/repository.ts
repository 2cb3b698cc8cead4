/** Commits of a repository as trees of C files, without a check-out. Nothing is written, nothing is fetched. */
import { askGit, type GitAnswer } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import type { FileFilter } from '../../globs.ts';
import type { CommitStamp } from '../../finding.ts';
import type { FactStore } from '../facts.ts';
import { openBlobs } from './blobs.ts';
import { grepFiles, OFFLINE } from './grep.ts';
import type { CSource, Matches, MatchForm } from './source.ts';

/** A commit of a range as a tree. */
export interface RangeCommit extends CommitStamp {
  readonly source: CSource;
  /** Number of its first parent in the range; nothing when that lies outside, and for the first tree. */
  readonly parent: number | undefined;
  /** Files that differ from the first parent, with the blobs before and after. */
  readonly changed: readonly Changed[];
}

export interface Changed {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface RangeRequest {
  readonly folder: string;
  /** `A..B`, or one revision. */
  readonly range: string;
  readonly firstParent: boolean;
  /** Files looked at. */
  readonly isMeant: FileFilter;
  readonly paths: readonly string[];
  readonly store: FactStore;
  /** Where objects lie that are not in the repository. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface OpenedRange {
  readonly commits: readonly RangeCommit[];
  /** A tree of any revision. */
  readonly treeOf: (revision: string) => { readonly id: string; readonly source: CSource };
  readonly close: () => void;
}

type Files = ReadonlyMap<string, string>;

/** Opens a range: the commit it begins after (number 0), and each commit of it. Throws `InputError`. */
export function openRange(request: RangeRequest): OpenedRange {
  const repository = new Repository(request);
  const dots = request.range.indexOf('..');
  const [from, to] =
    dots < 0
      ? [request.range, request.range]
      : [request.range.slice(0, dots), request.range.slice(dots + 2).replace(/^\./, '') || 'HEAD'];
  if (from === '')
    throw new InputError(`--range ${request.range}: write A..B, with the revision it begins after.`);
  const first = repository.commit(from);
  const list = dots < 0 ? [] : repository.list(first, repository.commit(to));
  const base = repository.files(first);
  const stamp = (id: string, number: number): CommitStamp => ({
    number,
    id,
    subject: repository.subject(id),
  });
  const numbers = new Map([[first, 0]]);
  const trees = new Map<string, Files>([[first, base]]);
  const commits: RangeCommit[] = [
    {
      ...stamp(first, 0),
      source: repository.source(first, base, first, base),
      parent: undefined,
      changed: [],
    },
  ];
  for (const [index, id] of list.entries()) {
    const parent = repository.parent(id);
    const before =
      parent === undefined
        ? new Map<string, string>()
        : (trees.get(parent) ?? repository.changedFrom(first, base, parent).files);
    const { files, changed } =
      parent === undefined
        ? { files: repository.files(id), changed: [] }
        : repository.changedFrom(parent, before, id);
    numbers.set(id, index + 1);
    trees.set(id, files);
    const known = parent === undefined ? undefined : numbers.get(parent);
    commits.push({
      ...stamp(id, index + 1),
      source: repository.source(id, files, first, base),
      parent: known,
      changed,
    });
  }
  return {
    commits,
    treeOf: (revision) => {
      const id = repository.commit(revision);
      const files = repository.files(id);
      return { id, source: repository.source(id, files, id, files) };
    },
    close: () => repository.close(),
  };
}

class Repository {
  private readonly request: RangeRequest;
  private readonly blobs: ReturnType<typeof openBlobs>;
  private readonly isPartial: boolean;
  private readonly missing = new Map<string, ReadonlySet<string>>();

  constructor(request: RangeRequest) {
    this.request = request;
    this.blobs = openBlobs(request.folder, request.environment);
    const partial = this.ask([
      'config',
      '--get-regexp',
      '^(extensions\\.partialclone|remote\\..*\\.promisor)$',
    ]);
    this.isPartial = 'out' in partial && partial.out.trim() !== '';
  }

  close(): void {
    this.blobs.close();
  }

  private ask(words: readonly string[]): GitAnswer {
    return askGit(this.request.folder, words, { environment: { ...OFFLINE, ...this.request.environment } });
  }

  private told(words: readonly string[], fault: string): string {
    const answer = this.ask(words);
    if ('out' in answer) return answer.out;
    throw new InputError(
      `${this.request.folder}: ${fault}${answer.problem === '' ? '' : `: ${answer.problem.split('\n')[0] ?? ''}`}`,
    );
  }

  /** Full id of a commit. */
  commit(revision: string): string {
    return this.told(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
      `there is no revision ${revision} (in a shallow clone, or a wrong name?)`,
    ).trim();
  }

  list(from: string, to: string): readonly string[] {
    const words = [
      'rev-list',
      '--reverse',
      '--topo-order',
      ...(this.request.firstParent ? ['--first-parent'] : []),
      `${from}..${to}`,
    ];
    return this.told(words, 'the range cannot be listed')
      .split('\n')
      .filter((line) => line !== '');
  }

  subject(id: string): string {
    return this.told(['log', '-1', '--format=%s', id], `commit ${id} cannot be read`).trim();
  }

  parent(id: string): string | undefined {
    const words = this.told(['rev-list', '--parents', '-n', '1', id], `commit ${id} cannot be read`)
      .trim()
      .split(' ');
    return words[1];
  }

  private isMeant(mode: string, file: string): boolean {
    return mode.startsWith('100') && this.request.isMeant(file);
  }

  /** Blobs of a commit's files by name. */
  files(id: string): Files {
    const lines = this.told(
      ['ls-tree', '-r', '-z', id, '--', ...this.request.paths],
      `the tree of ${id} cannot be read`,
    ).split('\0');
    return new Map(
      lines.flatMap((line): (readonly [string, string])[] => {
        const [head = '', file = ''] = line.split('\t');
        const [mode = '', , blob = ''] = head.split(' ');
        return this.isMeant(mode, file) ? [[file, blob]] : [];
      }),
    );
  }

  /** Blobs of a commit's files, known those of another, and what differs. */
  changedFrom(
    from: string,
    before: Files,
    to: string,
  ): { readonly files: Files; readonly changed: readonly Changed[] } {
    const words = this.told(
      ['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to, '--', ...this.request.paths],
      `${from} and ${to} cannot be compared`,
    ).split('\0');
    const files = new Map(before);
    const changed: Changed[] = [];
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [, newMode = '', , blob = ''] = (words[at] ?? '').split(' ');
      const file = words[at + 1] ?? '';
      if (!this.request.isMeant(file)) continue;
      const isThere = newMode.startsWith('100');
      changed.push({ file, before: before.get(file), after: isThere ? blob : undefined });
      if (isThere) files.set(file, blob);
      else files.delete(file);
    }
    return { files, changed };
  }

  /** A commit's files as a source; what equals the base is searched there, once for the whole range. */
  source(id: string, files: Files, baseId: string, base: Files): CSource {
    const unreadable = new Set<string>();
    const readEach: CSource['readEach'] = async (asked, use) => {
      const there = asked.filter((file) => files.has(file));
      const present = there.filter((file) => {
        const isAbsent = this.isPartial && this.absent(baseId, id).has(files.get(file) ?? '');
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
    const texts = this.request.store.table<readonly string[]>(`texts`);
    return {
      files: { has: (file) => files.has(file), names: () => files.keys() },
      idOf: (file) => files.get(file),
      unreadable: () => unreadable,
      readEach,
      matching: async (pattern, form) => {
        const found = await this.search(baseId, base, pattern, form);
        for (const file of found.missing)
          if (files.get(file) === base.get(file) && files.has(file)) unreadable.add(file);
        const same = [...found.matches].filter(
          ([file]) => files.has(file) && files.get(file) === base.get(file),
        );
        const others = [...files].filter(([file, blob]) => base.get(file) !== blob);
        const fresh = new Map<string, ReadonlySet<string>>();
        const expression = expressionOf(pattern, form);
        const keyOf = (file: string): string => `${files.get(file) ?? ''} ${form ?? ''} ${pattern}`;
        const open = others.map(([file]) => file).filter((file) => !texts.has(keyOf(file)));
        await readEach(open, (file, text) =>
          texts.set(keyOf(file), [...new Set([...text.matchAll(expression)].map(([all]) => all))]),
        );
        for (const [file] of others) {
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
    const lines = this.told(
      ['rev-list', '--objects', '--missing=print', '--no-object-names', '--no-walk', id],
      `objects of ${id} cannot be listed`,
    ).split('\n');
    return new Set(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(1)));
  }

  private async search(
    id: string,
    files: Files,
    pattern: string,
    form: MatchForm | undefined,
  ): Promise<{ readonly matches: Matches; readonly missing: readonly string[] }> {
    const { folder, paths, store, environment } = this.request;
    const table = store.table<{
      readonly matches: readonly (readonly [string, readonly string[]])[];
      readonly missing: readonly string[];
    }>('search');
    const key = `${id} ${form ?? ''} ${paths.join(' ')} ${pattern}`;
    const known = table.get(key);
    if (known !== undefined)
      return {
        matches: new Map(known.matches.map(([file, words]) => [file, new Set(words)])),
        missing: known.missing,
      };
    const found = this.isPartial
      ? await this.readAll(id, files, expressionOf(pattern, form))
      : await grepFiles(
          folder,
          id,
          pattern,
          paths.length > 0 ? paths : ['*.[chS]', '*.cc', '*.hh', '*.cpp', '*.hpp'],
          form,
          environment,
        );
    const matches = [...found.matches].filter(([file]) => files.has(file));
    const missing = found.missing.filter((file) => files.has(file));
    table.set(key, { matches: matches.map(([file, words]) => [file, [...words]]), missing });
    return { matches: new Map(matches), missing };
  }

  /** What git grep cannot do where it would fetch what is not here. */
  private async readAll(
    id: string,
    files: Files,
    expression: RegExp,
  ): Promise<{ readonly matches: Matches; readonly missing: readonly string[] }> {
    const absent = this.absent(id);
    const matches = new Map<string, ReadonlySet<string>>();
    const present = [...files].filter(([, blob]) => !absent.has(blob));
    await this.blobs.read(
      present.map(([, blob]) => blob),
      (index, text) => {
        const words = new Set([...(text ?? '').matchAll(expression)].map(([all]) => all));
        if (words.size > 0) matches.set(present[index]?.[0] ?? '', words);
      },
    );
    return { matches, missing: [...files].filter(([, blob]) => absent.has(blob)).map(([file]) => file) };
  }
}

function expressionOf(pattern: string, form: MatchForm | undefined): RegExp {
  return new RegExp(form === 'lines' ? `^.*(?:${pattern}).*$` : pattern, 'gm');
}
