/** Scenarios in which the series changes instructions, results or nothing at all, but not what a power failure may leave. */
import type { Scenario, SideExpectation } from '../scenario.ts';

/** The expectations of a scenario whose image sets are equal; without `after` all else is the same, too. */
export function onBothSides(
  before: SideExpectation,
  after = before,
): Pick<Scenario, 'acked' | 'synced' | 'before' | 'after'> {
  return { acked: 'equal', synced: 'equal', before, after };
}

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
    source,
    shows,
    workload: lines.join('\n'),
    ...onBothSides({ lost: 'none', ...before }, { lost: 'none', ...after }),
  };
}

/** A scenario of nvdimm-and-firmware.md (`source`: its sections) about what is the same on both sides. */
export function sameOnBothSides(
  theme: string,
  name: string,
  source: string,
  shows: string,
  lines: readonly string[],
  side: Omit<SideExpectation, 'lost'>,
): Scenario {
  const defect = theme.endsWith('standing defects') ? ' (standing defect)' : '';
  return equalImages(theme, name, `nvdimm-and-firmware.md ${source}${defect}`, shows, lines, side);
}
