/**
 * The promise, written once and independent of both trees: what POSIX, the block layer and the platform owe
 * (design.md 8). After fsync, msync, a synchronous write, a flush, PREFLUSH, FUA or a raw write has returned success,
 * what was acknowledged before survives a power failure. Nothing is owed by volatile memory, by a platform that nobody
 * vouches for, by a kernel that says it cannot, or after an administrator declared the cache away.
 */
import type { ByteSpan } from '#machine/images/image-set.ts';
import type { InstructionRecord } from '#machine/hardware/record.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import { placeOf } from '../compare/losses.ts';
import { traitsOf } from '../language/operation-traits.ts';
import { carriesPromise, covers, promisesWholeImage } from './promise-points.ts';
import type { Outcome, Run } from '../run/run.ts';
import type { Workload } from '../language/workload.ts';

/** A promise that a run breaks: bytes that an operation stored and that may be lost although they were promised. */
export interface BrokenPromise {
  /** Place in the workload of the operation that promised. */
  readonly index: number;
  readonly operation: string;
  /** The operation whose bytes may be lost. */
  readonly writer: string;
  readonly disk: string;
  /** First and last byte of that operation's that may be lost. */
  readonly first: number;
  readonly last: number;
}

/** Whether each step of a workload, should it succeed, promises the whole image. */
export function promisesOf(workload: Workload): boolean[] {
  return vouchedFor(workload, promisesWholeImage);
}

/** Whether each step of a workload is one that `promises`, on a platform and a kernel that can keep it. */
function vouchedFor(workload: Workload, promises: (operation: Operation) => boolean): boolean[] {
  const traits = traitsOf(workload);
  return workload.steps.map(({ operation }, index) => {
    const own = traits[index];
    if (operation.kind === 'crash' || own === undefined || !promises(operation)) return false;
    const switched = traits
      .slice(0, index + 1)
      .some((earlier) => earlier?.writeCache.includes('write through') === true);
    return isVouchedFor(workload.boot, own.device) && (!switched || workload.boot.domain === 'eadr');
  });
}

/** Whether platform and kernel can keep a promise at all. */
function isVouchedFor(boot: BootConfiguration, kinds: readonly string[]): boolean {
  if (!kinds.includes('pmem') || boot.disabledSymbols.some((symbol) => symbol !== 'BLK_DEV_RAM_DAX'))
    return false;
  // Legacy ranges have no dimm, so nobody vouches for them; without ADR only the boot word's own hints are known.
  if ((boot.legacyRanges ?? []).length > 0) return false;
  if ((boot.firmware ?? []).length > 0 && boot.domain === 'none') return false;
  return boot.devices.every(
    (device) =>
      device.kind !== 'pmem' ||
      (device.hintsByDimm.length > 0 &&
        (boot.domain !== 'none' || device.hintsByDimm.every((hints) => hints > 0))),
  );
}

/** The promises that `run` of `workload` breaks. */
export function brokenPromises(workload: Workload, run: Run): BrokenPromise[] {
  const promises = vouchedFor(workload, carriesPromise);
  return run.outcomes.flatMap((outcome) => {
    const operation = workload.steps[outcome.index]?.operation;
    const failed = outcome.result.returned < 0 || outcome.result.oops !== undefined;
    if (promises[outcome.index] !== true || failed || operation === undefined || operation.kind === 'crash')
      return [];
    return brokenAt(workload, run, outcome, operation);
  });
}

function brokenAt(workload: Workload, run: Run, outcome: Outcome, promise: Operation): BrokenPromise[] {
  const life = run.lives[outcome.life];
  if (life === undefined) return [];
  const broken = new Map<number, BrokenPromise>();
  const { record } = life.subsystem.machine;
  for (const span of life.history.acked(outcome.acknowledgement).uncertainRanges()) {
    for (const { entry, start, end } of lastStores(record, outcome.entries.to, span)) {
      const done = operationOf(run, outcome, entry);
      const writer = workload.steps[done?.index ?? -1]?.operation;
      if (done === undefined || writer === undefined || writer.kind === 'crash' || done.result.returned < 0)
        continue;
      if (!covers(promise, writer, done.index === outcome.index)) continue;
      const { disk, offset } = placeOf(start, life.subsystem.memory);
      const known = broken.get(done.index);
      broken.set(done.index, {
        index: outcome.index,
        operation: outcome.text,
        writer: done.text,
        disk,
        first: known?.first ?? offset,
        last: offset + end - start - 1,
      });
    }
  }
  return [...broken.values()];
}

/**
 * Whether the word at a byte address holds bytes that the success of `outcome` covers: those that an operation stored last
 * whose durability it promises.
 */
export function promisedWords(workload: Workload, run: Run, outcome: Outcome): (address: number) => boolean {
  const promise = workload.steps[outcome.index]?.operation;
  const life = run.lives[outcome.life];
  const isPromised = vouchedFor(workload, carriesPromise)[outcome.index] === true;
  const failed = outcome.result.returned < 0 || outcome.result.oops !== undefined;
  if (!isPromised || failed || promise === undefined || promise.kind === 'crash' || life === undefined)
    return () => false;
  const { record } = life.subsystem.machine;
  return (address) =>
    lastStores(record, outcome.entries.to, { start: address, end: address + WORD_SIZE_BYTES }).some(
      ({ entry }) => {
        const done = operationOf(run, outcome, entry);
        const writer = workload.steps[done?.index ?? -1]?.operation;
        if (done === undefined || writer === undefined || writer.kind === 'crash') return false;
        return done.result.returned >= 0 && covers(promise, writer, done.index === outcome.index);
      },
    );
}

/** The operation of the life of `upTo` that made the entry. */
function operationOf(run: Run, upTo: Outcome, entry: number): Outcome | undefined {
  return run.outcomes.find(
    ({ life, entries }) => life === upTo.life && entry >= entries.from && entry < entries.to,
  );
}

/** A part of a range of bytes and the entry that stored all of it last. */
interface LastStore extends ByteSpan {
  readonly entry: number;
}

/** Which entries before `endEntry` stored the bytes of `span` last, ascending; bytes that none stored are left out. */
function lastStores(record: InstructionRecord, endEntry: number, span: ByteSpan): LastStore[] {
  const found: LastStore[] = [];
  let missing: ByteSpan[] = [span];
  for (let entry = endEntry - 1; entry >= 0 && missing.length > 0; entry--) {
    if (record.dataOf(entry).length === 0) continue;
    const start = record.addresses[entry] ?? 0;
    const end = start + record.dataOf(entry).length;
    missing = missing.flatMap((part) => {
      const [from, to] = [Math.max(part.start, start), Math.min(part.end, end)];
      if (from >= to) return [part];
      found.push({ entry, start: from, end: to });
      const rest = [
        { start: part.start, end: from },
        { start: to, end: part.end },
      ];
      return rest.filter((left) => left.start < left.end);
    });
  }
  return found.sort((left, right) => left.start - right.start);
}
