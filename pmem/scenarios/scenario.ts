/**
 * A scenario: a workload with what the facts say must come of it. Plain data; its text form is the scenario file
 * (docs/SCENARIOS.md). What it says is about named trees, or about every tree that nothing else is said of.
 */
import type { Relation } from '#base/relation.ts';

/** What an expectation can be about. */
export type ExpectedThing =
  /** What an operation returned, as `describeResult` puts it, e.g. `4096`, `-EIO` or `"write back\n"`. */
  | 'result'
  /** The instructions of an operation, in the notation of the real-kernel traces; empty for none. */
  | 'does'
  /** The data that an operation read, as `describeData` puts it; empty for none. */
  | 'reads'
  /** Bytes that a power failure after the last operation may lose, e.g. `pmem0:64-65` or `none`. */
  | 'lost'
  /** movnti, cache write-backs and sfences of all operations together, e.g. `511/2/4`. */
  | 'cost'
  /** The lines of the kernel log; empty for none. */
  | 'log';

/** One thing that must come of a run. */
export interface Expectation {
  readonly about: ExpectedThing;
  /** Place of the operation in the workload, from 0, as in `Outcome`; absent for what is about the whole run. */
  readonly operation?: number;
  /** The tree whose runs are meant; absent: every tree that has no expectation of its own about the same. */
  readonly tree?: string;
  readonly value: string;
}

/** How the images of one tree must compare with those of another. */
export interface ExpectedRelation {
  readonly before: string;
  readonly after: string;
  /** At all acknowledgements, and at those that promise durability (`syncedRelation`). */
  readonly acked?: Relation;
  readonly synced?: Relation;
}

export interface Scenario {
  readonly name: string;
  readonly theme: string;
  /** Where the expectations come from. */
  readonly source: string;
  readonly shows: string;
  /** Text of the workload, one operation a line. */
  readonly workload: string;
  readonly expected: readonly Expectation[];
  readonly relations: readonly ExpectedRelation[];
}
