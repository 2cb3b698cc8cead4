/**
 * Promises that steps of the series break and that are known: upstream's code does so too, docs/DEFECTS.md has them. Their cases
 * are counted and named, and convict nobody. Everything else about these cases is judged.
 */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import type { Step } from '../language/workload.ts';

export interface KnownBreak {
  /** As docs/DEFECTS.md calls it. */
  readonly defect: string;
  /** Steps at which it breaks something that the step before kept. */
  readonly steps: readonly number[];
  readonly isOf: (boot: BootConfiguration, steps: readonly Step[]) => boolean;
}

const isSwitched = (step: Step): boolean =>
  step.kind === 'sysfs write' && step.path.endsWith('queue/write_cache') && step.text === 'write through';

/** A source that faults in one of several segments. */
const faultsBetween = (step: Step): boolean =>
  step.kind === 'dax write' && step.vector.accessibleBytes !== undefined && step.vector.lengths.length > 1;

export const KNOWN_BREAKS: readonly KnownBreak[] = [
  // On eADR the caches need no flush, as `write through` says; but what goes past them needs its fence, and the switch takes
  // that too. Block writes lose their own fence at step 1, kernel and page segments go past the cache from step 3 on.
  {
    defect: 'B11',
    steps: [1, 3],
    isOf: (boot, steps) => boot.domain === 'eadr' && steps.some(isSwitched),
  },
  // The last half block before a fault is stored through the cache, and edges are those of what was asked for. Before step 3
  // that was the whole request, whose first line may happen to hold it; from step 3 on it is the segment.
  { defect: 'B6', steps: [3], isOf: (_boot, steps) => steps.some(faultsBetween) },
];

/** The known defect that a broken promise of a case at a step is; nothing for a new one. */
export function knownBreak(
  step: number,
  boot: BootConfiguration,
  steps: readonly Step[],
): string | undefined {
  return KNOWN_BREAKS.find((known) => known.steps.includes(step) && known.isOf(boot, steps))?.defect;
}
