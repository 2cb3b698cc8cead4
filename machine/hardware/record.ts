/**
 * The record of one run: every instruction that can matter to persistence, in program order, kept as ranges so
 * that a 4 KiB non-temporal copy costs one entry and one copy of its bytes. What a power failure may leave is
 * worked out from it afterwards (`crash-images.ts`); a run never looks at its own record.
 *
 * Entry i is `kinds[i]`, `addresses[i]`, `unitSizes[i]` (bytes of one instruction), `counts[i]` (how many
 * instructions, at consecutive addresses) and, for stores, `dataPositions[i]` (where its bytes start in `data`).
 */

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

/** Bytes that one entry takes in the five arrays. */
const ENTRY_BYTES = 8 + 8 + 4 + 4 + 1;

export class InstructionRecord {
  length = 0;
  dataLength = 0;
  kinds: Uint8Array;
  unitSizes: Uint32Array;
  counts: Uint32Array;
  addresses: Float64Array;
  dataPositions: Float64Array;
  data: Uint8Array;
  /** Loads are only counted. */
  loads = 0;
  /** Hears of each entry when it has been appended, while the code that issued it is still running; for those who ask who it was. */
  onAppend: ((record: InstructionRecord) => void) | undefined;

  constructor() {
    // Most records stay small: one piece of memory is made for all, widest fields first, so that each is aligned.
    const room = new ArrayBuffer(FIRST_CAPACITY * ENTRY_BYTES + FIRST_DATA_BYTES);
    this.addresses = new Float64Array(room, 0, FIRST_CAPACITY);
    this.dataPositions = new Float64Array(room, FIRST_CAPACITY * 8, FIRST_CAPACITY);
    this.unitSizes = new Uint32Array(room, FIRST_CAPACITY * 16, FIRST_CAPACITY);
    this.counts = new Uint32Array(room, FIRST_CAPACITY * 20, FIRST_CAPACITY);
    this.kinds = new Uint8Array(room, FIRST_CAPACITY * 24, FIRST_CAPACITY);
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

  /** Appends a store entry and copies its bytes (`unitSize * count` of them). */
  appendStore(
    kind: EntryKindValue,
    address: number,
    unitSize: number,
    count: number,
    bytes: Uint8Array,
  ): void {
    if (this.dataLength + bytes.length > this.data.length) this.#growData(bytes.length);
    this.append(kind, address, unitSize, count);
    this.dataPositions[this.length - 1] = this.dataLength;
    this.data.set(bytes, this.dataLength);
    this.dataLength += bytes.length;
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

  /** Gives back the room that nothing was put into, for records that are kept. */
  trim(): void {
    this.kinds = this.kinds.slice(0, this.length);
    this.unitSizes = this.unitSizes.slice(0, this.length);
    this.counts = this.counts.slice(0, this.length);
    this.addresses = this.addresses.slice(0, this.length);
    this.dataPositions = this.dataPositions.slice(0, this.length);
    this.data = this.data.slice(0, this.dataLength);
  }

  #grow(): void {
    // A trimmed record may have no room at all.
    const capacity = Math.max(this.kinds.length * 2, FIRST_CAPACITY);
    this.kinds = grown(this.kinds, new Uint8Array(capacity));
    this.unitSizes = grown(this.unitSizes, new Uint32Array(capacity));
    this.counts = grown(this.counts, new Uint32Array(capacity));
    this.addresses = grown(this.addresses, new Float64Array(capacity));
    this.dataPositions = grown(this.dataPositions, new Float64Array(capacity));
  }

  #growData(neededBytes: number): void {
    let capacity = Math.max(this.data.length * 2, FIRST_DATA_BYTES);
    while (capacity < this.dataLength + neededBytes) capacity *= 2;
    this.data = grown(this.data, new Uint8Array(capacity));
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
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
