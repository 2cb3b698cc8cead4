/**
 * Lines that no workload runs, and lines that none depends on: what a reader must judge without evidence. Looking takes long, so it is
 * kept.
 */
import type { EvidenceStore } from './store.ts';
import type { FileLines, LinesRun, Subject, Tree, UnnoticedChanges, Workload } from './subject.ts';

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
  const found = await subject.linesNeverRun(tree, byFile(lines), likelyFirst(subject, likely));
  if (found === undefined) return undefined;
  const never = [...found].map(([file, own]) => ({ file, lines: own }));
  table.set(key, never);
  return never;
}

/**
 * Changes of single ones of `lines` of a tree that no workload of the subject notices; nothing where the subject cannot change lines.
 * `likely`: names of workloads that are tried first.
 */
export async function changesUnnoticed(
  { workloads, hash, lineChanger }: Subject,
  store: EvidenceStore,
  tree: Tree,
  lines: readonly FileLines[],
  likely: ReadonlySet<string>,
): Promise<UnnoticedChanges | undefined> {
  if (lineChanger === undefined) return undefined;
  if (lines.length === 0) return { changes: [], untried: [] };
  const texts = workloads.map(({ text }) => text);
  const table = store.table<UnnoticedChanges>('unnoticed', [hash, lineChanger.hash, tree.hash, ...texts]);
  const key = JSON.stringify(lines);
  const known = table.get(key);
  if (known !== undefined) return known;
  const found = await lineChanger.unnoticed(tree, byFile(lines), likelyFirst({ workloads }, likely));
  table.set(key, found);
  return found;
}

const byFile = (lines: readonly FileLines[]): LinesRun =>
  new Map(lines.map(({ file, lines: own }) => [file, own]));

/** The texts of all workloads, those that are likely to get there first. */
function likelyFirst({ workloads }: Pick<Subject, 'workloads'>, likely: ReadonlySet<string>): string[] {
  const isLikely = ({ name }: Workload): boolean => likely.has(name);
  return [...workloads.filter(isLikely), ...workloads.filter((workload) => !isLikely(workload))].map(
    ({ text }) => text,
  );
}
