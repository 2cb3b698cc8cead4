/**
 * Whether every branch of a tree matters to some workload: each condition is forced to be true and to be false in those that find it
 * otherwise, and something must come out of one of them that does not come out of the tree as it is.
 */
import { digestOfRun } from '../run/digest.ts';
import type { Workload } from '../language/workload.ts';
import { waysOf } from '../promise/promise.ts';
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

/** Workloads that are tried one after another, and only about sides that those of earlier rounds leave open. */
export interface Round {
  readonly workloads: () => readonly Workload[];
  /** In how many of them one side is forced, at most: the longest runs are those of the sweep. */
  readonly forcedMax?: number;
  /** Every way that a workload can go is tried: another task at each point of an operation, each image of a power failure in one. */
  readonly goesEveryWay?: boolean;
}

/**
 * The sides of conditions of `tree` that no outcome of the workloads of any round depends on. `onProgress` hears of each condition
 * before it is tried with those of the first one.
 */
export function unreachedSides(
  tree: ForcedTree,
  rounds: readonly Round[],
  onProgress: (done: number, total: number) => void = () => {},
): Unreached[] {
  let open = tree.conditions.flatMap((condition, number) =>
    [true, false].map((value): OpenSide => ({ condition, number, value, kind: 'never' })),
  );
  for (const [index, round] of rounds.entries()) {
    const all = open.length === 0 ? [] : round.workloads().map((workload) => known(tree, workload, round));
    open = open.flatMap((side) => {
      if (index === 0 && side.value) onProgress(side.number, tree.conditions.length);
      return openSide(tree, side, all, round);
    });
  }
  return open.map(({ condition, value, kind }) => ({ condition, value, kind }));
}

interface OpenSide extends Unreached {
  readonly number: number;
}

/** The side again if nothing of `all` depends on it. */
function openSide(tree: ForcedTree, side: OpenSide, all: readonly Known[], round: Round): OpenSide[] {
  const { condition, number, value } = side;
  const takes = all.filter(({ yes, no }) => (value ? yes : no).has(number));
  if (takes.length === 0) return [side];
  // That it is `value` matters where it would come out otherwise if it were not; a loop that is never left would not end.
  if (!value && condition.isLoop) return [];
  const every = Math.max(1, Math.ceil(takes.length / (round.forcedMax ?? takes.length)));
  const tried = takes.filter((_, index) => index % every === 0);
  const matters = tried.some((one) => differs(tree, one, { number, value: !value }, round));
  return matters ? [] : [{ ...side, kind: 'no difference' }];
}

function known(tree: ForcedTree, workload: Workload, round: Round): Known {
  tree.begin();
  const digest = outcomeOf(tree, workload, round);
  const those = (value: boolean): Set<number> =>
    new Set([...tree.conditions.keys()].filter((number) => tree.was(number, value)));
  return { workload, digest, yes: those(true), no: those(false) };
}

/** Whether anything comes out otherwise when a condition is forced; an error that no kernel has is something else too. */
function differs(
  tree: ForcedTree,
  { workload, digest }: Known,
  forced: { readonly number: number; readonly value: boolean },
  round: Round,
): boolean {
  tree.begin(forced.number, forced.value);
  try {
    return outcomeOf(tree, workload, round) !== digest;
  } catch {
    return true;
  }
}

/** A name for all that can be seen of a workload. */
function outcomeOf({ boot }: ForcedTree, workload: Workload, { goesEveryWay = false }: Round): string {
  const digest = digestOfRun(runWorkload(boot, workload));
  const ways = goesEveryWay ? waysOf(boot, workload) : undefined;
  return `${digest} ${ways?.digest ?? ''}`;
}
