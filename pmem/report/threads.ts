/** The scenarios of several CPUs as lines of text. */
import { type ThreadScenarioResult, countsText } from '../run/threads.ts';
import type { Paint } from '#base/paint.ts';

/** A line a scenario, below it one a point: relation, images before and after, the operation that has returned. */
export function threadLines(
  results: readonly ThreadScenarioResult[],
  paint: Paint = (_, text) => text,
): string[] {
  return results.flatMap(({ scenario, points, mismatches }) => [
    `${mismatches.length === 0 ? paint('green', 'ok ') : paint('red', 'BAD')} ${paint('bold', scenario.name)}: ${scenario.shows}`,
    ...points.map((point) =>
      `    ${point.point.padEnd(22)} ${countsText(point).padEnd(32)} ${point.text}`.trimEnd(),
    ),
    ...mismatches.map((mismatch) => `    ${paint('red', mismatch)}`),
  ]);
}
