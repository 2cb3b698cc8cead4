/** The report on a file of kernel traces for people: every difference with the instructions of both sides, then numbers. */
import type { Paint } from '#base/paint.ts';
import { errnoName } from '#kernel/errno.ts';
import { replayCommand } from '../report/replay-command.ts';
import type { Counted, ReportedDifference, ReportedRow, TraceReport } from './report.ts';

/** Differences that are shown in full; the others are counted by operation. */
export const SHOWN_DIFFERENCES = 20;

/** Events shown before and behind the first that differs. */
const EVENTS_BEFORE = 4;
const EVENTS_BEHIND = 6;

const COLUMN_WIDTH = 34;

/** The report, ending with a newline. `shown` differences are printed in full. */
export function traceText(report: TraceReport, paint: Paint, shown: number = SHOWN_DIFFERENCES): string {
  const { file, tree, kernels, machine, rows } = report;
  const different = rows.filter(({ verdict }) => verdict === 'different');
  const kernel = kernels.map((version) => `Linux ${version}`).join(', ');
  const lines = [
    paint('bold', `${file}: ${rows.length} operations of ${kernel} (${machine}) against ${tree}`),
    '',
    ...different.slice(0, shown).flatMap((row) => [...differenceLines(row, report, paint), '']),
    ...restLines(different.slice(shown)),
    ...summaryLines(report, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function differenceLines(row: ReportedRow, { file, tree }: TraceReport, paint: Paint): string[] {
  const { difference } = row;
  if (difference === undefined) return [];
  return [
    `${paint('red', 'different')}  ${file}:${row.line}  ${row.op} on ${row.on} (id ${row.id})`,
    ...difference.workload.map((line) => `    ${line}`),
    ...resultLines(difference, tree, paint),
    ...eventLines(difference, tree, paint),
    `    replay: ${replayCommand(difference.workload.join('\n'))} --after ${tree}`,
  ];
}

function resultLines({ returned }: ReportedDifference, tree: string, paint: Paint): string[] {
  if (returned.kernel === returned.tree) return [];
  return [
    paint(
      'yellow',
      `    returned: kernel ${resultText(returned.kernel)}, ${tree} ${resultText(returned.tree)}`,
    ),
  ];
}

const resultText = (returned: number | string): string =>
  typeof returned === 'string' ? returned : errnoName(returned);

/** Both lists side by side around the first event that differs, which is marked. */
function eventLines({ events, first }: ReportedDifference, tree: string, paint: Paint): string[] {
  if (first === undefined) return [];
  const from = Math.max(0, first - EVENTS_BEFORE);
  const to = Math.min(Math.max(events.kernel.length, events.tree.length), first + EVENTS_BEHIND + 1);
  const lines = [`      ${'kernel'.padEnd(COLUMN_WIDTH)}${tree}`];
  if (from > 0) lines.push(`      … ${from} equal`);
  for (let index = from; index < to; index++) {
    const left = (events.kernel[index] ?? '-').padEnd(COLUMN_WIDTH);
    const line = `${left}${events.tree[index] ?? '-'}`;
    lines.push(index === first ? paint('yellow', `    > ${line}`) : `      ${line}`);
  }
  const rest = [events.kernel.length - to, events.tree.length - to].map((count) => Math.max(0, count));
  if (rest.some((count) => count > 0))
    lines.push(`      ${`… ${rest[0] ?? 0} more`.padEnd(COLUMN_WIDTH)}… ${rest[1] ?? 0} more`);
  return lines;
}

function restLines(rows: readonly ReportedRow[]): string[] {
  if (rows.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { op, on } of rows) counts.set(`${op} on ${on}`, (counts.get(`${op} on ${on}`) ?? 0) + 1);
  const lines = [...counts].map(([text, count]) => `  ${String(count).padStart(5)}  ${text}`);
  return [
    `${rows.length} more different (--show ${rows.length + SHOWN_DIFFERENCES} prints them):`,
    ...lines,
    '',
  ];
}

const NUMBER_WIDTH = 7;

const numbered = (count: number, text: string): string => `${String(count).padStart(NUMBER_WIDTH)}${text}`;

const countedLine = ({ text, count }: Counted): string => `        ${numbered(count, `  ${text}`)}`;

function summaryLines({ counts, reasons, rules }: TraceReport, paint: Paint): string[] {
  const { equal, different, notComparable } = counts;
  return [
    numbered(equal, ` of ${equal + different} equal`),
    ...rules.map(countedLine),
    paint(different === 0 ? 'green' : 'red', numbered(different, ' different')),
    numbered(notComparable, ' not comparable'),
    ...reasons.map(countedLine),
  ];
}
