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

/** Blobs by file name. */
export type Files = ReadonlyMap<string, string>;

/** Asks git about a repository. */
export class History {
  readonly request: RangeRequest;
  /** Whether it is a clone that leaves contents out. */
  readonly isPartial: boolean;

  constructor(request: RangeRequest) {
    this.request = request;
    const partial = this.ask([
      'config',
      '--get-regexp',
      '^(extensions\\.partialclone|remote\\..*\\.promisor)$',
    ]);
    this.isPartial = 'out' in partial && partial.out.trim() !== '';
  }

  private ask(words: readonly string[]): GitAnswer {
    return askGit(this.request.folder, words, { environment: { ...OFFLINE, ...this.request.environment } });
  }

  /** Git's answer. Throws `InputError` with the fault in words when there is none. */
  told(words: readonly string[], fault: string): string {
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
    return this.told(
      ['log', '-1', '--no-show-signature', '--format=%s', id],
      `commit ${id} cannot be read`,
    ).trim();
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
        const tab = line.indexOf('\t');
        const file = line.slice(tab + 1);
        const head = line.slice(0, Math.max(0, tab));
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
      ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--relative', from, to, '--', ...this.request.paths],
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
}
