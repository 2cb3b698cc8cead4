/**
 * Changes of single lines of a tree that no workload notices: each statement is left out, each condition forced, each value taken away,
 * one at a time, in workloads that get there.
 */
import type { LinesRun, Unnoticed, UnnoticedChanges } from '#engine/subject.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { parseWorkload } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import { waysOf } from '../promise/promise.ts';
import { digestOfRun } from '../run/digest.ts';
import { runWorkload } from '../run/run.ts';
import { type AskingSource, type AskingTree, loadAsking } from './asking-tree.ts';
import { UNIT, type Unit, withUnits } from './units.ts';

/** Workloads in which one change is tried: the first that get there, and then some of all others that do. */
const FIRST_TRIES = 8;
const LATER_TRIES = 56;

/** One change, and how it went so far. */
interface Change {
  readonly number: number;
  readonly unit: Unit;
  /** It concerns workloads in which the unit gives this. */
  readonly was: boolean;
  /** What the unit gives instead. */
  readonly to: unknown;
  /** Names what is done. */
  readonly change: Unnoticed['change'];
  isNoticed: boolean;
  reached: number;
  tried: number;
  /** Workloads that get there and in which it was not tried. */
  readonly later: Known[];
}

interface Known {
  readonly workload: Workload;
  /** What came of it on the tree as it is. */
  readonly outcome: string;
}

/** The changes of `lines` of the tree in `folder` that none of the workloads `texts` notices, those tried first that stand first. */
export async function unnoticedChanges(
  { folder, files }: { readonly folder: string; readonly files: TreeFiles },
  lines: LinesRun,
  texts: readonly string[],
): Promise<UnnoticedChanges> {
  const { units, files: asking, untried } = withUnits(files, lines);
  const source: AskingSource = { folder, files: asking, name: UNIT, count: units.length };
  const tree = units.length === 0 ? undefined : await loadAsking(source);
  const all = units
    .flatMap((unit, number) => changesOf(unit, number))
    // What is asked while the tree is loaded gives one thing alone.
    .filter(
      ({ unit, number, was, change }) =>
        !unit.isAtLoad || change === 'left out' || tree?.was(number, was) === true,
    );
  if (tree !== undefined) {
    const trees = await changedAtLoad(source, all);
    for (const text of texts) {
      const open = all.filter(({ isNoticed }) => !isNoticed);
      if (open.length === 0) break;
      tryOne(tree, trees, open, parseWorkload(text));
    }
    for (const change of all) if (!change.isNoticed) tryLater(trees.get(change) ?? tree, change);
  }
  return {
    changes: all.filter(({ isNoticed }) => !isNoticed).flatMap(toldOf),
    untried: [...untried].map(([file, own]) => ({ file, lines: own })),
  };
}

function toldOf({ unit, change, reached, tried }: Change): Unnoticed[] {
  const { file, code, lines } = unit;
  return lines.map((line) => ({ file, line, code, change, reached, tried }));
}

function changesOf(unit: Unit, number: number): Change[] {
  const begin = { number, unit, isNoticed: false, reached: 0, tried: 0 };
  const { kind } = unit;
  const forced = (was: boolean): Change => ({
    ...begin,
    was,
    to: !was,
    change: was ? 'false' : 'true',
    later: [],
  });
  // A loop that is never left would not end.
  if (kind === 'branch') return [forced(true), forced(false)];
  if (kind === 'loop') return [forced(true)];
  const to = kind === 'statement' ? false : kind === 'list' ? [] : undefined;
  return [{ ...begin, was: true, to, change: 'left out', later: [] }];
}

/** Trees of their own for changes of what runs while a tree is loaded; a tree that does not load is something that is noticed. */
async function changedAtLoad(
  source: AskingSource,
  changes: readonly Change[],
): Promise<ReadonlyMap<Change, AskingTree>> {
  const trees = new Map<Change, AskingTree>();
  for (const change of changes.filter(({ unit }) => unit.isAtLoad)) {
    try {
      trees.set(change, await loadAsking(source, change.number, change.to));
    } catch {
      change.isNoticed = true;
    }
  }
  return trees;
}

function tryOne(
  tree: AskingTree,
  trees: ReadonlyMap<Change, AskingTree>,
  open: readonly Change[],
  workload: Workload,
): void {
  tree.begin();
  const known = { workload, outcome: outcomeOf(tree, workload) };
  const reached = open.filter(
    ({ unit, number, was, change }) =>
      unit.isAtLoad || tree.was(number, was) || (change === 'left out' && tree.was(number, !was)),
  );
  for (const change of reached) {
    change.reached++;
    if (change.tried >= FIRST_TRIES) change.later.push(known);
    else tryChange(trees.get(change) ?? tree, change, known);
  }
}

/** Tries a change in some of the workloads that it was not tried in, evenly spread. */
function tryLater(tree: AskingTree, change: Change): void {
  const every = Math.max(1, Math.ceil(change.later.length / LATER_TRIES));
  for (const [index, known] of change.later.entries()) {
    if (change.isNoticed) return;
    if (index % every === 0) tryChange(tree, change, known);
  }
}

function tryChange(tree: AskingTree, change: Change, { workload, outcome }: Known): void {
  const { unit, number, to } = change;
  change.tried++;
  if (unit.isAtLoad) tree.begin();
  else tree.begin(number, to);
  try {
    change.isNoticed = outcomeOf(tree, workload) !== outcome;
  } catch {
    // An error that no kernel has is something else too.
    change.isNoticed = true;
  }
}

/** A name for all that can be seen of a workload, whichever way it goes. */
function outcomeOf({ boot }: AskingTree, workload: Workload): string {
  return `${digestOfRun(runWorkload(boot, workload))} ${waysOf(boot, workload)?.digest ?? ''}`;
}
