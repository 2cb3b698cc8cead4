/** What came of a file of kernel traces, as plain data that the formats render. */
import type { Difference } from './compare-row.ts';
import type { ComparedRow, Comparison } from './compare-rows.ts';
import { formatEvent } from './events.ts';
import { printable } from '#base/printable.ts';

/** How often something was the case. */
export interface Counted {
  readonly text: string;
  readonly count: number;
}

export interface TraceReport {
  readonly file: string;
  readonly tree: string;
  readonly kernels: readonly string[];
  /** Words such as `clwb` or `clflushopt eadr`. */
  readonly machine: string;
  readonly counts: { readonly equal: number; readonly notComparable: number; readonly different: number };
  /** Why rows were not compared, the commonest reason first. */
  readonly reasons: readonly Counted[];
  /** Rules by which rows of another kernel were read. */
  readonly rules: readonly Counted[];
  readonly rows: readonly ReportedRow[];
}

export interface ReportedRow {
  readonly line: number;
  readonly id: number;
  readonly op: string;
  readonly on: string;
  readonly verdict: 'equal' | 'not comparable' | 'different';
  readonly reason?: string;
  readonly rules?: readonly string[];
  readonly difference?: ReportedDifference;
}

export interface ReportedDifference {
  /** What was run in the row's place: the boot line first. */
  readonly workload: readonly string[];
  readonly returned: { readonly kernel: number | string; readonly tree: number | string };
  readonly events: { readonly kernel: readonly string[]; readonly tree: readonly string[] };
  /** Index of the first event that differs; absent where only the results do. */
  readonly first?: number;
}

/** The report on `comparison` of the rows of `file` with `tree`. What the rows say is made safe to print. */
export function reportOf({ rows, kernels, machine }: Comparison, file: string, tree: string): TraceReport {
  const count = (kind: ReportedRow['verdict']): number =>
    rows.filter(({ verdict }) => verdict.kind === kind).length;
  return {
    file: printable(file),
    tree,
    kernels: kernels.map(printable),
    machine: `${machine.writeBack}${machine.keepsCaches ? ' eadr' : ''}`,
    counts: {
      equal: count('equal'),
      notComparable: count('not comparable'),
      different: count('different'),
    },
    reasons: counted(
      rows.flatMap(({ verdict }) => (verdict.kind === 'not comparable' ? [printable(verdict.reason)] : [])),
    ),
    rules: counted(rows.flatMap(({ verdict }) => (verdict.kind === 'equal' ? verdict.rules : []))),
    rows: rows.map(reportedRow),
  };
}

function reportedRow({ row: { line, id, op, on }, verdict }: ComparedRow): ReportedRow {
  const row = { line, id, op: printable(op), on: printable(on), verdict: verdict.kind };
  if (verdict.kind === 'not comparable') return { ...row, reason: printable(verdict.reason) };
  if (verdict.kind === 'different') return { ...row, difference: reportedDifference(verdict) };
  return verdict.rules.length === 0 ? row : { ...row, rules: verdict.rules };
}

function reportedDifference({ workload, kernel, model, firstDifference }: Difference): ReportedDifference {
  return {
    workload,
    returned: { kernel: printableResult(kernel.returned), tree: model.returned },
    events: { kernel: kernel.events.map(formatEvent), tree: model.events.map(formatEvent) },
    ...(firstDifference === undefined ? {} : { first: firstDifference }),
  };
}

const printableResult = (returned: number | string): number | string =>
  typeof returned === 'string' ? printable(returned) : returned;

function counted(texts: readonly string[]): Counted[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => ({ text, count }))
    .sort((left, right) => right.count - left.count || (left.text < right.text ? -1 : 1));
}
