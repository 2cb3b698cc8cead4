/** What git says of a repository's commits: their order, their files, and what differs. Nothing is written, nothing is fetched. */
import { askGit, type GitAnswer } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import type { FileFilter } from '../../globs.ts';
import type { FactStore } from '../facts.ts';
import { OFFLINE } from './grep.ts';

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

/** What was asked about files of a base, known to all commits that share it. */
interface Asked {
  readonly meant: Map<FileFilter, readonly string[]>;
  readonly ids: Map<string, string>;
}

/** Blobs of a commit by file name: those of another commit, and what differs from them. */
export class Files {
  readonly base: ReadonlyMap<string, string>;
  /** Nothing for a file that is not there. */
  readonly differing: ReadonlyMap<string, string | undefined>;
  /** Files that are not looked at. */
  readonly others: ReadonlySet<string>;
  private readonly asked: Asked;

  constructor(
    base: ReadonlyMap<string, string>,
    others: ReadonlySet<string>,
    differing: ReadonlyMap<string, string | undefined> = new Map(),
    asked: Asked = { meant: new Map(), ids: new Map() },
  ) {
    this.base = base;
    this.others = others;
    this.differing = differing;
    this.asked = asked;
  }

  /** The files of a commit that differs in more files, and in others that are not looked at. */
  changed(differing: ReadonlyMap<string, string | undefined>, others: ReadonlySet<string>): Files {
    return new Files(this.base, others, differing, this.asked);
  }

  get(file: string): string | undefined {
    return this.differing.has(file) ? this.differing.get(file) : this.base.get(file);
  }

  has(file: string): boolean {
    return this.get(file) !== undefined;
  }

  *names(): Iterable<string> {
    for (const file of this.base.keys()) if (!this.differing.has(file)) yield file;
    for (const [file, blob] of this.differing) if (blob !== undefined) yield file;
  }

  /** Names that a filter means, sorted. */
  meant(isMeant: FileFilter): readonly string[] {
    const ofBase = this.asked.meant.get(isMeant) ?? [...this.base.keys()].filter(isMeant).sort();
    this.asked.meant.set(isMeant, ofBase);
    const appeared = [...this.differing].filter(
      ([file, blob]) => blob !== undefined && !this.base.has(file) && isMeant(file),
    );
    const there = ofBase.filter((file) => this.has(file));
    return appeared.length === 0 ? there : [...there, ...appeared.map(([file]) => file)].sort();
  }

  /** Names a file with its blob. */
  idOf(file: string): string | undefined {
    const own = this.differing.has(file);
    const known = own ? undefined : this.asked.ids.get(file);
    if (known !== undefined) return known;
    const blob = this.get(file);
    if (blob === undefined) return undefined;
    const id = `${blob} ${file}`;
    if (!own) this.asked.ids.set(file, id);
    return id;
  }

  /** Whether a file is what it is in the other commit. */
  isSame(file: string): boolean {
    return !this.differing.has(file) || this.differing.get(file) === this.base.get(file);
  }
}

/** Mode of a submodule in a tree. */
const SUBMODULE = '160000';

/** Asks git about a repository. */
export class History {
  readonly request: RangeRequest;
  /** Whether it is a clone that leaves contents out. */
  readonly isPartial: boolean;
  /** Submodules that were met: other repositories, whose files are not looked at. */
  readonly submodules = new Set<string>();

  constructor(request: RangeRequest) {
    this.request = request;
    const partial = this.ask([
      'config',
      '--get-regexp',
      '^(extensions\\.partialclone|remote\\..*\\.promisor)$',
    ]);
    this.isPartial = 'out' in partial && partial.out.trim() !== '';
  }

  private ask(words: readonly string[], input?: string): GitAnswer {
    const environment = { ...OFFLINE, ...this.request.environment };
    return askGit(this.request.folder, words, { environment, input });
  }

  /** Git's answer. Throws `InputError` with the fault in words when there is none. */
  told(words: readonly string[], fault: string, input?: string): string {
    const answer = this.ask(words, input);
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

  /** Commits of a range, parents first, each with its first parent. */
  list(from: string, to: string): readonly { readonly id: string; readonly parent: string | undefined }[] {
    const words = [
      'rev-list',
      '--reverse',
      '--topo-order',
      '--parents',
      ...(this.request.firstParent ? ['--first-parent'] : []),
      `${from}..${to}`,
    ];
    return this.told(words, 'the range cannot be listed')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = '', parent] = line.split(' ');
        return { id, parent };
      });
  }

  /** Subjects of commits, in their order. */
  subjects(ids: readonly string[]): readonly string[] {
    const words = ['log', '--no-walk=unsorted', '--no-show-signature', '--stdin', '--format=%s'];
    return this.told(words, 'the commits cannot be read', ids.join('\n')).split('\n');
  }

  private isMeant(mode: string, file: string): boolean {
    return mode.startsWith('100') && this.request.isMeant(file);
  }

  /** The files of a commit. */
  files(id: string): Files {
    const lines = this.told(
      ['ls-tree', '-r', '-z', id, '--', ...this.request.paths],
      `the tree of ${id} cannot be read`,
    ).split('\0');
    const blobs = new Map<string, string>();
    const others = new Set<string>();
    for (const line of lines) {
      const tab = line.indexOf('\t');
      const file = line.slice(tab + 1);
      const [mode = '', , blob = ''] = line.slice(0, Math.max(0, tab)).split(' ');
      if (mode === SUBMODULE) this.submodules.add(file);
      if (this.isMeant(mode, file)) blobs.set(file, blob);
      else others.add(file);
    }
    return new Files(blobs, others);
  }

  /** Blobs of a commit's files, known those of another, and what differs. */
  changedFrom(
    from: string,
    before: Files,
    to: string,
  ): { readonly files: Files; readonly changed: readonly Changed[] } {
    const words = this.told(
      ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--relative', from, to, '--', ...this.request.paths],
      `${from} and ${to} cannot be compared`,
    ).split('\0');
    const differing = new Map(before.differing);
    const changed: Changed[] = [];
    let others: Set<string> | undefined;
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [, newMode = '', , blob = ''] = (words[at] ?? '').split(' ');
      const file = words[at + 1] ?? '';
      if (newMode === SUBMODULE) this.submodules.add(file);
      const isThere = newMode.startsWith('100');
      if (!this.request.isMeant(file)) {
        others ??= new Set(before.others);
        if (isThere) others.add(file);
        else others.delete(file);
        continue;
      }
      const after = isThere ? blob : undefined;
      changed.push({ file, before: before.get(file), after });
      differing.set(file, after);
    }
    return { files: before.changed(differing, others ?? before.others), changed };
  }
}
