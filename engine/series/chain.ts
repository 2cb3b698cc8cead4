/** The files of all trees of a series up to one of them, from which it follows who brought in what. */
import { readTree } from '#base/tree-files.ts';
import type { StepToJudge } from '../judge.ts';
import type { TreeOfStep } from './line-origins.ts';

/** The trees up to that after the step, with what they share with others. */
export function chainTo({ lineage, after }: Pick<StepToJudge, 'lineage' | 'after'>): TreeOfStep[] {
  return [...lineage(), after].map(({ folder, sources = () => readTree(folder) }, step) => ({
    step,
    files: sources(),
  }));
}
