/** Workloads are tried in batches of consecutive numbers: what came of one is a row of evidence, the same whoever tries it. */
import type { FuzzFinding, FuzzTarget } from './target.ts';
import { titleOf } from '../failure.ts';

/** Workloads of one batch. */
export const BATCH_SIZE = 50;

/** Findings alike, told by the shortest workload. */
export interface FoundOften extends FuzzFinding {
  readonly number: number;
  readonly count: number;
}

/** What came of one batch. */
export interface Batch {
  readonly counted: Readonly<Record<string, number>>;
  readonly found: readonly FoundOften[];
  /** How long it took; the only thing that is not the same each time. */
  readonly seconds: number;
}

/** Tries the workloads `[from, to)`. */
export function runBatch(target: FuzzTarget, from: number, to: number): Batch {
  const begun = performance.now();
  const counted: Record<string, number> = {};
  const found = new Map<string, FoundOften>();
  for (let number = from; number < to; number++) {
    const judgement = target.judge(number);
    for (const name of judgement.counted) counted[name] = (counted[name] ?? 0) + 1;
    for (const finding of judgement.findings) note(found, { ...finding, number, count: 1 });
  }
  return { counted, found: [...found.values()], seconds: (performance.now() - begun) / 1000 };
}

/** What makes findings alike: trees, cause and kind. */
export const keyOf = (finding: FuzzFinding): string =>
  [finding.before, finding.after, finding.cause, titleOf(finding)].join('\0');

/** Adds a finding to those alike; the shorter workload tells them, the earlier one of two as long. */
export function note(found: Map<string, FoundOften>, finding: FoundOften): void {
  const key = keyOf(finding);
  const known = found.get(key);
  if (known === undefined) {
    found.set(key, finding);
    return;
  }
  const isShorter = finding.workload.text.length < known.workload.text.length;
  found.set(key, { ...(isShorter ? finding : known), count: known.count + finding.count });
}
