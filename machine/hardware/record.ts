/**
 * The record of one run: every instruction that can matter to persistence, in program order, kept as ranges so
 * that a 4 KiB non-temporal copy costs one entry and one copy of its bytes. What a power failure may leave is
 * worked out from it afterwards (`crash-images.ts`); a run never looks at its own record.
 *
 * Entry i is `kinds[i]`, `addresses[i]`, `unitSizes[i]` (bytes of one instruction), `counts[i]` (how many
 * instructions, at consecutive addresses) and, for stores, `dataPositions[i]` (where its bytes start in `data`).
 */

import { InputError } from '#base/input-error.ts';

/** What an entry of the record is. The letters in the comments are those of the real-kernel traces. */
export const EntryKind = {
  /** `c` ordinary cached store of 1, 2, 4 or 8 bytes. */
  storeCached: 1,
  /** `c` one string instruction (REP MOVS or REP STOS): one instruction, `unitSize` bytes long, ascending. */
  storeString: 2,
  /** `n` movnti of 4 or 8 bytes. */
  storeNonTemporal: 3,
  /** `W` clwb; `O` clflushopt; `X` clflush, each of one 64-byte line. */
  clwb: 4,
  clflushopt: 5,
  clflush: 6,
  /** `S` sfence, `M` mfence. */
  sfence: 7,
  mfence: 8,
  /** `L` a locked read-modify-write that stored; `F` one that did not (a failed compare-exchange). */
  lockedStore: 9,
  lockedNoStore: 10,
  /** `H` store to a flush hint address: drains the write-pending queue of the modules behind it. */
  flushHint: 11,
  /** Operation `counts[i]` returned: everything before it has been acknowledged. */
  acknowledgement: 12,
} as const;

/** One of the values of `EntryKind`. */
export type EntryKindValue = (typeof EntryKind)[keyof typeof EntryKind];

/** How many instructions of each sort ran. A string store counts as one cached store. */
export interface InstructionCounts {
  readonly loads: number;
  readonly storesCached: number;
  readonly storesNonTemporal: number;
  readonly clwb: number;
  readonly clflushopt: number;
  readonly clflush: number;
  readonly sfence: number;
  readonly mfence: number;
  readonly lockedReadModifyWrites: number;
  readonly flushHints: number;
}

const STORES: ReadonlySet<number | undefined> = new Set<number>([
  EntryKind.storeCached,
  EntryKind.storeString,
  EntryKind.storeNonTemporal,
  EntryKind.lockedStore,
]);

const NO_BYTES = new Uint8Array(0);
const FIRST_CAPACITY = 256;
const FIRST_DATA_BYTES = 1 << 12;
/** Positions in `data` are numbers of 32 bits. */
const DATA_BYTES_MAX = 2 ** 32;
/** Up to this many bytes are copied one by one, which takes less than asking for a copy. */
const COPIED_SINGLY_MAX = 32;
/** Unused room of a large column is memory that was never touched, which the system does not give out. */
const LARGE_COLUMN_BYTES = 1 << 20;

/** Bytes that one entry takes in the five arrays. */
const ENTRY_BYTES = 8 + 4 + 4 + 4 + 1;

export class InstructionRecord {
  length = 0;
  dataLength = 0;
  kinds: Uint8Array;
  unitSizes: Uint32Array;
  counts: Uint32Array;
  addresses: Float64Array;
  dataPositions: Uint32Array;
  data: Uint8Array;
  /** Loads are only counted. */
  loads = 0;
  /** Hears of each entry when it has been appended, while the code that issued it is still running; for those who ask who it was. */
  onAppend: ((record: InstructionRecord) => void) | undefined;

  constructor() {
    // Most records stay small: one piece of memory is made for all, widest fields first, so that each is aligned.
    const room = new ArrayBuffer(FIRST_CAPACITY * ENTRY_BYTES + FIRST_DATA_BYTES);
    this.addresses = new Float64Array(room, 0, FIRST_CAPACITY);
    this.dataPositions = new Uint32Array(room, FIRST_CAPACITY * 8, FIRST_CAPACITY);
    this.unitSizes = new Uint32Array(room, FIRST_CAPACITY * 12, FIRST_CAPACITY);
    this.counts = new Uint32Array(room, FIRST_CAPACITY * 16, FIRST_CAPACITY);
    this.kinds = new Uint8Array(room, FIRST_CAPACITY * 20, FIRST_CAPACITY);
    this.data = new Uint8Array(room, FIRST_CAPACITY * ENTRY_BYTES, FIRST_DATA_BYTES);
  }

  /** Appends an entry without data. */
  append(kind: EntryKindValue, address: number, unitSize: number, count: number): void {
    if (this.length === this.kinds.length) this.#grow();
    const index = this.length++;
    this.kinds[index] = kind;
    this.unitSizes[index] = unitSize;
    this.counts[index] = count;
    this.addresses[index] = address;
    if (this.onAppend !== undefined) this.onAppend(this);
  }

