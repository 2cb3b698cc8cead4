/** Scenarios in which the series changes nothing: results and log lines that are the same before and after. */
import type { Scenario, SideExpectation } from '../scenario.ts';

/** A scenario about results and log lines that are the same on both sides. */
export function sameOnBothSides(
  theme: string,
  name: string,
  source: string,
  shows: string,
  lines: readonly string[],
  side: Omit<SideExpectation, 'lost'>,
): Scenario {
  return {
    name,
    theme,
    source: `nvdimm-and-firmware.md ${source}${theme.endsWith('standing defects') ? ' (standing defect)' : ''}`,
    shows,
    workload: lines.join('\n'),
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', ...side },
    after: { lost: 'none', ...side },
  };
}
