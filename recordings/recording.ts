/**
 * A recording in memory: what one run of a real program did to files in persistent memory, as the record that the machine
 * analyses, with the thread and the place in the code of every entry, and the moments at which the program told somebody
 * that something is done. docs/RECORDINGS.md describes the file formats that it is read from.
 */
import type { InstructionRecord } from '#machine/hardware/record.ts';

/** Files lie this far apart in the addresses of the record: byte `a` of file `f` is address `f * FILE_SPAN_BYTES + a`. */
export const FILE_SPAN_BYTES = 2 ** 40;

/** What a log of pmemcheck calls DEEP_SYNC is a store to this flush hint, which no file reaches. */
export const FLUSH_HINT_ADDRESS = FILE_SPAN_BYTES * 2 ** 12;

/** Bytes of one line of an event at most. */
export const STORE_BYTES_MAX = 4096;

/** The place of an entry that no instruction of the program made: what the kernel does inside a system call. */
export const KERNEL_PLACE = 0xffff_ffff;

/** A place in code, as the recording tells it. */
export interface Place {
  readonly object: string;
  readonly offset: number;
  readonly function: string | undefined;
  /** `file:line`. */
  readonly source: string | undefined;
  /** The functions that this one was compiled into, innermost first, as `function file:line`. */
  readonly inlined: readonly string[];
}

/** A file that was mapped. */
export interface RecordedFile {
  readonly path: string;
  /** `zeros`, `unknown` (formats that do not tell) or `fnv1a64:` and 16 hexadecimal digits. */
  readonly initial: string;
  sizeBytes: number;
  /** Whether every mapping of it was made with MAP_SYNC. */
  isSync: boolean;
}

/** A moment at which the program told somebody that something is done. */
export interface Acknowledgement {
  /** By a marker of the program, or by a system call that can be seen outside. */
  readonly kind: 'marker' | 'call';
  /** Empty for a marker that only has a number. */
  readonly name: string;
  readonly number: number | undefined;
  readonly thread: number;
  /** Its entry in the record. */
  readonly entry: number;
}

export interface Recording {
  /** What it was read from, for messages. */
  readonly source: string;
  readonly format: 'recording' | 'pmemcheck';
  readonly record: InstructionRecord;
  /** Thread of each entry, counted from 0. Columns of nothing but zeros are empty. */
  readonly threads: Uint8Array;
  /** Place of each entry, and of the call in the main program that led there; 0 for none, else an index of `placeTexts`. */
  readonly places: Uint32Array;
  readonly callers: Uint32Array;
  readonly placeTable: readonly (Place | undefined)[];
  readonly files: readonly RecordedFile[];
  readonly acknowledgements: readonly Acknowledgement[];
  readonly threadCount: number;
  /** Threads ran one instruction at a time, so that what one has seen of another was recorded after it. */
  readonly isSerial: boolean;
  readonly eventCount: number;
  /** How many `msync` with MS_SYNC and `fsync` there were. */
  readonly syncCount: number;
  /** Where the numbers of events and entries part: from entry `entries[i]` on, event = entry + `shifts[i]`. */
  readonly eventShifts: { readonly entries: readonly number[]; readonly shifts: readonly number[] };
  /** What the format cannot tell and the reader of a report must know, a sentence each. */
  readonly notes: readonly string[];
}

/** The number of the event, counted from 1, that made an entry. */
export function eventOf(recording: Recording, entry: number): number {
  const { entries, shifts } = recording.eventShifts;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] ?? 0) <= entry) low = middle + 1;
    else high = middle;
  }
  return entry + (shifts[low - 1] ?? 1);
}
