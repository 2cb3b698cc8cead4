/**
 * Counts pairs of table 1.4 while a record is read. A pair counts when no SFENCE, MFENCE or locked instruction stands
 * between the two; these themselves count as the earlier one until the next of them. Places are lines with the words
 * that were stored to, one bit each.
 */
import type { RecordedClass } from './recorded-rules.ts';
import { DEFAULT_MACHINE } from '../litmus/machine-switches.ts';
import { orderOf } from '../litmus/ordering.ts';

/** Words by line; flushes have all words of theirs. */
export type Places = ReadonlyMap<number, number>;

interface Count {
  same: number;
  other: number;
}

const FENCES: ReadonlySet<RecordedClass> = new Set(['SF', 'MF', 'RMW']);

export class CoveragePairs {
  readonly #counts = new Map<string, Count>();
  readonly #open = new Map<RecordedClass, Map<number, number>>();
  #fence: RecordedClass | undefined;

  countOf(earlier: RecordedClass, later: RecordedClass): Readonly<Count> {
    return this.#counts.get(`${earlier} ${later}`) ?? { same: 0, other: 0 };
  }

  /** Notes an instruction, or `isRun` for several of them on words or lines next to each other. */
  add(later: RecordedClass, places: Places, isRun: boolean): void {
    if (this.#fence !== undefined) this.#count(this.#fence, later).other++;
    for (const [earlier, open] of this.#open) this.#compare(earlier, open, later, places);
    if (FENCES.has(later)) {
      this.#open.clear();
      this.#fence = later;
      return;
    }
    if (isRun) this.#count(later, later).other++;
    let open = this.#open.get(later);
    if (open === undefined) this.#open.set(later, (open = new Map<number, number>()));
    for (const [line, words] of places) open.set(line, (open.get(line) ?? 0) | words);
  }

  #compare(earlier: RecordedClass, open: Places, later: RecordedClass, places: Places): void {
    const count = this.#count(earlier, later);
    const isByWord = orderOf(earlier, later, DEFAULT_MACHINE) === 'word';
    let lines = 0;
    let isSame = false;
    let isOther = false;
    for (const [line, words] of places) {
      const before = open.get(line);
      if (before === undefined) continue;
      lines++;
      isSame ||= !isByWord || (before & words) !== 0;
      isOther ||= isByWord && (before !== words || hasSeveral(words));
    }
    if (isSame) count.same++;
    if (isOther || lines < open.size || places.size !== 1) count.other++;
  }

  #count(earlier: RecordedClass, later: RecordedClass): Count {
    const name = `${earlier} ${later}`;
    let count = this.#counts.get(name);
    if (count === undefined) this.#counts.set(name, (count = { same: 0, other: 0 }));
    return count;
  }
}

/** Whether more than one bit is set. */
export function hasSeveral(words: number): boolean {
  return (words & (words - 1)) !== 0;
}
