/**
 * Differences between two runs that only follow from another one, which is held to the contracts itself: a read gets other bytes
 * because a write before it came back otherwise, an operation that came back otherwise says why, of a dead kernel nothing is
 * alike, and what a kernel says once in its
 * life it does not say a second time. Whether the bytes are right is asked of each run by the promise.
 */
import type { Outcome, Run } from '../run/run.ts';

export class Consequences {
  readonly #before: Run;
  readonly #after: Run;

  constructor(before: Run, after: Run) {
    this.#before = before;
    this.#after = after;
  }

  /** Whether a difference of a dimension at the operation at a place in the workload follows from an earlier one. */
  explain(dimension: string, index: number): boolean {
    const [left, right] = [outcomeAt(this.#before, index), outcomeAt(this.#after, index)];
    if (left === undefined || right === undefined) return false;
    if (hasDied(this.#before, left) !== hasDied(this.#after, right)) return true;
    if (dimension === 'result') return differsInData(left, right) && this.#cameBackOtherwise(left);
    if (dimension !== 'log') return false;
    if (left.result.returned !== right.result.returned) return true;
    return unsaid(left, this.#after, right).join('\n') === unsaid(right, this.#before, left).join('\n');
  }

  /** Whether an operation before this one returned something else. */
  #cameBackOtherwise({ index: end }: Outcome): boolean {
    return this.#before.outcomes.some(({ index, result: { returned } }) => {
      const other = outcomeAt(this.#after, index);
      return index < end && other !== undefined && other.result.returned !== returned;
    });
  }
}

const outcomeAt = ({ outcomes }: Run, index: number): Outcome | undefined =>
  outcomes.find((outcome) => outcome.index === index);

/** Whether the kernel died in an operation before this one, in the same life. */
const hasDied = ({ outcomes }: Run, { index: end, life }: Outcome): boolean =>
  outcomes.some(
    (outcome) => outcome.life === life && outcome.index < end && outcome.result.oops !== undefined,
  );

function differsInData({ result: left }: Outcome, { result: right }: Outcome): boolean {
  const isSame = left.returned === right.returned && left.oops === right.oops && left.text === right.text;
  return isSame && left.data !== undefined && right.data !== undefined;
}

/** Lines of an operation that the other kernel had not said before it in the same life. */
function unsaid({ log }: Outcome, run: Run, { index: end, life }: Outcome): readonly string[] {
  const said = run.outcomes.flatMap((outcome) =>
    outcome.life === life && outcome.index < end ? outcome.log : [],
  );
  return log.filter((line) => !said.includes(line));
}
