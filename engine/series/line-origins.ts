/** Which step of a series brought in each line of a file, worked out from the trees alone. */
import { diffArrays } from 'diff';
import type { TreeFiles } from '#base/tree-files.ts';

/** A tree and the step that made it; the first of a chain is what was there before. */
export interface TreeOfStep {
  readonly step: number;
  readonly files: TreeFiles;
}

/**
 * For each line of `file` in the last tree of `chain` the step that brought it in or changed it last; `null` for lines of the
 * first tree. Nothing for a file that the last tree does not have.
 */
export function lineOrigins(chain: readonly TreeOfStep[], file: string): readonly (number | null)[] {
  let text = '';
  let origins: readonly (number | null)[] = [];
  for (const [index, { step, files }] of chain.entries()) {
    const next = files.get(file) ?? '';
    if (next === text) continue;
    origins = carriedOver(origins, text, next, index === 0 ? null : step);
    text = next;
  }
  return text === '' ? [] : origins;
}

function carriedOver(
  origins: readonly (number | null)[],
  before: string,
  after: string,
  step: number | null,
): (number | null)[] {
  return linesBefore(before, after).map((line) => (line === undefined ? step : (origins[line - 1] ?? null)));
}

/** For each line of `after` its number in `before`, counted from 1; `undefined` for one that is new or changed. */
export function linesBefore(before: string, after: string): (number | undefined)[] {
  const result: (number | undefined)[] = [];
  let old = 1;
  for (const { added, removed, count } of diffArrays(before.split('\n'), after.split('\n'))) {
    if (removed) old += count;
    else for (let line = 0; line < count; line++) result.push(added ? undefined : old++);
  }
  return result;
}
