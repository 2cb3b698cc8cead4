/** Scenarios in which the series changes instructions or results, but not what a power failure may leave. */
import type { Scenario, SideExpectation } from '../scenario.ts';

/** A scenario whose image sets are equal and without losses. */
export function equalImages(
  theme: string,
  name: string,
  source: string,
  shows: string,
  lines: readonly string[],
  before: Omit<SideExpectation, 'lost'>,
  after = before,
): Scenario {
  return {
    name,
    theme,
    source: `memory-and-dax.md ${source}`,
    shows,
    workload: lines.join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', ...before },
    after: { lost: 'none', ...after },
  };
}
