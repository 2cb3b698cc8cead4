/** The report on a file of kernel traces as JUnit XML: one case for each row, skipped where it cannot be compared. */
import { escapeMarkup } from '#base/escape-markup.ts';
import type { ReportedDifference, ReportedRow, TraceReport } from './report.ts';

/** The report, ending with a newline. */
export function traceJunit({ file, tree, counts, rows }: TraceReport): string {
  const numbers = `tests="${rows.length}" failures="${counts.different}" errors="0" skipped="${counts.notComparable}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="conform traces" ${numbers}>`,
    `  <testsuite name="${escapeMarkup(`${file} against ${tree}`)}" ${numbers}>`,
    ...rows.map((row) => caseOf(row, file, tree)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf({ line, id, op, on, reason, difference }: ReportedRow, file: string, tree: string): string {
  const attributes = [
    ['classname', op],
    ['name', `${id} ${op} on ${on}`],
    ['file', file],
    ['line', String(line)],
  ].map(([name = '', value = '']) => `${name}="${escapeMarkup(value)}"`);
  const start = `    <testcase ${attributes.join(' ')}`;
  if (reason !== undefined) return `${start}><skipped message="${escapeMarkup(reason)}"/></testcase>`;
  if (difference === undefined) return `${start}/>`;
  const message = escapeMarkup(messageOf(difference, tree));
  const body = escapeMarkup([...difference.workload, ...listsOf(difference, tree)].join('\n'));
  return `${start}><failure type="different" message="${message}">${body}</failure></testcase>`;
}

function messageOf({ returned, events, first }: ReportedDifference, tree: string): string {
  if (first === undefined) return `returned ${returned.kernel} in the kernel, ${returned.tree} in ${tree}`;
  const sides = [events.kernel[first] ?? 'nothing', events.tree[first] ?? 'nothing'];
  return `event ${first + 1}: ${sides[0]} in the kernel, ${sides[1]} in ${tree}`;
}

/** Longest list of events that is given whole. */
const EVENTS_MAX = 200;

const listText = (list: readonly string[]): string =>
  [...list.slice(0, EVENTS_MAX), ...(list.length > EVENTS_MAX ? ['…'] : [])].join(' ');

function listsOf({ events }: ReportedDifference, tree: string): string[] {
  return [`kernel: ${listText(events.kernel)}`, `${tree}: ${listText(events.tree)}`];
}