  /** Appends a store entry and copies its bytes (`unitSize * count` of them), the first of `bytes`. */
  appendStore(
    kind: EntryKindValue,
    address: number,
    unitSize: number,
    count: number,
    bytes: Uint8Array,
    sizeBytes = bytes.length,
  ): void {
    const start = this.dataLength;
    if (start + sizeBytes > this.data.length) this.#growData(start + sizeBytes);
    this.append(kind, address, unitSize, count);
    this.dataPositions[this.length - 1] = start;
    const { data } = this;
    if (sizeBytes > COPIED_SINGLY_MAX) data.set(bytes.subarray(0, sizeBytes), start);
    else for (let index = 0; index < sizeBytes; index++) data[start + index] = bytes[index] ?? 0;
    this.dataLength += sizeBytes;
  }

  /** The bytes that entry `entry` stored; none when it stored nothing. */
  dataOf(entry: number): Uint8Array {
    if (!STORES.has(this.kinds[entry])) return NO_BYTES;
    const start = this.dataPositions[entry] ?? 0;
    return this.data.subarray(start, start + (this.unitSizes[entry] ?? 0) * (this.counts[entry] ?? 0));
  }

  /** Notes that operation `operationIndex` (0-based) has returned to its caller. */
  acknowledge(operationIndex: number): void {
    this.append(EntryKind.acknowledgement, 0, 0, operationIndex);
  }

  /** Forgets everything but keeps the memory, for benchmarks that run the same thing many times. */
  clear(): void {
    this.length = 0;
    this.dataLength = 0;
    this.loads = 0;
  }

  /** Makes room for so many entries and bytes of data in all, where somebody knows how many will come. */
  reserve(entries: number, dataBytes: number): void {
    if (entries > this.kinds.length) this.#growTo(entries);
    if (dataBytes > this.data.length) this.#growDataTo(Math.min(dataBytes, DATA_BYTES_MAX));
  }

  /** Gives back the room that nothing was put into, for records that are kept. */
  trim(): void {
    this.kinds = trimmed(this.kinds, this.length);
    this.unitSizes = trimmed(this.unitSizes, this.length);
    this.counts = trimmed(this.counts, this.length);
    this.addresses = trimmed(this.addresses, this.length);
    this.dataPositions = trimmed(this.dataPositions, this.length);
    this.data = trimmed(this.data, this.dataLength);
  }

  #grow(): void {
    // A trimmed record may have no room at all.
    this.#growTo(Math.max(this.kinds.length * 2, FIRST_CAPACITY));
  }

  #growTo(capacity: number): void {
    this.kinds = grown(this.kinds, new Uint8Array(capacity));
    this.unitSizes = grown(this.unitSizes, new Uint32Array(capacity));
    this.counts = grown(this.counts, new Uint32Array(capacity));
    this.addresses = grown(this.addresses, new Float64Array(capacity));
    this.dataPositions = grown(this.dataPositions, new Uint32Array(capacity));
  }

  #growData(neededBytes: number): void {
    if (neededBytes > DATA_BYTES_MAX) throw new InputError('a record holds at most 4 GiB of stored bytes');
    let capacity = Math.max(this.data.length * 2, FIRST_DATA_BYTES);
    while (capacity < neededBytes) capacity *= 2;
    this.#growDataTo(Math.min(capacity, DATA_BYTES_MAX));
  }

  #growDataTo(capacity: number): void {
    this.data = grown(this.data, new Uint8Array(capacity));
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The first `length` values of a column, and no more memory than they take. */
export function trimmed<T extends Uint8Array | Uint32Array | Float64Array>(column: T, length: number): T {
  const isLarge = length * column.BYTES_PER_ELEMENT >= LARGE_COLUMN_BYTES;
  return (isLarge ? column.subarray(0, length) : column.slice(0, length)) as T;
}

/** Instruction counts of the entries `[from, to)`; `loads` is the whole run's when the slice is the whole run, else 0. */
export function countInstructions(
  record: InstructionRecord,
  from = 0,
  to = record.length,
): InstructionCounts {
  const totals = new Float64Array(16);
  for (let index = from; index < to; index++) {
    const kind = record.kinds[index] ?? 0;
    totals[kind] = (totals[kind] ?? 0) + (record.counts[index] ?? 0);
  }
  const total = (kind: EntryKindValue): number => totals[kind] ?? 0;
  return {
    loads: from === 0 && to === record.length ? record.loads : 0,
    storesCached: total(EntryKind.storeCached) + total(EntryKind.storeString),
    storesNonTemporal: total(EntryKind.storeNonTemporal),
    clwb: total(EntryKind.clwb),
    clflushopt: total(EntryKind.clflushopt),
    clflush: total(EntryKind.clflush),
    sfence: total(EntryKind.sfence),
    mfence: total(EntryKind.mfence),
    lockedReadModifyWrites: total(EntryKind.lockedStore) + total(EntryKind.lockedNoStore),
    flushHints: total(EntryKind.flushHint),
  };
}
