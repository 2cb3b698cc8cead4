/**
 * Holds two runs of a generated workload to what the steps between their trees declare. A difference is excused when every operation to
 * blame is one that some declaration speaks of: by images or cost for images and cost, by the same dimension for everything else. Which
 * way a difference goes is not held to the declaration: chance puts together what no scenario does, and what must be safe the promise
 * says. Reads, writes and lists of attributes are spoken of together, and what binds a driver as an attach is.
 *
 * The exact sets of two runs are compared when an operation does something else that nobody speaks of.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import { matches } from '#engine/declared.ts';
import type { Declaration } from '#engine/contract.ts';
import type { Difference, Traits } from '#engine/subject.ts';
import { sameEntries } from '#machine/order/same-record.ts';
import { fileText } from '../language/arguments/disks.ts';
import { bootTraits, traitsOf } from '../language/operation-traits.ts';
import { descriptorOf } from '../language/operations.ts';
import { sumOf } from '../language/sizes.ts';
import type { Step } from '../language/workload.ts';
import { compareTries } from '../subject.ts';
import type { Outcome } from '../run/run.ts';
import { sameResults } from '../run/same-run.ts';
import type { Tried } from '../tried.ts';
import { Consequences } from './consequences.ts';

/** Dimensions of what instructions bring about. */
const OF_INSTRUCTIONS: ReadonlySet<string> = new Set(['acked', 'in-flight', 'cost']);

/** The differences that nothing excuses. Throws `TooManyImagesError` for runs that stored too much to be compared. */
export function undeclared(
  before: Tried,
  after: Tried,
  declarations: readonly Declaration[],
): readonly Difference[] {
  const speaking = new Speaking(after, declarations);
  const consequences = new Consequences(before.run, after.run);
  if (!mayBeUndeclared(before, after, speaking, consequences)) return [];
  refuseLarge(after);
  return compareTries(before, after).differences.filter(
    (difference) =>
      !speaking.excuses(difference) && !consequences.explain(difference.dimension, difference.index),
  );
}

/** What declarations speak of, operation by operation. */
class Speaking {
  readonly #traits: readonly (Traits | undefined)[];
  readonly #boot: Traits;
  readonly #declarations: readonly Declaration[];

  constructor(tried: Tried, declarations: readonly Declaration[]) {
    this.#traits = traitsWithBlocks(tried);
    this.#boot = bootTraits(tried.workload);
    this.#declarations = declarations;
  }

  /** Whether some declaration speaks of a dimension of an operation; -1 for what happens at boot. */
  of(dimension: string, index: number): boolean {
    const traits = index < 0 ? this.#boot : this.#traits[index];
    return traits !== undefined && this.#speaks(dimension, traits);
  }

  excuses({ dimension, blamed, index }: Difference): boolean {
    // What an operation is like is known better here than to those who blame it.
    const isHere = !OF_INSTRUCTIONS.has(dimension) || dimension === 'cost';
    return isHere
      ? this.of(dimension, index)
      : blamed.every((traits) => this.#speaks(dimension, this.#known(traits)));
  }

  #known(traits: Traits): Traits {
    const operation = (traits['operation'] ?? []).flatMap((kind) => [kind, ...kindsLike(kind)]);
    return { ...traits, operation, blocks: (traits['blocks'] ?? []).length > 0 ? ['mapped', 'new'] : [] };
  }

  #speaks(dimension: string, traits: Traits): boolean {
    const isOfInstructions = OF_INSTRUCTIONS.has(dimension);
    // An attribute that is not there any more takes along what writing to it did.
    const isAttribute = traits['operation']?.includes('sysfs write') === true;
    return this.#declarations.some(
      ({ shows, when }) =>
        shows.some(
          (shown) =>
            shown.dimension === dimension ||
            (isOfInstructions && OF_INSTRUCTIONS.has(shown.dimension)) ||
            (isOfInstructions && isAttribute && shown.dimension === 'sysfs'),
        ) && matches(when, traits),
    );
  }
}

