/** Shrinks a workload that shows something, as long as simpler ones still show it. */
import { formatWorkload } from './notation.ts';
import { simplerWorkloads } from './simpler.ts';
import type { Workload } from './workload.ts';

/** Trials before the smallest workload so far is good enough. */
export const SHRINK_TRIALS_MAX = 400;

/** The smallest workload found for which `shows` still holds. `shows` must hold for `workload`. */
export function shrinkWorkload(workload: Workload, shows: (candidate: Workload) => boolean): Workload {
  let smallest = workload;
  const tried = new Set<string>();
  for (let improved = true; improved && tried.size < SHRINK_TRIALS_MAX;) {
    improved = false;
    for (const candidate of simplerWorkloads(smallest)) {
      const text = formatWorkload(candidate);
      if (tried.has(text)) continue;
      if (tried.size >= SHRINK_TRIALS_MAX) break;
      tried.add(text);
      if (!shows(candidate)) continue;
      smallest = candidate;
      improved = true;
      break;
    }
  }
  return smallest;
}
