/**
 * Compares two runs of one workload, operation by operation, in the five dimensions of design.md 8: results, images
 * once acknowledged, images while in flight, cost, log. Looks at two runs and nothing else.
 */
import type { InstructionCounts } from '#machine/hardware/record.ts';
import type { CrashHistory } from '#machine/images/crash-images.ts';
import { combine, type Relation } from '#base/relation.ts';
import { TooManyImagesError } from '#base/too-many-images.ts';
import { type Comparison, relate } from '#machine/images/image-set-relation.ts';
import { commonEntries } from '#machine/order/same-record.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import type { Life, Outcome, Run } from '../run/run.ts';

/** Two runs at one operation. */
export interface OperationComparison {
  readonly before: Outcome;
  readonly after: Outcome;
  readonly sameResult: boolean;
  readonly acked: Comparison;
  readonly inFlight: Comparison;
  readonly sameCost: boolean;
}

export interface RunComparison {
  readonly operations: readonly OperationComparison[];
  readonly sameResults: boolean;
  /** All acknowledgements together: `stronger` when some are and the others are equal, and so on. */
  readonly acked: Relation;
  readonly inFlight: Relation;
  readonly sameCost: boolean;
  readonly sameLog: boolean;
}

/**
 * Compares `after` with `before`, which ran the same workload. Throws `TooManyImagesError` for one that would take hours: each
 * operation is compared with all that is undecided once it has returned, `undecidedMax` pieces of stores altogether.
 */
export function compareRuns(before: Run, after: Run, undecidedMax = UNDECIDED_MAX): RunComparison {
  const relating = before.lives.map((life, index) => new Relating(life, after.lives[index]));
  const undecided = relating.reduce((sum, life) => sum + life.undecidedUpTo(undecidedMax), 0);
  if (undecided > undecidedMax)
    throw new TooManyImagesError(
      'too much stays undecided to be compared after each operation: flush now and then, or make the workload shorter',
    );
  const operations = before.outcomes.flatMap((outcome, position) => {
    const other = after.outcomes[position];
    if (other === undefined) return [];
    return [compareOperation(outcome, other, relating[outcome.life])];
  });
  return {
    operations,
    sameResults: operations.every(({ sameResult }) => sameResult),
    acked: combine(operations.map(({ acked }) => acked.relation)),
    inFlight: combine(operations.map(({ inFlight }) => inFlight.relation)),
    sameCost: operations.every(({ sameCost }) => sameCost),
    sameLog: before.log.join('\n') === after.log.join('\n'),
  };
}

/** How many undecided pieces of stores are looked at, once for each operation after which they are: some minutes of work. */
const UNDECIDED_MAX = 1 << 26;

function compareOperation(
  left: Outcome,
  right: Outcome,
  relating: Relating | undefined,
): OperationComparison {
  if (relating === undefined) throw new Error('a run without its life');
  return {
    before: left,
    after: right,
    sameResult: sameResult(left, right),
    ...relating.next(left, right),
    sameCost: sameCounts(left.counts, right.counts),
  };
}

/** The images of one life on both sides, compared operation by operation in order. */
class Relating {
  readonly #left: CrashHistory;
  readonly #right: CrashHistory;
  /** How many entries the records begin with that are the same on both sides. */
  readonly #sharedEntries: number;
  #last: Comparison = EQUAL;

  constructor(left: Life, right: Life | undefined) {
    if (right === undefined) throw new Error('a run without its life');
    this.#left = left.history;
    this.#right = right.history;
    this.#sharedEntries = commonEntries(left.history.order, right.history.order);
  }

  /** The undecided pieces after each operation that is compared, summed up until they are more than `limit`. */
  undecidedUpTo(limit: number): number {
    let sum = 0;
    for (const history of [this.#left, this.#right])
      for (const [index, { entry }] of history.acknowledgements.entries()) {
        if (sum > limit) return sum;
        if (entry >= this.#sharedEntries) sum += history.openAt(index).length;
      }
    return sum;
  }

  next(left: Outcome, right: Outcome): Pick<OperationComparison, 'acked' | 'inFlight'> {
    if (left.entries.to <= this.#sharedEntries) return { acked: EQUAL, inFlight: EQUAL };
    // Where an operation changed nothing on either side, the images are those after the one before it.
    const isSame =
      left.acknowledgement > 0 &&
      leavesAll(this.#left, left.acknowledgement) &&
      leavesAll(this.#right, right.acknowledgement);
    if (isSame) return { acked: this.#last, inFlight: this.#last };
    this.#last = relate(this.#left.acked(left.acknowledgement), this.#right.acked(right.acknowledgement));
    const inFlight = relate(
      this.#left.inFlight(left.acknowledgement),
      this.#right.inFlight(right.acknowledgement),
    );
    return { acked: this.#last, inFlight };
  }
}

/** Whether nothing was stored, required or drained between an acknowledgement and the one before it. */
function leavesAll({ acknowledgements }: CrashHistory, index: number): boolean {
  const [one, other] = [acknowledgements[index - 1], acknowledgements[index]];
  return (
    one !== undefined &&
    other !== undefined &&
    one.pieceCount === other.pieceCount &&
    one.level === other.level &&
    one.drainedLevels?.join() === other.drainedLevels?.join()
  );
}

const EQUAL: Comparison = { relation: 'equal' };

function sameResult(left: Outcome, right: Outcome): boolean {
  if (describeResult(left.result) !== describeResult(right.result)) return false;
  const leftData = left.result.data ?? new Uint8Array();
  const rightData = right.result.data ?? new Uint8Array();
  return Buffer.compare(leftData, rightData) === 0;
}

/** Whether two operations cost the same. Loads are not a cost of persistence. */
function sameCounts(left: InstructionCounts, right: InstructionCounts): boolean {
  return Object.entries(left).every(
    ([name, count]) => name === 'loads' || count === right[name as keyof InstructionCounts],
  );
}
