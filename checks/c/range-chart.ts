/** How often the counted names are used in each commit of a range, as rows of bars. */
import type { CommitRow } from '../result.ts';

/** Bars from low to high; nothing is a dot. */
const BARS = '▁▂▃▄▅▆▇█';
/** Columns of a row; of more commits some share one, which shows their highest count. */
const COLUMNS_MAX = 60;

/** The chart, ending with a newline; empty where nothing is counted, or no count changes. */
export function usesChart(commits: readonly CommitRow[]): string {
  const names = [...new Set(commits.flatMap(({ uses }) => Object.keys(uses)))];
  const rows = names.map((name) => ({ name, counts: commits.map(({ uses }) => uses[name] ?? 0) }));
  const changing = rows.filter(({ counts }) => counts.some((count) => count !== counts[0]));
  if (changing.length === 0) return '';
  const highest = Math.max(...changing.flatMap(({ counts }) => counts));
  const width = Math.max(...changing.map(({ name }) => name.length));
  const numbers = commits.map(({ number }) => number);
  const lines = changing.map(({ name, counts }) => {
    const bars = columns(counts).map((count) => barOf(count, highest));
    const ends = `${counts[0] ?? 0} -> ${counts.at(-1) ?? 0}`;
    const rises = numbers.filter((_, at) => at > 0 && (counts[at] ?? 0) > (counts[at - 1] ?? 0));
    const risen = rises.length === 0 ? '' : `, rises at commit ${rises.join(', ')}`;
    return `${name.padEnd(width)}  ${bars.join('')}  ${ends}${risen}`;
  });
  const span = `commit ${numbers[0] ?? 0} to ${numbers.at(-1) ?? 0}`;
  return [`uses, ${span}; the highest bar is ${highest}`, ...lines, ''].join('\n');
}

/** Counts by column: the highest of the commits that share one. */
function columns(counts: readonly number[]): readonly number[] {
  const width = Math.min(COLUMNS_MAX, counts.length);
  return Array.from({ length: width }, (_, column) => {
    const [from, to] = [column, column + 1].map((edge) => Math.floor((edge * counts.length) / width));
    return Math.max(...counts.slice(from, to));
  });
}

function barOf(count: number, highest: number): string {
  return count === 0 ? '·' : (BARS[Math.ceil((count / highest) * BARS.length) - 1] ?? '');
}
