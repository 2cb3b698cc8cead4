/**
 * What shows a reader one difference that was observed: the state that tells both sides apart, and what each side did. Takes
 * a try on both trees, so it is done for differences that are shown, and kept.
 */
import { once } from '#base/once.ts';
import type { ObservedDifference } from './judge.ts';
import type { EvidenceStore } from './store.ts';
import type { Shown, Subject, Tree } from './subject.ts';

/** A difference to show, by where it was observed. */
export type Observed = Pick<ObservedDifference, 'dimension' | 'relation' | 'index'>;

/** Shows differences of two trees. */
export type Showing = (workload: string, what: Observed) => Promise<Shown | undefined>;

/** Shows differences between `before` and `after`; nothing for one that does not show again, or where the subject shows none. */
export function showingOf(
  subject: Subject,
  store: EvidenceStore,
  { before, after }: { readonly before: Tree; readonly after: Tree },
): Showing {
  const trees = [before, after].flatMap(({ name, hash }) => [name, hash]);
  const table = store.table<Shown>('shown', [subject.hash, ...trees]);
  const open = once(async () => [await subject.open(before), await subject.open(after)] as const);
  return async (workload, what) => {
    if (subject.show === undefined) return undefined;
    const key = [workload, what.dimension, what.relation, what.index].join('\0');
    const known = table.get(key);
    if (known !== undefined) return known;
    const [runBefore, runAfter] = await open();
    const [left, right] = [await runBefore(workload), await runAfter(workload)];
    const difference = subject.compare(left, right).differences.find((one) => isThere(one, what));
    if (difference === undefined) return undefined;
    const shown = subject.show(left, right, difference);
    table.set(key, shown);
    return shown;
  };
}

function isThere(one: Observed, { dimension, relation, index }: Observed): boolean {
  return one.dimension === dimension && one.relation === relation && one.index === index;
}
