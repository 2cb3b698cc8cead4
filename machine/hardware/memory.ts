/**
 * Sparse physical memory: what every load sees. Pages come into being when they are first written, so a 6 TiB
 * range costs what is touched. What a power failure leaves is not kept here; it follows from the record of the
 * instructions (`record.ts`) and the media image the machine started from.
 */
import { PAGE_SIZE_BYTES } from './units.ts';

/** A stretch of physical memory of one kind. */
export interface MemoryRange {
  /** Name for messages, e.g. `pmem0`. */
  readonly name: string;
  /** First byte address; a multiple of the page size. */
  readonly start: number;
  readonly sizeBytes: number;
  /** Volatile ranges are promised nothing after a power failure. */
  readonly kind: 'volatile' | 'persistent';
  /** The memory modules that hold the range: a flush hint drains the write-pending queue of one of them. */
  readonly modules: readonly string[];
}

/** Contents of persistent memory at rest: page index (address / 4096) to its bytes; absent pages are zero. */
export type MediaImage = ReadonlyMap<number, Uint8Array>;

/** A load or store that no range answers, or a load of poisoned media. */
export class MemoryFault extends Error {
  /** Where the access begins; of poisoned media the start of the first poisoned cell. */
  readonly address: number;
  readonly reason: 'no memory' | 'poison';

  constructor(address: number, reason: 'no memory' | 'poison') {
    super(`${reason === 'poison' ? 'poisoned media' : 'no memory'} at address 0x${address.toString(16)}`);
    this.address = address;
    this.reason = reason;
  }
}

/** Bytes of one poison cell: the smallest unit a platform's clear-error command works in (nvdimm_test: 256). */
export const POISON_CELL_BYTES = 64;

export class PhysicalMemory {
  readonly ranges: readonly MemoryRange[];
  /** What persistent ranges held before the first instruction. Never written. */
  readonly initialMedia: MediaImage;
  readonly #pages = new Map<number, Uint8Array>();
  readonly #poisonedCells = new Set<number>();
  /** What a processor read of poison stays in its cache, whatever becomes of the media, until the line is dropped. */
  keepsStaleLines = false;
  /** Cells that are good again and bad in the cache. */
  readonly #staleCells = new Set<number>();
  #poisonedAddresses: readonly number[] | undefined;
  #lastRange: MemoryRange | undefined;

  constructor(ranges: readonly MemoryRange[], initialMedia: MediaImage = new Map()) {
    this.ranges = [...ranges].sort((left, right) => left.start - right.start);
    this.initialMedia = initialMedia;
  }

  /** The range that holds all of `[address, address + sizeBytes)`. Throws `MemoryFault` when none does. */
  rangeOf(address: number, sizeBytes: number): MemoryRange {
    const last = this.#lastRange;
    if (last !== undefined && address >= last.start && address + sizeBytes <= last.start + last.sizeBytes)
      return last;
    const found = this.ranges.find(
      (range) => address >= range.start && address + sizeBytes <= range.start + range.sizeBytes,
    );
    if (found === undefined) throw new MemoryFault(address, 'no memory');
    this.#lastRange = found;
    return found;
  }

  /** Copies `sizeBytes` bytes at `address` into a new array. Does not look at poison: see `firstPoisonedCell`. */
  read(address: number, sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    let done = 0;
    while (done < sizeBytes) {
      const at = address + done;
      const offsetInPage = at % PAGE_SIZE_BYTES;
      const piece = Math.min(PAGE_SIZE_BYTES - offsetInPage, sizeBytes - done);
      const page = this.#pageForRead((at - offsetInPage) / PAGE_SIZE_BYTES);
      if (page !== undefined) bytes.set(page.subarray(offsetInPage, offsetInPage + piece), done);
      done += piece;
    }
    return bytes;
  }

  /** Makes `bytes` visible at `address`. The range must exist (see `rangeOf`). */
  write(address: number, bytes: Uint8Array): void {
    const offsetInPage = address % PAGE_SIZE_BYTES;
    if (offsetInPage + bytes.length <= PAGE_SIZE_BYTES) {
      this.#pageForWrite((address - offsetInPage) / PAGE_SIZE_BYTES).set(bytes, offsetInPage);
      return;
    }
    let done = 0;
    while (done < bytes.length) {
      const offset = (address + done) % PAGE_SIZE_BYTES;
      const piece = Math.min(PAGE_SIZE_BYTES - offset, bytes.length - done);
      this.#pageForWrite((address + done - offset) / PAGE_SIZE_BYTES).set(
        bytes.subarray(done, done + piece),
        offset,
      );
      done += piece;
    }
  }

  /** Marks every cell that `[address, address + sizeBytes)` touches as poisoned media. */
  poison(address: number, sizeBytes: number): void {
    for (const cell of cellsOf(address, sizeBytes)) this.#poisonedCells.add(cell);
    this.#poisonedAddresses = undefined;
  }

  /** Takes the poison off every cell that lies in `[address, address + sizeBytes)`. */
  clearPoison(address: number, sizeBytes: number): void {
    for (const cell of cellsOf(address, sizeBytes))
      if (this.#poisonedCells.delete(cell) && this.keepsStaleLines) this.#staleCells.add(cell);
    this.#poisonedAddresses = undefined;
  }

  /** Drops `[address, address + sizeBytes)` from the cache, so that the next load reads the media. */
  dropStaleLines(address: number, sizeBytes: number): void {
    if (this.#staleCells.size === 0) return;
    for (const cell of cellsOf(address, sizeBytes)) this.#staleCells.delete(cell);
  }

  /** Address of the first cell that a load of `[address, address + sizeBytes)` finds poisoned, on media or in the cache. */
  firstPoisonedCell(address: number, sizeBytes: number): number | undefined {
    if (this.#poisonedCells.size + this.#staleCells.size === 0) return undefined;
    for (const cell of cellsOf(address, sizeBytes)) {
      if (this.#poisonedCells.has(cell) || this.#staleCells.has(cell)) return cell * POISON_CELL_BYTES;
    }
    return undefined;
  }

  /** Addresses of the poisoned cells, ascending: they survive a power failure with the media. Made anew when they change. */
  poisonedCells(): readonly number[] {
    this.#poisonedAddresses ??= [...this.#poisonedCells]
      .sort((left, right) => left - right)
      .map((cell) => cell * POISON_CELL_BYTES);
    return this.#poisonedAddresses;
  }

  /** How many bytes of pages exist: memory is proportional to what was touched. */
  get residentBytes(): number {
    return this.#pages.size * PAGE_SIZE_BYTES;
  }

  #pageForRead(index: number): Uint8Array | undefined {
    return this.#pages.get(index) ?? this.initialMedia.get(index);
  }

  #pageForWrite(index: number): Uint8Array {
    const existing = this.#pages.get(index);
    if (existing !== undefined) return existing;
    const page = new Uint8Array(PAGE_SIZE_BYTES);
    const initial = this.initialMedia.get(index);
    if (initial !== undefined) page.set(initial);
    this.#pages.set(index, page);
    return page;
  }
}

function* cellsOf(address: number, sizeBytes: number): Generator<number> {
  if (sizeBytes <= 0) return;
  const last = Math.floor((address + sizeBytes - 1) / POISON_CELL_BYTES);
  for (let cell = Math.floor(address / POISON_CELL_BYTES); cell <= last; cell++) yield cell;
}