/** Traits of every step; where a file has been changed, or grows, its blocks may be there or not. */
function traitsWithBlocks({ workload, run }: Tried): (Traits | undefined)[] {
  const changed = new Set<string>();
  const outcomes = new Map(run.outcomes.map((outcome) => [outcome.index, outcome]));
  return traitsOf(workload).map((traits, index) => {
    const operation = workload.steps[index]?.operation;
    if (traits === undefined || operation === undefined) return traits;
    const akin = { ...traits, operation: [...new Set([operation.kind, ...kindsLike(operation.kind)])] };
    // What a table is made of, it is about; the list of poison is one for all devices of a bus.
    if (descriptorOf(operation).makes !== undefined || ON_THE_BUS.has(operation.kind))
      return { ...akin, device: bootTraits(workload)['device'] };
    if (!('file' in operation)) return akin;
    const name = fileText(operation.file);
    if (CHANGING.has(operation.kind) || ends(outcomes.get(index), operation)) changed.add(name);
    return changed.has(name) ? { ...akin, blocks: ['mapped', 'new'] } : akin;
  });
}

/** Kinds that contracts mean when they speak of another. */
function kindsLike(kind: string): string[] {
  if (kind.startsWith('sysfs ')) return ['sysfs read', 'sysfs write', 'sysfs list'];
  return BINDING.has(kind) ? ['attach'] : [];
}

/** Operations that bind a driver on their way. */
const BINDING: ReadonlySet<string> = new Set(['personality', 'create namespace', 'check namespace']);

/** Operations that read or change what a bus knows of poison. */
const ON_THE_BUS: ReadonlySet<string> = new Set(['poison', 'clear error']);

/** Whether the file of an operation ends where the operation does: then it may have grown. */
function ends(outcome: Outcome | undefined, operation: Step): boolean {
  const end = endOf(operation);
  if (outcome === undefined || end === undefined || !('file' in operation)) return false;
  const { disk, path } = operation.file;
  const file = outcome.surroundings.files.find((one) => one.disk === disk && one.path === path);
  return file !== undefined && file.sizeBytes <= end;
}

/** Where the bytes of an operation end. */
function endOf(operation: Step): number | undefined {
  const pieces = descriptorOf(operation).pieces?.(operation);
  return pieces === undefined ? undefined : pieces.offset + sumOf(pieces.lengths);
}

/** Operations that take blocks away or leave a file shorter than others take it for. */
const CHANGING: ReadonlySet<string> = new Set(['create', 'truncate', 'punch', 'zero']);

/** Whether some operation differs in a way that no declaration speaks of. */
function mayBeUndeclared(
  before: Tried,
  after: Tried,
  speaking: Speaking,
  consequences: Consequences,
): boolean {
  if (before.run.log.length !== after.run.log.length && !speaking.of('log', -1)) return true;
  return before.run.outcomes.some((left, position) => {
    const right = after.run.outcomes[position];
    return (
      right === undefined ||
      differsUnspokenly(
        before,
        left,
        after,
        right,
        (dimension) => speaking.of(dimension, left.index) || consequences.explain(dimension, left.index),
      )
    );
  });
}

function differsUnspokenly(
  before: Tried,
  left: Outcome,
  after: Tried,
  right: Outcome,
  isExcused: (dimension: string) => boolean,
): boolean {
  if (left.log.join('\n') !== right.log.join('\n') && !isExcused('log')) return true;
  if (!sameResults(left.result, right.result)) {
    const isSysfs = after.workload.steps[left.index]?.operation.kind.startsWith('sysfs') === true;
    if (!isExcused(isSysfs ? 'sysfs' : 'result')) return true;
  }
  const [one, other] = [before.run.lives[left.life], after.run.lives[right.life]];
  if (one === undefined || other === undefined) return true;
  const [record, otherRecord] = [one.subsystem.machine.record, other.subsystem.machine.record];
  return !sameEntries(record, left.entries, otherRecord, right.entries) && !isExcused('cost');
}

/** Most stored pieces of a life that are compared. */
const PIECES_MAX = 1 << 14;

/** Throws `RangeError` for runs that would take too long to compare. */
function refuseLarge({ run }: Tried): void {
  const count = Math.max(...run.lives.map(({ history }) => history.order.pieces.count));
  if (count > PIECES_MAX)
    throw new TooManyImagesError(`${count} stored pieces, compared are at most ${PIECES_MAX}`);
}
