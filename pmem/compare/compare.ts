/**
 * Compares two runs of one workload, operation by operation, in the five dimensions of design.md 8: results, images
 * once acknowledged, images while in flight, cost, log. Looks at two runs and nothing else.
 */
import type { InstructionCounts } from '#machine/hardware/record.ts';
import { type Comparison, type Relation, relate } from '#machine/images/image-set-relation.ts';
import { commonEntries } from '#machine/order/same-record.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import type { Outcome, Run } from '../run/run.ts';

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

/** Compares `after` with `before`, which ran the same workload. */
export function compareRuns(before: Run, after: Run): RunComparison {
  const sharedEntries = before.lives.map(({ history }, life) => {
    const other = after.lives[life]?.history;
    return other === undefined ? 0 : commonEntries(history.order, other.order);
  });
  const operations = before.outcomes.flatMap((outcome, position) => {
    const other = after.outcomes[position];
    if (other === undefined) return [];
    return [compareOperation(before, outcome, after, other, sharedEntries[outcome.life] ?? 0)];
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

/** `sharedEntries`: how many entries the records of this life begin with that are the same on both sides. */
function compareOperation(
  before: Run,
  left: Outcome,
  after: Run,
  right: Outcome,
  sharedEntries: number,
): OperationComparison {
  const leftHistory = before.lives[left.life]?.history;
  const rightHistory = after.lives[right.life]?.history;
  if (leftHistory === undefined || rightHistory === undefined) throw new Error('a run without its life');
  return {
    before: left,
    after: right,
    sameResult: sameResult(left, right),
    ...(left.entries.to <= sharedEntries
      ? { acked: EQUAL, inFlight: EQUAL }
      : {
          acked: relate(leftHistory.acked(left.acknowledgement), rightHistory.acked(right.acknowledgement)),
          inFlight: relate(
            leftHistory.inFlight(left.acknowledgement),
            rightHistory.inFlight(right.acknowledgement),
          ),
        }),
    sameCost: sameCounts(left.counts, right.counts),
  };
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

/** The relation of two lists of sets that are related pairwise as given. */
export function combine(relations: readonly Relation[]): Relation {
  const found = new Set(relations.filter((relation) => relation !== 'equal'));
  if (found.size === 0) return 'equal';
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : 'incomparable';
}
