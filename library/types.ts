/** The types of the library. They name nothing else, so that what lies behind them may change. */

/** A range of memory. Start and size are multiples of 4096 bytes. */
export interface MemoryRange {
  readonly name: string;
  readonly start: number;
  readonly sizeBytes: number;
  readonly kind: 'volatile' | 'persistent';
  /** Memory modules that hold it: a flush hint drains the write-pending queue of one of them. */
  readonly modules: readonly string[];
}

/** The machine that a program runs on. */
export interface MachineOptions {
  /** One persistent range `pmem0` of a mebibyte at address 0 when absent. */
  readonly ranges?: readonly MemoryRange[];
  /** clwb and clflushopt are there unless told otherwise; clflush always is. */
  readonly features?: { readonly clwb: boolean; readonly clflushopt: boolean };
  /** Memory before the program: page number (address / 4096) to its 4096 bytes; absent pages are zero. */
  readonly initialMedia?: ReadonlyMap<number, Uint8Array>;
  /** Addresses that drain write-pending queues, and the modules behind each. */
  readonly flushHints?: readonly { readonly address: number; readonly modules: readonly string[] }[];
}

export type WriteBack = 'clwb' | 'clflushopt' | 'clflush';

/** One processor: each method is an instruction, or many of a kind. Methods throw for addresses outside of all ranges. */
export interface Processor {
  load(address: number, sizeBytes: number): Uint8Array;
  /** mov: one ordinary store of 1, 2, 4 or 8 bytes. */
  store(address: number, bytes: Uint8Array): void;
  /** Ordinary stores of `unitSizeBytes` each, ascending. */
  storeRange(address: number, bytes: Uint8Array, unitSizeBytes: number): void;
  /** rep movs or rep stos: one string instruction, ascending. */
  storeString(address: number, bytes: Uint8Array): void;
  /** movnti: one non-temporal store of 4 or 8 bytes. */
  storeNonTemporal(address: number, bytes: Uint8Array): void;
  storeNonTemporalRange(address: number, bytes: Uint8Array, unitSizeBytes: number): void;
  /** Of the line that holds `address`. Throws `RangeError` when the processor lacks it. */
  writeBack(instruction: WriteBack, address: number): void;
  /** The same for `lineCount` lines. */
  writeBackRange(instruction: WriteBack, address: number, lineCount: number): void;
  sfence(): void;
  mfence(): void;
  /** A LOCKed read-modify-write of an aligned word; `modify` returns nothing for a compare-exchange that fails. Returns the old bytes. */
  lockedReadModifyWrite(
    address: number,
    sizeBytes: number,
    modify: (old: Uint8Array) => Uint8Array | undefined,
  ): Uint8Array;
  storeFlushHint(address: number): void;
}

/** A program: instructions, and `acknowledge` where somebody is told that what came before is done. */
export type Program = (cpu: Processor, acknowledge: () => void) => void;

/** What `record` returns: for `order`. It must not change any more. */
export interface Recording {
  /** Instructions that were recorded. */
  readonly record: { readonly length: number };
}

/** What survives a power failure by itself: `adr` what has left the caches, `eadr` the caches too, `none` only what a flush hint drained. */
export type Domain = 'none' | 'adr' | 'eadr';

/** Points on which processors or their manuals leave room (docs/MACHINE.md). */
export interface OrderChoices {
  readonly nonTemporalInDirtyLine?: 'independent' | 'write-back';
  readonly flushCoversNonTemporal?: boolean;
  readonly stringStores?: 'ascending' | 'unordered';
  readonly clflushOrdering?: 'intel' | 'amd';
}

/** What `order` returns: for `images`. */
export interface History {
  /** One for each acknowledgement. */
  readonly acknowledgements: readonly unknown[];
}

/** Which images are asked for. Acknowledgements count from 0. */
export type Moment =
  /** Once that acknowledgement has happened, and before anything after it. */
  | { readonly acknowledged: number }
  /** Between the acknowledgement before it (or the start) and that one (or, one past the last, the end). */
  | { readonly before: number }
  /** At any time of the program. */
  | 'any';

/** From the address of an aligned word to its 8 bytes; words that are left out hold what was there at first. */
export type Image = ReadonlyMap<number, Uint8Array>;

/** A set of images that is not listed. */
export interface Images {
  count(): bigint;
  contains(image: Image): boolean;
  /** With as little persistent as may be. */
  minimalImage(): Image;
  /** With as much as may be. */
  maximalImage(): Image;
}

/** How two sets compare. */
export interface Comparison {
  readonly relation: 'equal' | 'stronger' | 'weaker' | 'incomparable';
  /** An image that only the first allows. */
  readonly onlyBefore?: { readonly words: Image } | undefined;
  /** An image that only the second allows. */
  readonly onlyAfter?: { readonly words: Image } | undefined;
}
