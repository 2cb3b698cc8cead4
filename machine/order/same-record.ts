/**
 * How far two runs are one and the same: two kernels that issue the same instructions with the same bytes to the same
 * machine leave the same images, so nothing needs to be worked out up to where their records part.
 */
import type { MediaImage } from '../hardware/memory.ts';
import type { PersistsBefore } from './persists-before.ts';
import type { InstructionRecord } from '../hardware/record.ts';

/** How many entries both records begin with; 0 when the runs were not of equal machines with equal media. */
export function commonEntries(left: PersistsBefore, right: PersistsBefore): number {
  if (!sameMachine(left, right)) return 0;
  const { record: one } = left.source;
  const { record: other } = right.source;
  const count = Math.min(one.length, other.length);
  for (let entry = 0; entry < count; entry++) if (!sameEntry(one, entry, other, entry)) return entry;
  return count;
}

/** Entries `[from, to)` of a record. */
export interface EntrySpan {
  readonly from: number;
  readonly to: number;
}

/** Whether two records hold the same entries in two spans. */
export function sameEntries(
  left: InstructionRecord,
  span: EntrySpan,
  right: InstructionRecord,
  other: EntrySpan,
): boolean {
  if (span.to - span.from !== other.to - other.from) return false;
  for (let entry = span.from; entry < span.to; entry++)
    if (!sameEntry(left, entry, right, other.from + entry - span.from)) return false;
  return true;
}

/** Whether two records hold the same from beginning to end; loads do not count. */
export function sameRecords(left: InstructionRecord, right: InstructionRecord): boolean {
  const { length, dataLength } = left;
  if (length !== right.length || dataLength !== right.dataLength) return false;
  // Where data lies follows from kinds, units and counts.
  return (
    sameColumn(left.kinds, right.kinds, length) &&
    sameColumn(left.addresses, right.addresses, length) &&
    sameColumn(left.unitSizes, right.unitSizes, length) &&
    sameColumn(left.counts, right.counts, length) &&
    sameColumn(left.data, right.data, dataLength)
  );
}

type Column = Uint8Array | Uint32Array | Float64Array;

function sameColumn(left: Column, right: Column, length: number): boolean {
  return Buffer.compare(bytesOf(left, length), bytesOf(right, length)) === 0;
}

const bytesOf = ({ buffer, byteOffset, BYTES_PER_ELEMENT }: Column, length: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length * BYTES_PER_ELEMENT);

/** Whether two images hold the same; absent pages are zero. */
export function sameMedia(left: MediaImage, right: MediaImage): boolean {
  return left === right || (holdsSame(left, right) && holdsSame(right, left));
}

function holdsSame(left: MediaImage, right: MediaImage): boolean {
  for (const [index, page] of left) {
    const counterpart = right.get(index);
    if (counterpart === page) continue;
    const isSame =
      counterpart === undefined ? page.every((byte) => byte === 0) : Buffer.compare(page, counterpart) === 0;
    if (!isSame) return false;
  }
  return true;
}

function sameMachine(left: PersistsBefore, right: PersistsBefore): boolean {
  return (
    machineText(left) === machineText(right) && sameMedia(left.source.initialMedia, right.source.initialMedia)
  );
}

function machineText({ setting, source: { ranges, flushHints } }: PersistsBefore): string {
  return JSON.stringify([setting, ranges, flushHints]);
}

function sameEntry(left: InstructionRecord, entry: number, right: InstructionRecord, other: number): boolean {
  return (
    left.kinds[entry] === right.kinds[other] &&
    left.addresses[entry] === right.addresses[other] &&
    left.unitSizes[entry] === right.unitSizes[other] &&
    left.counts[entry] === right.counts[other] &&
    Buffer.compare(left.dataOf(entry), right.dataOf(other)) === 0
  );
}
