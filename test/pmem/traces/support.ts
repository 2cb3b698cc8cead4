/** Rows for tests, as they stand in a file. */
import { loadTree } from '../../support/project.ts';
import { type ComparedRow, type Given, compareRows } from '#pmem/traces/compare-rows.ts';
import { parseRows } from '#pmem/traces/read-rows.ts';
import type { TraceRow } from '#pmem/traces/row.ts';

/** A write of 100 bytes at 5 of a page, as memory-and-dax.md 20 E1 has it. */
export const PWRITE = {
  id: 1,
  op: 'pwrite',
  on: 'ext4 dax on pmem0',
  file_offset: 5,
  dest_offset_in_page: 5,
  segments: [100],
  returned: 100,
  relative_to: 'destination page',
  events: ['c5:1*3', 'n8:8*12', 'c104:1', 'S', 'W0*2'],
  kernel: '4.12.10',
};

/** Rows from objects. */
export const rowsOf = (...objects: readonly object[]): TraceRow[] =>
  parseRows(objects.map((object) => JSON.stringify(object)).join('\n'), 'rows');

/** Rows against a tree. */
export async function compared(
  tree: string,
  objects: readonly object[],
  given: Given = {},
): Promise<readonly ComparedRow[]> {
  return compareRows(await loadTree(tree), rowsOf(...objects), 'rows', given).rows;
}

/** What came of each row, in short. */
export async function verdicts(
  tree: string,
  objects: readonly object[],
  given: Given = {},
): Promise<string[]> {
  const rows = await compared(tree, objects, given);
  return rows.map(({ verdict }) => (verdict.kind === 'not comparable' ? verdict.reason : verdict.kind));
}
