/** Lines that no workload runs: what a reader must judge without evidence. Looking takes long, so it is kept. */
import type { EvidenceStore } from './store.ts';
import type { LinesRun, Subject, Tree, Workload } from './subject.ts';

/** Lines of one file. */
export interface FileLines {
  readonly file: string;
  /** Counted from 1, ascending. */
  readonly lines: readonly number[];
}

/**
 * Of `lines` of a tree those that are code and that no workload of the subject runs; nothing where the subject cannot tell.
 * `likely`: names of workloads that are tried first.
 */
export async function linesNeverRun(
  subject: Subject,
  store: EvidenceStore,
  tree: Tree,
  lines: readonly FileLines[],
  likely: ReadonlySet<string>,
): Promise<readonly FileLines[] | undefined> {
  if (subject.linesNeverRun === undefined) return undefined;
  if (lines.length === 0) return [];
  const texts = subject.workloads.map(({ text }) => text);
  const table = store.table<readonly FileLines[]>('never-run', [subject.hash, tree.hash, ...texts]);
  const key = JSON.stringify(lines);
  const known = table.get(key);
  if (known !== undefined) return known;
  const isLikely = ({ name }: Workload): boolean => likely.has(name);
  const ordered = [
    ...subject.workloads.filter(isLikely),
    ...subject.workloads.filter((workload) => !isLikely(workload)),
  ].map(({ text }) => text);
  const wanted: LinesRun = new Map(lines.map(({ file, lines: own }) => [file, own]));
  const found = await subject.linesNeverRun(tree, wanted, ordered);
  if (found === undefined) return undefined;
  const never = [...found].map(([file, own]) => ({ file, lines: own }));
  table.set(key, never);
  return never;
}
