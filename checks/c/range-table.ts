/** A range at a glance: commits by rules, with how much each rule finds, and how many uses the counted names have. */
import type { LintResult } from '../result.ts';
import { usesChart } from './range-chart.ts';

/** Table and chart as text, ending with a newline; empty for what is no range. */
export function rangeText(result: LintResult): string {
  if (result.commits === undefined) return '';
  const chart = usesChart(result.commits);
  return chart === '' ? rangeTable(result) : `${rangeTable(result)}\n${chart}`;
}

/** The table as text, ending with a newline; `-` is nothing found. */
export function rangeTable({ commits = [], rules, findings }: LintResult): string {
  const ids = rules.map(({ id }) => id);
  const names = [...new Set(commits.flatMap(({ uses }) => Object.keys(uses)))];
  const head = ['commit', 'id', ...ids, ...names, 'subject'];
  const rows = commits.map(({ number, id, subject, findings: counts, uses }) => [
    String(number),
    id.slice(0, 12),
    ...ids.map((rule) => (counts[rule] === undefined || counts[rule] === 0 ? '-' : String(counts[rule]))),
    ...names.map((name) => String(uses[name] ?? 0)),
    subject,
  ]);
  const widths = head.map((word, column) =>
    Math.max(word.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((word, column) =>
        column === head.length - 1
          ? word
          : column < 2
            ? word.padEnd(widths[column] ?? 0)
            : word.padStart(widths[column] ?? 0),
      )
      .join('  ');
  const first = ids.flatMap((id) => {
    const numbers = findings
      .filter(({ ruleId, commit }) => ruleId === id && commit !== undefined)
      .map(({ commit }) => commit?.number ?? 0);
    return numbers.length === 0 ? [] : [`${id} first fails at commit ${Math.min(...numbers)}`];
  });
  return [line(head), ...rows.map(line), ...first, ''].join('\n');
}
