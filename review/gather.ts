/** Gathers reviews: judges the steps, reads what their trees export and call, and joins the two. */
import { join } from 'node:path';
import { hashOfParts } from '#base/hash.ts';
import type { EvidenceStore } from '#engine/store.ts';
import { judgeSteps } from '#engine/judge-series.ts';
import { changesUnnoticed, linesNeverRun } from '#engine/never-run.ts';
import { type Project, projectOfVersion } from '#engine/project.ts';
import type { FileLines, Subject, Tree } from '#engine/subject.ts';
import { showingOf } from '#engine/witness.ts';
import { additionProblems } from './additions.ts';
import { assembleReview } from './assemble.ts';
import type { Reproduce } from './claims.ts';
import { keptSurfaces, type Surfaces } from './kept-surfaces.ts';
import { rowsOf } from './book/diff-rows.ts';
import type { Claim, DiffFile, StepReview } from './model.ts';
import type { TreeSurface } from './surface.ts';
import { compareVersions, type SeriesVersions } from './versions.ts';

/** How reviews are gathered. */
export interface Gathering {
  readonly store: EvidenceStore;
  /** Hears of each workload before it is tried, and of each step before its trees are read. */
  readonly onTry?: (done: number, total: number) => void;
  readonly onRead?: (done: number, total: number) => void;
  /** Hears of each step before its new lines are looked for in what workloads run. */
  readonly onCover?: (done: number, total: number) => void;
}

/** The steps `first` to `last`, reviewed in order. */
export async function gatherReviews(
  project: Project,
  first: number,
  last: number,
  { store, onTry, onRead }: Gathering,
): Promise<StepReview[]> {
  const { subject, series } = project;
  const { dimensions } = subject;
  const unused = unusedOf(subject, store);
  const evidence = await judgeSteps(project, first, last, { store, ...(onTry && { onProgress: onTry }) });
  return withSurfaces(project, store, async (surfaces) => {
    const reviews: StepReview[] = [];
    for (const patch of series.patches().slice(first - 1, last)) {
      onRead?.(patch.step - first, last - first + 1);
      const contract = project.contracts()[patch.step - 1];
      const own = evidence.find(({ step }) => step === patch.step);
      if (contract === undefined || own === undefined) continue;
      const read = surfaces && {
        before: await surfaces.read(treeAfter(project, patch.step - 1)),
        after: await surfaces.read(treeAfter(project, patch.step)),
      };
      const reproduce = reproduceAt(project, patch.step);
      reviews.push(
        assembleReview({ patch, contract, evidence: own, surfaces: read, dimensions, unused, reproduce }),
      );
    }
    return reviews;
  });
}

/** What of its language no workload makes use of, kept: to find out, every workload has to be read. */
function unusedOf(subject: Subject, store: EvidenceStore): readonly string[] | undefined {
  if (subject.unused === undefined) return undefined;
  const key = hashOfParts(subject.workloads.map(({ text }) => text));
  const table = store.table<readonly string[]>('unused', [subject.hash]);
  const unused = table.get(key) ?? subject.unused();
  if (table.get(key) === undefined) table.set(key, unused);
  return unused;
}

/** What all trees of the series export and call, the one before it first; nothing where nobody can read them. */
export async function gatherSurfaces(
  project: Project,
  { store, onRead }: Gathering,
): Promise<readonly TreeSurface[] | undefined> {
  return withSurfaces(project, store, async (surfaces) => {
    if (surfaces === undefined) return undefined;
    const { stepCount } = project.series;
    const read: TreeSurface[] = [];
    for (let step = 0; step <= stepCount; step++) {
      onRead?.(step, stepCount + 1);
      read.push(await surfaces.read(treeAfter(project, step)));
    }
    return read;
  });
}

/** What is wrong with what the series adds, one sentence each; nothing where surfaces cannot be read. */
export function problemsOfAdditions(
  project: Project,
  surfaces: readonly TreeSurface[] | undefined,
): string[] {
  // What a library in C adds, programs outside the tree may call.
  if (surfaces === undefined || project.language === 'c') return [];
  return additionProblems(surfaces, project.operationTables);
}

/** How workloads are seen again at a step, by their names. */
function reproduceAt({ subject, series }: Project, step: number): Reproduce {
  const texts = new Map(subject.workloads.map(({ name, text }) => [name, text]));
  const [before, after] = [series.stepName(step - 1), series.stepName(step)];
  return (workload) => {
    const text = texts.get(workload);
    if (text === undefined) return undefined;
    const replay = subject.replay?.(before, after, text);
    return { text, ...(replay !== undefined && { replay }) };
  };
}

