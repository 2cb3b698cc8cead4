/**
 * Whether every branch of a tree matters to some workload: each condition is forced to be true and to be false in those that find it
 * otherwise, and something must come out of one of them that does not come out of the tree as it is.
 */
import { digestOfRun } from '../run/digest.ts';
import type { Workload } from '../language/workload.ts';
import { runWorkload } from '../run/run.ts';
import type { Condition } from './conditions.ts';
import type { ForcedTree } from './forced-tree.ts';

/** One side of a condition that nothing depends on. */
export interface Unreached {
  readonly condition: Condition;
  readonly value: boolean;
  /** `never`: no workload goes there; `no difference`: some do, and nothing would come out otherwise. */
  readonly kind: 'never' | 'no difference';
}

/** The name under which an unreached side is excused: `fs/dax.ts#daxWritebackOne: entry === undefined is true`. */
export const nameOfSide = ({ condition, value }: Pick<Unreached, 'condition' | 'value'>): string =>
  `${condition.name} is ${value}`;

/** What is known of one workload on the tree as it is. */
interface Known {
  readonly workload: Workload;
  readonly digest: string;
  /** Conditions that are ever true in it, and ever false. */
  readonly yes: ReadonlySet<number>;
  readonly no: ReadonlySet<number>;
}

/** Workloads besides the first ones in which one side is forced, at most: the longest runs are those of the sweep. */
const FORCED_MAX = 40;

/**
 * The sides of conditions of `tree` that no outcome of `first` depends on, nor one of `more`, which is only asked about sides that are
 * still open then. `onProgress` hears of each condition before it is tried with the first ones.
 */
export function unreachedSides(
  tree: ForcedTree,
  first: readonly Workload[],
  more: () => readonly Workload[] = () => [],
  onProgress: (done: number, total: number) => void = () => {},
): Unreached[] {
  const all = first.map((workload) => known(tree, workload));
  const open = tree.conditions.flatMap((condition, number) => {
    onProgress(number, tree.conditions.length);
    return [true, false].flatMap((value) => openSide(tree, { condition, number, value, kind: 'never' }, all));
  });
  const others = open.length === 0 ? [] : more().map((workload) => known(tree, workload));
  return open
    .flatMap((side) => openSide(tree, side, others, FORCED_MAX))
    .map(({ condition, value, kind }) => ({ condition, value, kind }));
}

interface OpenSide extends Unreached {
  readonly number: number;
}

/** The side again if nothing of `all` depends on it, of which `count` at most are tried. */
function openSide(
  tree: ForcedTree,
  side: OpenSide,
  all: readonly Known[],
  count: number = all.length,
): OpenSide[] {
  const { condition, number, value } = side;
  const takes = all.filter(({ yes, no }) => (value ? yes : no).has(number));
  if (takes.length === 0) return [side];
  // That it is `value` matters where it would come out otherwise if it were not; a loop that is never left would not end.
  if (!value && condition.isLoop) return [];
  const every = Math.max(1, Math.ceil(takes.length / count));
  const tried = takes.filter((_, index) => index % every === 0);
  return tried.some((one) => differs(tree, one, number, !value)) ? [] : [{ ...side, kind: 'no difference' }];
}

function known(tree: ForcedTree, workload: Workload): Known {
  tree.begin();
  const digest = digestOfRun(runWorkload(tree.boot, workload));
  const those = (value: boolean): Set<number> =>
    new Set([...tree.conditions.keys()].filter((number) => tree.was(number, value)));
  return { workload, digest, yes: those(true), no: those(false) };
}

/** Whether anything comes out otherwise when a condition is forced; an error that no kernel has is something else too. */
function differs(tree: ForcedTree, { workload, digest }: Known, number: number, value: boolean): boolean {
  tree.begin(number, value);
  try {
    return digestOfRun(runWorkload(tree.boot, workload)) !== digest;
  } catch {
    return true;
  }
}
