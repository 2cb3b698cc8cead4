/** The trees of the series that can be judged, by step. */
import { treeFolder } from '#series/trees.ts';
import type { StepTree } from './series.ts';
import { STEP_LAST } from './tree-rules.ts';

/** All trees there are, in order. */
export function stepTrees(): readonly StepTree[] {
  return [
    { step: 0, folder: treeFolder('before') },
    { step: STEP_LAST, folder: treeFolder('after') },
  ];
}
