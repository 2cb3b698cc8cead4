/** What shows a reader that two runs differ, or that one breaks a promise: an image as words, and the instructions of both sides. */
import { painter } from '#base/paint.ts';
import type { Broken, Difference, Shown, WitnessState } from '#engine/subject.ts';
import { compareRuns } from '../compare/compare.ts';
import { observe } from '../compare/observe.ts';
import { hexByte, type WitnessReport, witnessesOf } from '../compare/witness.ts';
import type { Workload } from '../language/workload.ts';
import { eventsOf } from '../run/events.ts';
import type { Run } from '../run/run.ts';
import { witnessLines } from './witness-text.ts';

interface Tried {
  readonly workload: Workload;
  readonly run: Run;
}

/** Witness and traces for `what` of `after` against `before`. */
export function shownOf(before: Tried, after: Tried, what: Difference | Broken): Shown {
  const plain = painter(false);
  const witnesses = witnessesFor(before, after, what);
  return {
    witness: witnesses.flatMap((witness) => witnessLines(witness, plain)),
    states: witnesses.map(stateOf),
    traces: before.run.outcomes.map((outcome, position) => {
      const other = after.run.outcomes[position];
      return {
        at: outcome.text,
        before: eventsOf(before.run, outcome),
        after: other === undefined ? [] : eventsOf(after.run, other),
      };
    }),
  };
}

/** The images that tell the two apart at the place of a difference; for a promise those at its acknowledgement. */
function witnessesFor(
  before: Tried,
  after: Tried,
  what: Difference | Broken,
): ReturnType<typeof witnessesOf> {
  const comparison = compareRuns(before.run, after.run);
  if ('dimension' in what) {
    const found = observe(after.workload, before.run, after.run, comparison).find(
      ({ index, dimension }) => index === what.index && dimension === what.dimension,
    );
    if (found?.comparison === undefined) return [];
    const time = found.dimension === 'in-flight' ? 'in-flight' : 'acked';
    return witnessesOf(before.run, after.run, found.comparison, time);
  }
  const operation = comparison.operations.find(({ after: { index } }) => index === what.index);
  return operation === undefined ? [] : witnessesOf(before.run, after.run, operation);
}

const hex = (bytes: readonly number[]): string => bytes.map(hexByte).join('');

/** A witness as the engine keeps it. */
export function stateOf({
  side,
  time,
  operation,
  operationIndex,
  words,
  given,
}: WitnessReport): WitnessState {
  const name = `operation ${operationIndex + 1} '${operation}'`;
  return {
    side,
    when: time === 'acked' ? `once ${name} has returned` : `while ${name} runs`,
    index: operationIndex,
    bytes: words.map(({ disk, offset, bytes, otherBytes, storedBy, otherStoredBy }) => ({
      place: disk,
      offset,
      holds: hex(bytes),
      otherHolds: hex(otherBytes),
      storedBy,
      otherStoredBy,
    })),
    ...(given !== undefined && { given }),
  };
}