/** How the steps `reviews` differ from what they were in the version `against` of the series. */
export async function gatherVersions(
  project: Project,
  against: string,
  reviews: readonly StepReview[],
  gathering: Gathering,
): Promise<SeriesVersions> {
  const old = projectOfVersion(project, against);
  const { store, onTry } = gathering;
  const isWhole = reviews.length === project.series.stepCount;
  // One step is compared with that of its subject, where there is one, and the others need not be judged.
  const [only] = isWhole ? [] : reviews;
  const same = old.series.patches().find(({ subject }) => subject === only?.subject)?.step;
  const [first, last] = [same ?? 1, same ?? old.series.stepCount];
  const was = await gatherReviews(old, first, last, { store, ...(onTry && { onTry }) });
  const versions = compareVersions(against, was, reviews);
  return isWhole ? versions : { ...versions, dropped: [] };
}

/** The same reviews, with an image and both traces for the witness of each claim. */
export async function withShown(
  project: Project,
  store: EvidenceStore,
  reviews: readonly StepReview[],
): Promise<StepReview[]> {
  const shown: StepReview[] = [];
  for (const review of reviews) {
    const pair = { before: treeAfter(project, review.step - 1), after: treeAfter(project, review.step) };
    const show = showingOf(project.subject, store, pair);
    const claims: Claim[] = [];
    for (const claim of review.claims) {
      const { witness } = claim;
      const own = witness?.text === undefined ? undefined : await show(witness.text, witness);
      claims.push(
        witness === undefined || own === undefined
          ? claim
          : { ...claim, witness: { ...witness, shown: own } },
      );
    }
    shown.push({ ...review, claims });
  }
  store.save();
  project.subject.rest?.();
  return shown;
}

/** The same reviews, with the new lines that no workload runs, and changes of the others that none notices. */
export async function withUnreached(
  project: Project,
  { store, onCover }: Gathering,
  reviews: readonly StepReview[],
): Promise<StepReview[]> {
  const covered: StepReview[] = [];
  for (const [index, review] of reviews.entries()) {
    onCover?.(index, reviews.length);
    const likely = new Set(review.evidence.differences.map(({ workload }) => workload));
    const tree = treeAfter(project, review.step);
    const lines = newLines(review.diff);
    const notReached = await linesNeverRun(project.subject, store, tree, lines, likely);
    const run = without(lines, notReached ?? []);
    const unnoticed = await changesUnnoticed(project.subject, store, tree, run, likely);
    covered.push({ ...review, ...(notReached && { notReached }), ...(unnoticed && { unnoticed }) });
  }
  store.save();
  return covered;
}

/** The lines that a diff puts in, by file. */
function newLines(diff: readonly DiffFile[]): FileLines[] {
  return diff.flatMap((file) => {
    const rows = rowsOf(file).flatMap(({ rows: own }) => own);
    const lines = rows.flatMap(({ kind, new: line }) => (kind === '+' && line !== undefined ? [line] : []));
    return lines.length === 0 ? [] : [{ file: file.file, lines }];
  });
}

/** The lines of `all` that are not in `out`. */
function without(all: readonly FileLines[], out: readonly FileLines[]): FileLines[] {
  return all.flatMap(({ file, lines }) => {
    const gone = new Set(out.find((one) => one.file === file)?.lines);
    const left = lines.filter((line) => !gone.has(line));
    return left.length === 0 ? [] : [{ file, lines: left }];
  });
}

const treeAfter = ({ series }: Project, step: number): Tree => series.tree(series.stepName(step));

/** Trees that are TypeScript are read by a compiler, which is ended whatever comes; those of C from their tokens. */
async function withSurfaces<Result>(
  { root, tsconfig, imports, language }: Project,
  store: EvidenceStore,
  use: (surfaces: Surfaces | undefined) => Promise<Result>,
): Promise<Result> {
  if (tsconfig === undefined && language !== 'c') return use(undefined);
  const source = { root, imports, ...(tsconfig !== undefined && { tsconfig }) };
  const surfaces = keptSurfaces(source, store, async () => {
    if (tsconfig === undefined) return (await import('./c-surface.ts')).openCSurfaces();
    return (await import('./surface.ts')).openSurfaces(join(root, tsconfig));
  });
  try {
    return await use(surfaces);
  } finally {
    await surfaces.close();
  }
}
