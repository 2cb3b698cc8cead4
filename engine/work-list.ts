/** A long list of work whose parts can be done alone: what is done is kept, so one that was killed goes on where it was. */
import type { EvidenceStore, Table } from './store.ts';

export interface WorkList<Result> {
  /** Names of the parts, each once. */
  readonly parts: readonly string[];
  readonly doPart: (part: string) => Result;
  readonly store: EvidenceStore;
  /** A table of `store`, by part. */
  readonly table: Table<Result>;
  /** Hears of each part that has to be done, before it is. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Milliseconds of work between two savings: what a run that is killed loses at most. */
  readonly saveEveryMs?: number | undefined;
}

const SAVE_EVERY_MS = 3000;

/** What came of every part, in order. Trouble with saving is the store's to tell. */
export function workThrough<Result>({
  parts,
  doPart,
  store,
  table,
  onProgress,
  saveEveryMs = SAVE_EVERY_MS,
}: WorkList<Result>): Result[] {
  const missing = parts.filter((part) => table.get(part) === undefined);
  let savedAt = performance.now();
  for (const [index, part] of missing.entries()) {
    onProgress?.(index, missing.length);
    table.set(part, doPart(part));
    if (performance.now() - savedAt < saveEveryMs) continue;
    store.save();
    savedAt = performance.now();
  }
  store.save();
  return parts.map((part) => known(table.get(part), part));
}

function known<Result>(result: Result | undefined, part: string): Result {
  if (result === undefined) throw new RangeError(`nothing came of ${part}`);
  return result;
}
