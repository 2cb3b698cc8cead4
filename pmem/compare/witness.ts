/**
 * The image that tells two sides apart, word by word, as a report shows it: what the side that allows it may hold,
 * what the other side holds at least, and which operation stored it.
 */
import type { Witness } from '#machine/images/image-witness.ts';
import { EntryKind, type InstructionRecord } from '#machine/hardware/record.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { OperationComparison } from './compare.ts';
import { placeOf } from './losses.ts';
import type { Outcome, Run } from '../run/run.ts';

/** One 8-byte word of a witness. */
export interface WitnessWord {
  readonly disk: string;
  readonly offset: number;
  /** What the word may hold on the side that allows the image, and what it holds at least on the other. */
  readonly bytes: readonly number[];
  readonly otherBytes: readonly number[];
  /** The operation that stored each byte of `bytes`; -1 for what was there before the run. */
  readonly operations: readonly number[];
  /** Texts of the operations that stored `otherBytes` on the other side, or may have. */
  readonly storedBy: readonly string[];
}

export interface WitnessReport {
  /** The side that allows the image. */
  readonly side: 'before' | 'after';
  /** The acknowledgement: the operation that had just returned. */
  readonly operation: string;
  readonly operationIndex: number;
  readonly words: readonly WitnessWord[];
}

/** The witnesses of a differing acknowledgement; none when the sets are equal. */
export function witnessesOf(before: Run, after: Run, comparison: OperationComparison): WitnessReport[] {
  const { onlyBefore, onlyAfter } = comparison.acked;
  return [
    ...(onlyBefore === undefined ? [] : [reportOf('before', before, after, comparison.before, onlyBefore)]),
    ...(onlyAfter === undefined ? [] : [reportOf('after', after, before, comparison.after, onlyAfter)]),
  ];
}

function reportOf(
  side: 'before' | 'after',
  run: Run,
  other: Run,
  outcome: Outcome,
  witness: Witness,
): WitnessReport {
  const life = run.lives[outcome.life];
  const otherLife = other.lives[outcome.life];
  if (life === undefined || otherLife === undefined) throw new Error('a witness without its life');
  const operationAt = (entry: number | undefined): number => operationOfEntry(run, outcome.life, entry);
  const decisive = witness.bytes.filter(({ isDecisive }) => isDecisive);
  const shown = decisive.length > 0 ? decisive : witness.bytes;
  const words: WitnessWord[] = [];
  for (const address of new Set(shown.map((byte) => byte.address - (byte.address % WORD_SIZE_BYTES)))) {
    const bytes = witness.bytes.filter(
      (byte) => byte.address >= address && byte.address < address + WORD_SIZE_BYTES,
    );
    const { disk, offset } = placeOf(address, life.subsystem.memory);
    const writers = new Set(bytes.flatMap((byte) => lastWriter(other, outcome, byte.address)));
    words.push({
      disk,
      offset,
      bytes: bytes.map(({ value }) => value),
      otherBytes: bytes.map(({ otherValue }) => otherValue),
      operations: bytes.map(({ entry }) => operationAt(entry)),
      storedBy: [...writers],
    });
  }
  return { side, operation: outcome.text, operationIndex: outcome.index, words };
}

/** The operation whose entries include `entry` of the record of a life; -1 for no entry. */
function operationOfEntry(run: Run, life: number, entry: number | undefined): number {
  if (entry === undefined) return -1;
  const found = run.outcomes.find(
    (outcome) => outcome.life === life && entry >= outcome.entries.from && entry < outcome.entries.to,
  );
  return found?.index ?? -1;
}

/** Text of the operation that stored the byte at `address` last, up to the end of `upTo`. */
function lastWriter(run: Run, upTo: Outcome, address: number): string[] {
  const record = run.lives[upTo.life]?.subsystem.machine.record;
  const end = run.outcomes.find(({ index }) => index === upTo.index)?.entries.to ?? 0;
  if (record === undefined) return [];
  for (let entry = end - 1; entry >= 0; entry--) {
    if (!covers(record, entry, address)) continue;
    const index = operationOfEntry(run, upTo.life, entry);
    return [run.outcomes.find((outcome) => outcome.index === index)?.text ?? ''];
  }
  return [];
}

const STORES: ReadonlySet<number | undefined> = new Set<number>([
  EntryKind.storeCached,
  EntryKind.storeString,
  EntryKind.storeNonTemporal,
  EntryKind.lockedStore,
]);

function covers(record: InstructionRecord, entry: number, address: number): boolean {
  if (!STORES.has(record.kinds[entry])) return false;
  const start = record.addresses[entry] ?? 0;
  return address >= start && address < start + (record.unitSizes[entry] ?? 0) * (record.counts[entry] ?? 0);
}
