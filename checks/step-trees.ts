/** The trees of the series that can be judged, by step: all fifteen, or the two ends while patches are missing. */
import { readdirSync } from 'node:fs';
import { seriesFolders, stepFolder } from '#engine/series/trees.ts';
import type { StepTree } from './series.ts';
import { STEP_LAST } from '#series/rules.ts';

/** All trees there are, in order. Throws `InputError` when a patch of the series does not apply. */
export function stepTrees(): readonly StepTree[] {
  const { before, after, patches } = seriesFolders();
  const count = readdirSync(patches).filter((name) => /^\d{4}-.*\.patch$/.test(name)).length;
  if (count !== STEP_LAST) {
    return [
      { step: 0, folder: before },
      { step: STEP_LAST, folder: after },
    ];
  }
  return Array.from({ length: count + 1 }, (_, step) => ({ step, folder: stepFolder(step) }));
}
