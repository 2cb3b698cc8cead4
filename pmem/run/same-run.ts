/** Whether two runs of one workload did the same: then they are owed, and give, the same in every dimension. */
import { sameMedia, sameRecords } from '#machine/order/same-record.ts';
import type { DiskPlace, Surroundings } from '#kernel/subsystem/surroundings.ts';
import type { OperationResult } from '#kernel/subsystem/operation.ts';
import type { Life } from './life.ts';
import type { Outcome, Run } from './run.ts';

/** Whether nothing that can be seen of two runs of one workload differs. Loads do not count. */
export function sameRuns(left: Run, right: Run): boolean {
  return (
    left.outcomes.length === right.outcomes.length &&
    left.lives.length === right.lives.length &&
    left.lives.every((life, index) => sameLives(life, right.lives[index])) &&
    left.outcomes.every((outcome, index) => sameOutcomes(outcome, right.outcomes[index])) &&
    left.log.join('\n') === right.log.join('\n')
  );
}

/** Whether the machine did the same in two lives that booted alike: then a power failure leaves the same of both. */
export function sameLives(left: Life, right: Life | undefined): boolean {
  if (right === undefined) return false;
  const [one, other] = [left.subsystem.machine, right.subsystem.machine];
  return (
    sameRecords(one.record, other.record) && sameMedia(one.memory.initialMedia, other.memory.initialMedia)
  );
}

function sameOutcomes(left: Outcome, right: Outcome | undefined): boolean {
  return (
    right !== undefined &&
    left.index === right.index &&
    left.entries.to === right.entries.to &&
    sameResults(left.result, right.result) &&
    sameSurroundings(left.surroundings, right.surroundings)
  );
}

/** Whether two operations returned the same, data and text included. */
export function sameResults(left: OperationResult, right: OperationResult): boolean {
  return (
    left.returned === right.returned &&
    left.oops === right.oops &&
    left.text === right.text &&
    Buffer.compare(left.data ?? NO_BYTES, right.data ?? NO_BYTES) === 0
  );
}

const NO_BYTES = new Uint8Array();

/** Where things lie. Which driver is bound is an object of each run, and no part of it. */
function sameSurroundings(left: Surroundings, right: Surroundings): boolean {
  const { places, files, poisonedCells } = left;
  return (
    places.length === right.places.length &&
    places.every((place, index) => samePlace(place, right.places[index])) &&
    (files.length + right.files.length === 0 || JSON.stringify(files) === JSON.stringify(right.files)) &&
    poisonedCells.length === right.poisonedCells.length &&
    poisonedCells.every((cell, index) => cell === right.poisonedCells[index])
  );
}

function samePlace(left: DiskPlace, right: DiskPlace | undefined): boolean {
  return (
    right !== undefined &&
    left.disk === right.disk &&
    left.kind === right.kind &&
    left.start === right.start &&
    left.sizeBytes === right.sizeBytes &&
    left.sectorBytes === right.sectorBytes &&
    left.namespace === right.namespace &&
    left.namespaceStart === right.namespaceStart &&
    left.namespaceBytes === right.namespaceBytes &&
    left.region === right.region
  );
}
