/** Names that commits of a range remove: candidates from the files each commit changes, for rules that watch them. */
import { declarationsOf, isVisible, type Declared } from './declared.ts';
import { factsOf } from './facts.ts';
import type { CJudgeRequest } from './judge.ts';
import type { ParseC } from './parser.ts';
import type { CSource } from './source/source.ts';

export interface Removed {
  /** Every name some commit's files lose. */
  readonly names: readonly string[];
  /** By commit number: 0 is for names that are gone since an older revision. */
  readonly byCommit: ReadonlyMap<number, readonly string[]>;
}

/** Finds the names. Whether the last declaration is gone is decided where all files are known. */
export async function removedNames(request: CJudgeRequest, parse: ParseC): Promise<Removed> {
  const watching = request.rules.flatMap(({ watchesRemoved }) =>
    watchesRemoved === undefined ? [] : [watchesRemoved],
  );
  if (watching.length === 0) return { names: [], byCommit: new Map() };
  const isMeant = (file: string): boolean => watching.some(({ files }) => files(file));
  const namesOf = async (source: CSource, files: readonly string[]): Promise<ReadonlySet<string>> => {
    const found = await factsOf(source, request.store, parse).each<readonly Declared[]>(
      'declarations',
      files.filter(isMeant),
      declarationsOf,
    );
    return new Set(
      [...found.values()]
        .flat()
        .filter(isNamed)
        .map(({ name }) => name),
    );
  };
  const byCommit = new Map<number, readonly string[]>();
  for (const { source, changed = [], number = 0, parent } of request.commits) {
    const before = request.commits.find((one) => one.number === parent)?.source;
    if (before === undefined || parent === undefined) continue;
    const files = changed.map(({ file }) => file);
    const now = await namesOf(source, files);
    byCommit.set(
      number,
      [...(await namesOf(before, files))].filter((name) => !now.has(name)),
    );
  }
  const [first] = request.commits;
  for (const { since } of watching) {
    if (since === undefined || first === undefined || request.treeOf === undefined) continue;
    const old = request.treeOf(since).source;
    const files = [...old.files.names()].filter((file) => old.idOf(file) !== first.source.idOf(file));
    const now = await namesOf(first.source, files);
    byCommit.set(0, [
      ...(byCommit.get(0) ?? []),
      ...[...(await namesOf(old, files))].filter((name) => !now.has(name)),
    ]);
  }
  return { names: [...new Set([...byCommit.values()].flat())].sort(), byCommit };
}

/** What tombstones are about: what others can see, guards of headers left aside. */
function isNamed(one: Declared): boolean {
  return (isVisible(one) || one.what === 'export') && !/_H_*$/.test(one.name);
}
