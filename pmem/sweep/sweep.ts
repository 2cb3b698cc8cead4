/** The sweep of the pmem suite, as the engine asks for it. */
import { hashOfParts } from '#base/hash.ts';
import { ownHash } from '#base/own-package.ts';
import type { StepToJudge } from '#engine/judge.ts';
import type { Sweep } from '#engine/sweep.ts';
import { parseWorkload } from '../language/notation.ts';
import { loadTree } from '../load-tree.ts';
import { runWorkload } from '../run/run.ts';
import { sourcesHash } from '../sources-hash.ts';
import { type Tried, triedOf } from '../tried.ts';
import { fullPlan, leftOut, type PlannedRow, quickPlan } from './plan.ts';
import { type OpenTree, RowSweeper } from './sweep-row.ts';

const rowsOf = (isQuick: boolean): PlannedRow[] => (isQuick ? quickPlan() : fullPlan());

export const pmemSweep: Sweep = {
  hash: () => hashOfParts([sourcesHash(), ownHash('pmem/sweep')]),
  plan: (isQuick) => ({ parts: rowsOf(isQuick).map(({ id }) => id), leftOut: leftOut(isQuick) }),
  async open(isQuick, steps) {
    const rows = new Map(rowsOf(isQuick).map((row) => [row.id, row]));
    const sweeper = new RowSweeper(steps, await openTrees(steps));
    return (part) => {
      const row = rows.get(part);
      if (row === undefined) throw new RangeError(`no row '${part}'`);
      return sweeper.sweep(row.make());
    };
  },
};

/** Every tree of the steps, by hash. */
export async function openTrees(steps: readonly StepToJudge[]): Promise<Map<string, OpenTree>> {
  const trees = new Map<string, OpenTree>();
  for (const tree of steps.flatMap(({ before, after }) => [before, after])) {
    if (trees.has(tree.hash)) continue;
    const boot = await loadTree(tree.folder);
    const tryText = (text: string): Tried => {
      const workload = parseWorkload(text);
      return triedOf(workload, runWorkload(boot, workload));
    };
    trees.set(tree.hash, { boot, tryText });
  }
  return trees;
}
