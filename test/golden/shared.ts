/** The measured data, kept with the tests (`golden/data/`, see the READMEs there). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTree } from '../support/project.ts';
import type { Difference } from '#pmem/traces/compare-row.ts';
import { type ComparedRow, type Given, compareRows } from '#pmem/traces/compare-rows.ts';
import { readRows } from '#pmem/traces/read-rows.ts';
import type { TraceRow } from '#pmem/traces/row.ts';

/** Folder of the measured data. */
export const goldenFolder: string = new URL('data/', import.meta.url).pathname;

/** A file of it as text. */
export function goldenText(path: string): string {
  return readFileSync(join(goldenFolder, path), 'utf8');
}

/** The rows of a file of traces. */
export const goldenRows = (path: string): TraceRow[] => readRows(join(goldenFolder, path));

/** Rows of traces against a tree. */
export async function against(
  tree: string,
  rows: readonly TraceRow[],
  given: Given = {},
): Promise<readonly ComparedRow[]> {
  return compareRows(await loadTree(tree), rows, 'golden', given).rows;
}

export const equalRows = (rows: readonly ComparedRow[]): ComparedRow[] =>
  rows.filter(({ verdict }) => verdict.kind === 'equal');

/** Rows that differ, short enough to read in a failure. */
export function differences(rows: readonly ComparedRow[]): unknown[] {
  return rows.flatMap(({ row, verdict }) =>
    verdict.kind === 'different'
      ? [{ id: row.id, op: row.op, workload: verdict.workload, at: placeOfDifference(verdict) }]
      : [],
  );
}

function placeOfDifference({ kernel, model, firstDifference: first = 0 }: Difference): unknown {
  return [
    kernel.returned,
    kernel.events.slice(first, first + 4),
    model.returned,
    model.events.slice(first, first + 4),
  ];
}

/** The reasons that rows were not compared for. */
export function reasons(rows: readonly ComparedRow[]): string[] {
  const found = rows.flatMap(({ verdict }) => (verdict.kind === 'not comparable' ? [verdict.reason] : []));
  return [...new Set(found)].sort();
}

/** The rules that rows of other kernels were read with. */
export function rulesUsed(rows: readonly ComparedRow[]): string[] {
  const found = rows.flatMap(({ verdict }) => (verdict.kind === 'equal' ? verdict.rules : []));
  return [...new Set(found)].sort();
}
