/**
 * Tries workloads by number until a budget is spent. What came of each batch is kept, so a run that was killed goes on where it was, and
 * the same seed tells the same: the budget counts the time of the batches themselves, kept ones included, in order.
 */
import { type Share, shareOf } from '../share.ts';
import type { EvidenceStore, Table } from '../store.ts';
import { type Batch, BATCH_SIZE, type FoundOften, note } from './batch.ts';
import type { FuzzPlan } from './target.ts';
import { type Hand, hands, type Range } from './workers.ts';

export interface FuzzRequest {
  readonly plan: FuzzPlan;
  /** What the outcome of a workload follows from besides its number. */
  readonly parts: readonly string[];
  readonly store: EvidenceStore;
  /** Number of the first workload. */
  readonly from: number;
  /** How many workloads, or how many seconds of each worker. */
  readonly budget: { readonly count: number } | { readonly seconds: number };
  readonly workers: number;
  readonly onProgress?: (tried: number, findings: number) => void;
}

/** What came of all workloads. */
export interface FuzzResult {
  readonly tried: number;
  readonly counted: Readonly<Record<string, number>>;
  readonly found: readonly FoundOften[];
}

/** Milliseconds between two savings. */
const SAVE_EVERY_MS = 2000;

/** Tries workloads until the budget is spent. */
export async function fuzz(request: FuzzRequest): Promise<FuzzResult> {
  const { store, parts, plan, workers } = request;
  const table = store.table<Batch>('fuzz', parts);
  const sum = new Sum(request);
  while (!sum.isDone) {
    const known = table.get(nameOf(sum.next));
    if (known === undefined) break;
    sum.add(known);
  }
  if (!sum.isDone) {
    const team = await hands(plan, workers);
    try {
      await new Rest(request, table, sum).runWith(team);
    } finally {
      store.save();
      await Promise.all(team.map((hand) => hand.close()));
    }
  }
  return sum.result;
}

const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((total, { from: start, to }) => total + to - start, 0);

/** Tries a share of the batches of so many workloads, for somebody else to report on. Returns how many workloads that were. */
export async function fuzzShare(
  request: Omit<FuzzRequest, 'budget'>,
  count: number,
  share: Share,
): Promise<number> {
  const { store, parts, plan, workers, from, onProgress } = request;
  const table = store.table<Batch>('fuzz', parts);
  const all = Array.from({ length: Math.ceil(count / BATCH_SIZE) }, (_, index): Range => {
    const start = from + index * BATCH_SIZE;
    return { from: start, to: Math.min(start + BATCH_SIZE, from + count) };
  });
  const own = shareOf(share, all);
  const missing = own.filter((range) => table.get(nameOf(range)) === undefined);
  let tried = sizeOf(own) - sizeOf(missing);
  let findings = 0;
  const team = missing.length === 0 ? [] : await hands(plan, workers);
  const rest = missing.values();
  try {
    await Promise.all(
      team.map(async (hand) => {
        for (const range of rest) {
          const batch = await hand.run(range);
          table.set(nameOf(range), batch);
          tried += range.to - range.from;
          findings += batch.found.length;
          onProgress?.(tried, findings);
        }
      }),
    );
  } finally {
    store.save();
    await Promise.all(team.map((hand) => hand.close()));
  }
  return sizeOf(own);
}

const nameOf = ({ from, to }: Range): string => `${from}-${to}`;

/** Adds up batches in the order of their numbers, until the budget is spent. */
class Sum {
  readonly #request: FuzzRequest;
  readonly #counted: Record<string, number> = {};
  readonly #found = new Map<string, FoundOften>();
  #tried = 0;
  #seconds = 0;

  constructor(request: FuzzRequest) {
    this.#request = request;
  }

  /** The numbers that come next, or come `ahead` batches after these. */
  rangeAhead(ahead: number): Range {
    const { from, budget } = this.#request;
    const start = from + this.#tried + ahead * BATCH_SIZE;
    const end = 'count' in budget ? from + budget.count : Infinity;
    return { from: start, to: Math.min(start + BATCH_SIZE, end) };
  }

  get next(): Range {
    return this.rangeAhead(0);
  }

  get isDone(): boolean {
    const { budget, workers } = this.#request;
    return 'count' in budget ? this.#tried >= budget.count : this.#seconds / workers >= budget.seconds;
  }

  add(batch: Batch): void {
    const { from, to } = this.next;
    this.#tried += to - from;
    this.#seconds += batch.seconds;
    for (const [name, count] of Object.entries(batch.counted))
      this.#counted[name] = (this.#counted[name] ?? 0) + count;
    for (const finding of batch.found) note(this.#found, finding);
    this.#request.onProgress?.(this.#tried, this.#found.size);
  }

  get result(): FuzzResult {
    const names = Object.entries(this.#counted).sort(([left], [right]) => (left < right ? -1 : 1));
    return { tried: this.#tried, counted: Object.fromEntries(names), found: [...this.#found.values()] };
  }
}

/** The batches that are not known yet, handed out in order; those that are done too early wait for those before them. */
class Rest {
  readonly #request: FuzzRequest;
  readonly #table: Table<Batch>;
  readonly #sum: Sum;
  readonly #early = new Map<string, Batch>();
  #handedOut = 0;
  #savedAt = performance.now();

  constructor(request: FuzzRequest, table: Table<Batch>, sum: Sum) {
    this.#request = request;
    this.#table = table;
    this.#sum = sum;
  }

  async runWith(team: readonly Hand[]): Promise<void> {
    await Promise.all(team.map((hand) => this.#work(hand)));
  }

  async #work(hand: Hand): Promise<void> {
    while (!this.#sum.isDone) {
      const range = this.#sum.rangeAhead(this.#handedOut);
      if (range.from >= range.to) return;
      this.#handedOut++;
      const known = this.#table.get(nameOf(range));
      const batch = known ?? (await hand.run(range));
      if (known === undefined) this.#table.set(nameOf(range), batch);
      this.#early.set(nameOf(range), batch);
      this.#takeInOrder();
    }
  }

  #takeInOrder(): void {
    while (!this.#sum.isDone) {
      const batch = this.#early.get(nameOf(this.#sum.next));
      if (batch === undefined) break;
      this.#early.delete(nameOf(this.#sum.next));
      this.#sum.add(batch);
      this.#handedOut--;
    }
    if (performance.now() - this.#savedAt < SAVE_EVERY_MS) return;
    this.#request.store.save();
    this.#savedAt = performance.now();
  }
}
