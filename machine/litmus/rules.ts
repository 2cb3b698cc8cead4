/**
 * Names of the rules of persistency.md 1.3 and counters of how often an exploration used them. Rules marked `own`
 * are this project's: the write-pending queue, flush hints and the clearing of poison, which 1.3 leaves to prose.
 */
import { CLASSES, type InstructionClass, type Order, orderOf } from './ordering.ts';
import type { LitmusMachine } from './machine-switches.ts';

/** Each rule with its meaning in a few words. */
export const RULES = {
  R1: 'issue: a store, flush or SFENCE waits in the store buffer of its CPU',
  'R2-forward': 'load: takes the value of the youngest own store still in the store buffer',
  'R2-memory': 'load: takes the visible value',
  R3: 'MFENCE: store buffer empty and no flush of this CPU pending',
  R4: 'locked read-modify-write: like MFENCE, then reads and writes at once',
  'R4-failed': 'failed compare-exchange: still like MFENCE',
  R5a: 'a store leaves the store buffer for the buffer of its line',
  'R5a-volatile': 'a store to a volatile word changes it at once',
  'R5a-eADR': 'eADR: a store that leaves the store buffer is durable',
  'R5b-independent': 'a non-temporal store reaches memory alone; older stores to the word cannot undo it',
  'R5b-write-back': 'a non-temporal store waits until its line is written back',
  'R5b-lazy': 'a non-temporal store is an ordinary store followed by its own flush',
  R5c: 'clflush leaves when its line holds no store',
  R5d: 'clflushopt or clwb leaves a marker in the buffer of its line',
  R5e: 'SFENCE leaves when no flush of this CPU is pending',
  R6: 'eviction: the oldest entry of a line buffer is written back at any time',
  R7: 'power failure: what is not in the persistence domain is lost',
  'own-queue': 'no-ADR: the oldest entry of the write-pending queue reaches the media',
  'own-hint': 'no-ADR: a flush hint marks the queue; the next fence waits for the mark',
  'own-clear': 'the driver clears a poisoned unit',
  'own-poison': 'a store that reaches a poisoned word is lost',
} as const;

/** The name of a rule. */
export type RuleName = keyof typeof RULES;

export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];

/** How often a pair of table 1.4 was seen keeping its order, and swapping. */
export interface CellCount {
  kept: number;
  swapped: number;
}

/** Counts of one or more explorations. */
export class Coverage {
  readonly rules = new Map<RuleName, number>();
  readonly #cells = new Map<string, CellCount>();

  rule(name: RuleName): void {
    this.rules.set(name, (this.rules.get(name) ?? 0) + 1);
  }

  cell(earlier: InstructionClass, later: InstructionClass): CellCount {
    const key = `${earlier} ${later}`;
    let count = this.#cells.get(key);
    if (count === undefined) this.#cells.set(key, (count = { kept: 0, swapped: 0 }));
    return count;
  }

  /** Adds the counts of another exploration. */
  add(other: Coverage): void {
    for (const [name, count] of other.rules) this.rules.set(name, (this.rules.get(name) ?? 0) + count);
    for (const earlier of CLASSES) {
      for (const later of CLASSES) {
        const from = other.cell(earlier, later);
        const to = this.cell(earlier, later);
        to.kept += from.kept;
        to.swapped += from.swapped;
      }
    }
  }
}

/** One line of the coverage list. */
export interface CellCoverage {
  readonly earlier: InstructionClass;
  readonly later: InstructionClass;
  readonly order: Order;
  readonly kept: number;
  readonly swapped: number;
  /** Whether every side of the cell was seen: keeping for `kept`, swapping for `free`, both for the others. */
  readonly exercised: boolean;
}

/** The cells of table 1.4 for `machine`, row by row. */
export function cellCoverage(coverage: Coverage, machine: LitmusMachine): CellCoverage[] {
  return CLASSES.flatMap((earlier) =>
    CLASSES.map((later): CellCoverage => {
      const { kept, swapped } = coverage.cell(earlier, later);
      const order = orderOf(earlier, later, machine);
      const exercised = (order === 'free' || kept > 0) && (order === 'kept' || swapped > 0);
      return { earlier, later, order, kept, swapped, exercised };
    }),
  );
}
