/** A range of commits as trees of C files, without a check-out. */
import { InputError } from '#base/input-error.ts';
import type { CommitStamp } from '../../finding.ts';
import { CommitTrees } from './commit-trees.ts';
import { History, type Changed, type Files, type RangeRequest } from './history.ts';
import type { CSource } from './source.ts';

/** A commit of a range as a tree. */
export interface RangeCommit extends CommitStamp {
  readonly source: CSource;
  /** Number of its first parent in the range; nothing when that lies outside, and for the first tree. */
  readonly parent: number | undefined;
  /** Files that differ from the first parent, with the blobs before and after. */
  readonly changed: readonly Changed[];
}

export interface OpenedRange {
  readonly commits: readonly RangeCommit[];
  /** A tree of any revision. */
  readonly treeOf: (revision: string) => { readonly id: string; readonly source: CSource };
  /** Submodules, whose files are not looked at. */
  readonly submodules: readonly string[];
  readonly close: () => void;
}

/** Opens a range: the commit it begins after (number 0), and each commit of it. Throws `InputError`. */
export function openRange(request: RangeRequest): OpenedRange {
  const repository = new History(request);
  const sources = new CommitTrees(repository);
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
  const subjects = repository.subjects([first, ...list.map(({ id }) => id)]);
  const stamp = (id: string, number: number): CommitStamp => ({
    number,
    id,
    subject: subjects[number] ?? '',
  });
  const numbers = new Map([[first, 0]]);
  const trees = new Map<string, Files>([[first, base]]);
  const source = sources.source(first, base, first);
  const commits: RangeCommit[] = [{ ...stamp(first, 0), source, parent: undefined, changed: [] }];
  for (const [index, { id, parent }] of list.entries()) {
    const from = parent ?? first;
    const before = trees.get(from) ?? repository.changedFrom(first, base, from).files;
    const { files, changed } = repository.changedFrom(from, before, id);
    numbers.set(id, index + 1);
    trees.set(id, files);
    commits.push({
      ...stamp(id, index + 1),
      source: sources.source(id, files, first),
      parent: parent === undefined ? undefined : numbers.get(parent),
      changed: parent === undefined ? [] : changed,
    });
  }
  return {
    commits,
    treeOf: (revision) => {
      const id = repository.commit(revision);
      return { id, source: sources.source(id, repository.files(id), id) };
    },
    submodules: [...repository.submodules].sort(),
    close: () => sources.close(),
  };
}
