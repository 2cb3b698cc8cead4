/** Which trees workloads are tried on, two at a time, and what may differ between them. */
import type { Contract, Declaration } from '#engine/contract.ts';
import type { Project } from '#engine/project.ts';
import type { Tree } from '#engine/subject.ts';

/** Two trees by their places in the list of trees. */
export interface Pair {
  readonly before: number;
  readonly after: number;
  /** What their steps declare. */
  readonly declarations: readonly Declaration[];
}

/** All that a target is opened with, as plain data. */
export interface FuzzOptions {
  readonly seed: number;
  readonly trees: readonly Pick<Tree, 'name' | 'folder' | 'hash'>[];
  /** The pair that every workload is tried on. */
  readonly pair: Pair;
  /** Neighbours, which only some workloads are tried on. */
  readonly neighbours: readonly Pair[];
}

/** One workload of so many is also tried on two neighbours, which take turns. */
export const NEIGHBOURS_EVERY = 4;

/** The neighbours that workload `number` is tried on; nothing for most. */
export function neighboursOf({ neighbours }: FuzzOptions, number: number): Pair | undefined {
  if (number % NEIGHBOURS_EVERY !== NEIGHBOURS_EVERY - 1) return undefined;
  return neighbours[Math.floor(number / NEIGHBOURS_EVERY) % neighbours.length];
}

/**
 * The trees and pairs for two trees that the user names; the ends of the series when they name none. A variant and a folder are taken
 * for what they are of: `NAME@N` for a tree after step N, everything else for the end of the series.
 */
export function fuzzOptions(
  { series, contracts }: Pick<Project, 'series' | 'contracts'>,
  seed: number,
  names: { readonly before?: string | undefined; readonly after?: string | undefined } = {},
): FuzzOptions {
  const { before = 'before', after = 'after' } = names;
  const [from, to] = [stepOf(before, series.stepCount), stepOf(after, series.stepCount)];
  const isChain = before === series.stepName(from) && from < to;
  const chain = [
    before,
    ...(isChain ? stepsBetween(from, to).map((step) => series.stepName(step)) : []),
    after,
  ];
  const trees = chain.map((given) => {
    const { name, folder, hash } = series.tree(given);
    return { name, folder, hash };
  });
  const all = contracts();
  const neighbours = isChain
    ? trees.slice(1).map((_, index) => pairOf(index, index + 1, all.slice(from + index, from + index + 1)))
    : [];
  const pair = pairOf(0, trees.length - 1, all.slice(from, to));
  const areNamed = names.before !== undefined || names.after !== undefined;
  return { seed, trees, pair, neighbours: areNamed ? [] : neighbours };
}

const stepsBetween = (from: number, to: number): number[] =>
  Array.from({ length: to - from - 1 }, (_, index) => from + 1 + index);

/** The step that a tree is of, 0 for the one before the series. */
function stepOf(name: string, stepCount: number): number {
  if (name === 'before') return 0;
  const step = /^step-(\d+)$/.exec(name)?.[1] ?? /@(\d+)$/.exec(name)?.[1];
  return step === undefined ? stepCount : Number(step);
}

function pairOf(before: number, after: number, contracts: readonly Contract[]): Pair {
  return { before, after, declarations: contracts.flatMap(({ differences }) => differences) };
}
