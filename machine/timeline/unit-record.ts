/**
 * A run cut into single instructions, with an acknowledgement behind each: then the images after instruction k are those that
 * the analysis gives for acknowledgement k, and one reading of the record answers for every instant. An acknowledgement orders
 * nothing (it only marks a moment), so the images are those of the run.
 */
import type { RunSource } from '../order/persists-before.ts';
import { EntryKind, InstructionRecord } from '../hardware/record.ts';
import { LINE_SIZE_BYTES } from '../hardware/units.ts';
import { storedLines } from './lines.ts';

/** One instruction of a run, or several that are not told apart. */
export interface Unit {
  /** The entry of the run's record that it belongs to. */
  readonly entry: number;
  /** One of `EntryKind`. */
  readonly kind: number;
  readonly address: number;
  /** Bytes of one instruction. */
  readonly sizeBytes: number;
  /** 1, or how many instructions at consecutive addresses this stands for. For an acknowledgement the operation. */
  readonly count: number;
}

export interface UnitRun {
  /** The run with an acknowledgement before everything and behind each unit. */
  readonly source: RunSource;
  readonly units: readonly Unit[];
  /** The unit of each entry of `source.record`; -1 for an acknowledgement that was added. */
  readonly unitOfEntry: Int32Array;
  /** Runs of equal instructions are one unit each, because there are too many to tell them apart. */
  readonly isMerged: boolean;
}

/**
 * Cuts the first `entryCount` entries of a run into at most `unitsMax` instructions where that can be done, else into the entries
 * of its record.
 */
export function unitRun(
  source: RunSource,
  unitsMax: number,
  entryCount: number = source.record.length,
): UnitRun {
  const touched = storedLines(source.record);
  const part = { record: source.record, touched, entryCount };
  const single = [...unitsOf(part, false, unitsMax)];
  const isMerged = single.length > unitsMax;
  return record(source, isMerged ? [...unitsOf(part, true, Infinity)] : single, isMerged);
}

function record(source: RunSource, units: readonly Unit[], isMerged: boolean): UnitRun {
  const made = new InstructionRecord();
  const [threads, unitOfEntry] = [[0], [-1]];
  const note = (unit: number, entry: number): void => {
    threads.push(source.threads?.[entry] ?? 0);
    unitOfEntry.push(unit);
  };
  made.acknowledge(0);
  const done = new Map<number, number>();
  for (const [index, unit] of units.entries()) {
    const { entry, kind, address, sizeBytes, count } = unit;
    const data = source.record.dataOf(entry);
    if (kind !== EntryKind.acknowledgement) {
      const from = done.get(entry) ?? 0;
      const own = data.subarray(from, from + sizeBytes * count);
      done.set(entry, from + own.length);
      if (data.length > 0) made.appendStore(kind as never, address, sizeBytes, count, own);
      else made.append(kind as never, address, sizeBytes, count);
      note(index, entry);
    }
    made.acknowledge(index + 1);
    note(-1, entry);
  }
  return {
    source: {
      ...source,
      record: made,
      ...(source.threads !== undefined && { threads: Uint8Array.from(threads) }),
    },
    units,
    unitOfEntry: Int32Array.from(unitOfEntry),
    isMerged,
  };
}

const isWriteBack = (kind: number): boolean =>
  kind === EntryKind.clwb || kind === EntryKind.clflushopt || kind === EntryKind.clflush;

/** The beginning of a record, and the lines that anything is stored to. */
interface Part {
  readonly record: InstructionRecord;
  readonly touched: ReadonlySet<number>;
  readonly entryCount: number;
}

/** The units of a record; ends one after `unitsMax`. */
function* unitsOf(
  { record, touched, entryCount }: Part,
  isMerged: boolean,
  unitsMax: number,
): Generator<Unit> {
  let made = 0;
  for (let entry = 0; entry < entryCount; entry++) {
    const kind = record.kinds[entry] ?? 0;
    const unit: Unit = {
      entry,
      kind,
      address: record.addresses[entry] ?? 0,
      sizeBytes: record.unitSizes[entry] ?? 0,
      count: record.counts[entry] ?? 0,
    };
    const isWhole = unit.count === 1 || isMerged || kind === EntryKind.acknowledgement;
    const parts = isWhole ? [unit] : isWriteBack(kind) ? linesOf(unit, touched) : singlesOf(unit);
    for (const part of parts) {
      yield part;
      if (++made > unitsMax) return;
    }
  }
}

function* singlesOf(unit: Unit): Generator<Unit> {
  for (let index = 0; index < unit.count; index++)
    yield { ...unit, address: unit.address + index * unit.sizeBytes, count: 1 };
}

/** Lines that anything is stored to are units of their own; neighbours among the others are one. */
function* linesOf(unit: Unit, touched: ReadonlySet<number>): Generator<Unit> {
  let from = 0;
  for (let index = 0; index <= unit.count; index++) {
    const isEnd = index === unit.count;
    if (!isEnd && !touched.has(unit.address + index * LINE_SIZE_BYTES)) continue;
    const address = unit.address + from * LINE_SIZE_BYTES;
    if (index > from) yield { ...unit, address, count: index - from };
    if (!isEnd) yield { ...unit, address: unit.address + index * LINE_SIZE_BYTES, count: 1 };
    from = index + 1;
  }
}
