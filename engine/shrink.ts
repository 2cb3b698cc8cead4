/** Shrinks a workload that shows something, by whatever simplifications its subject knows. */

/** Trials before the smallest workload so far is good enough. */
export const SHRINK_TRIALS_MAX = 400;

/**
 * The smallest workload found for which `shows` still holds. It must hold for `workload`; each round takes the first
 * simplification that keeps it and begins again, until none does or `trialsMax` have been tried.
 */
export async function shrink(
  workload: string,
  simpler: (workload: string) => Iterable<string>,
  shows: (workload: string) => Promise<boolean>,
  trialsMax: number = SHRINK_TRIALS_MAX,
): Promise<string> {
  let smallest = workload;
  const tried = new Set([workload]);
  for (let improved = true; improved && tried.size < trialsMax;) {
    improved = false;
    for (const candidate of simpler(smallest)) {
      if (tried.size >= trialsMax) break;
      if (tried.has(candidate)) continue;
      tried.add(candidate);
      if (!(await shows(candidate))) continue;
      smallest = candidate;
      improved = true;
      break;
    }
  }
  return smallest;
}
