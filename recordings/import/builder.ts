/**
 * Puts a recording together event by event, whatever the format it comes in, and refuses what cannot have happened: stores
 * outside every mapping, units that do not divide, places nobody told of. Throws `InputError` that names the line.
 */
import { InputError } from '#base/input-error.ts';
import { EntryKind, type EntryKindValue, InstructionRecord } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import {
  type Acknowledgement,
  FILE_SPAN_BYTES,
  FLUSH_HINT_ADDRESS,
  KERNEL_PLACE,
  type Place,
  type RecordedFile,
  type Recording,
  STORE_BYTES_MAX,
} from '../recording.ts';
import { Column } from './column.ts';
import { MappedBytes } from './mapped-bytes.ts';

/** Threads told apart at most: the recorder's limit too. */
const THREADS_MAX = 256;

/** Places told apart at most. */
const PLACES_MAX = 2 ** 24;

/** From this share of the input on, what has been read tells how much there will be. */
const SHARE_TELLING_MIN = 0.002;
const GROWTH_MIN = 1.25;
/** What comes may be a little longer than what has been read. */
const SAFETY = 1.03;

/** Kinds of store whose bytes are one instruction however many they are. */
const isWhole = (kind: EntryKindValue): boolean =>
  kind === EntryKind.storeString || kind === EntryKind.lockedStore;

/** Sizes that one ordinary store can have without being cut. */
const isAtomicSize = (size: number): boolean => size === 8 || size === 4 || size === 1 || size === 2;

export class RecordingBuilder {
  /** Counted by the reader: the line, or the record, that is being read. */
  line = 0;
  eventCount = 0;
  readonly record = new InstructionRecord();
  readonly files: RecordedFile[] = [];
  readonly acknowledgements: Acknowledgement[] = [];
  readonly notes: string[] = [];
  readonly placeTable: (Place | undefined)[] = [undefined];
  isSerial = false;
  syncCount = 0;
  hasStores = false;
  /** How much of the input has been read, 0 to 1; 0 where nobody knows. */
  shareRead = 0;
  readonly #source: string;
  readonly #unit: 'line' | 'record';
  readonly #mapped: MappedBytes[] = [];
  readonly #threads = new Column((length) => new Uint8Array(length));
  readonly #places = new Column((length) => new Uint32Array(length));
  readonly #callers = new Column((length) => new Uint32Array(length));
  #threadMax = 0;
  #shift = 1;
  readonly #shiftEntries: number[] = [];
  readonly #shifts: number[] = [];

  constructor(source: string, unit: 'line' | 'record') {
    this.#source = source;
    this.#unit = unit;
  }

  /** Throws the error that names the present line. */
  fail(message: string): never {
    throw new InputError(`${this.#source}: ${this.#unit} ${this.line}: ${message}`);
  }

  /** The bytes `[from, from + size)` of a file were mapped; the first mapping of a file describes it. */
  map(
    index: number,
    first: Pick<RecordedFile, 'path' | 'initial'>,
    bytes: {
      readonly from: number;
      readonly size: number;
      readonly fileSize: number;
      readonly isSync: boolean;
    },
  ): void {
    if (bytes.from + bytes.size > FILE_SPAN_BYTES) this.fail('expected a mapping below 1 TiB of its file');
    let file = this.files[index];
    if (file === undefined) {
      if (index !== this.files.length)
        this.fail(`expected files in order, ${this.files.length} next, found file ${index}`);
      file = { ...first, sizeBytes: bytes.fileSize, isSync: bytes.isSync };
      this.files.push(file);
      this.#mapped.push(new MappedBytes());
    }
    file.sizeBytes = Math.max(file.sizeBytes, bytes.fileSize);
    file.isSync &&= bytes.isSync;
    this.#mapped[index]?.add(bytes.from, bytes.from + bytes.size);
  }

  /** Tells of a place in code. */
  tell(place: number, told: Place): void {
    if (place < 1 || place > PLACES_MAX)
      this.fail(`expected a place from 1 to ${PLACES_MAX}, found ${place}`);
    this.placeTable[place] = told;
  }

  /** A store of the first `size` of `bytes`. `unit` is 0 where the event is one instruction of all of them. */
  store(
    kind: EntryKindValue,
    at: { readonly thread: number; readonly file: number; readonly offset: number; readonly unit: number },
    place: number,
    caller: number,
    bytes: Uint8Array,
    size = bytes.length,
  ): void {
    if (size === 0) this.fail('expected a store of at least one byte');
    if (size > STORE_BYTES_MAX)
      this.fail(`expected at most ${STORE_BYTES_MAX} bytes in one line, found ${size}`);
    if (at.unit > 0 && size % at.unit !== 0)
      this.fail(`expected bytes in units of ${at.unit}, found ${size} bytes, which it does not divide`);
    if (this.#mapped[at.file]?.holds(at.offset, at.offset + size) !== true)
      this.#outside('a store of ' + size + ' bytes', at.file, at.offset);
    const isOne = isWhole(kind) || at.unit === 0;
    const entryKind =
      isOne && kind === EntryKind.storeCached && !isAtomicSize(size) ? EntryKind.storeString : kind;
    this.#note(at.thread, place, caller);
    const unit = isOne ? size : at.unit;
    this.record.appendStore(entryKind, at.file * FILE_SPAN_BYTES + at.offset, unit, size / unit, bytes, size);
    this.hasStores = true;
  }

  /** A write-back of the line at `offset`. */
  writeBack(
    kind: EntryKindValue,
    thread: number,
    file: number,
    offset: number,
    place: number,
    caller: number,
  ): void {
    if (offset % LINE_SIZE_BYTES !== 0)
      this.fail(`expected the start of a 64-byte line (a multiple of 64), found ${offset}`);
    // The last line of a mapping may reach beyond it.
    if (this.#mapped[file]?.holds(offset, offset + 1) !== true) this.#outside('a write-back', file, offset);
    this.#note(thread, place, caller);
    this.record.append(kind, file * FILE_SPAN_BYTES + offset, LINE_SIZE_BYTES, 1);
  }

  /** A write-back of `[from, to)`, which are whole lines, by one request of a log. */
  writeBackRange(thread: number, file: number, from: number, to: number): void {
    this.#note(thread, 0, 0);
    const address = file * FILE_SPAN_BYTES + from;
    this.record.append(EntryKind.clwb, address, LINE_SIZE_BYTES, (to - from) / LINE_SIZE_BYTES);
  }

  fence(kind: EntryKindValue, thread: number, place: number, caller: number): void {
    this.#note(thread, place, caller);
    this.record.append(kind, 0, 0, 1);
  }

  /** A flush hint, alone or between two fences: empties the queues of the memory where these do not survive by themselves. */
  drain(isFenced: boolean): void {
    if (isFenced) this.fence(EntryKind.sfence, 0, 0, 0);
    this.#note(0, 0, 0);
    this.record.append(EntryKind.flushHint, FLUSH_HINT_ADDRESS, 0, 1);
    if (isFenced) this.fence(EntryKind.sfence, 0, 0, 0);
  }

  /** What the kernel does before msync or fsync returns: writes back the pages `[from, to)` and fences. */
  synchronise(thread: number, file: number, from: number, to: number): void {
    this.syncCount++;
    const first = roundDown(from, PAGE_SIZE_BYTES);
    const end = roundUp(to, PAGE_SIZE_BYTES);
    if (end > first) {
      this.#note(thread, KERNEL_PLACE, 0);
      const address = file * FILE_SPAN_BYTES + first;
      this.record.append(EntryKind.clwb, address, LINE_SIZE_BYTES, (end - first) / LINE_SIZE_BYTES);
    }
    this.#note(thread, KERNEL_PLACE, 0);
    this.record.append(EntryKind.sfence, 0, 0, 1);
  }

  /** write or pwrite to a recorded file: non-temporal stores, without a fence. */
  kernelCopy(thread: number, file: number, offset: number, bytes: Uint8Array): void {
    if (this.files[file] === undefined) this.#outside('a write', file, offset);
    if (offset + bytes.length > FILE_SPAN_BYTES) this.fail('expected a write below 1 TiB of its file');
    const known = this.files[file];
    if (known !== undefined) known.sizeBytes = Math.max(known.sizeBytes, offset + bytes.length);
    if (bytes.length === 0) return;
    this.#note(thread, KERNEL_PLACE, 0);
    this.record.appendStore(
      EntryKind.storeNonTemporal,
      file * FILE_SPAN_BYTES + offset,
      bytes.length,
      1,
      bytes,
    );
    this.hasStores = true;
  }

  acknowledge(kind: Acknowledgement['kind'], name: string, number: number | undefined, thread: number): void {
    this.#note(thread, 0, 0);
    this.acknowledgements.push({ kind, name, number, thread, entry: this.record.length });
    this.record.acknowledge(this.acknowledgements.length - 1);
  }

  /** Counts an event; its entries, if any, follow. */
  countEvent(): void {
    this.eventCount++;
  }

  /** The recording. Throws `InputError` when nothing was stored. */
  finish(format: Recording['format']): Recording {
    if (!this.hasStores)
      throw new InputError(
        `${this.#source}: nothing was stored to a mapped file, so there is nothing to compare\n  was it another file? conform record --file names it`,
      );
    const { record, files, acknowledgements, placeTable, notes, eventCount, isSerial, syncCount } = this;
    record.trim();
    return {
      source: this.#source,
      format,
      record,
      threads: this.#threads.kept(record.length),
      places: this.#places.kept(record.length),
      callers: this.#callers.kept(record.length),
      placeTable,
      files,
      acknowledgements,
      threadCount: this.#threadMax + 1,
      isSerial,
      eventCount,
      syncCount,
      eventShifts: { entries: this.#shiftEntries, shifts: this.#shifts },
      notes,
    };
  }

  #outside(what: string, file: number, offset: number): never {
    if (this.files[file] === undefined) this.fail(`${what} to file ${file}, which was never mapped`);
    this.fail(
      `${what} at byte ${offset} of ${this.files[file]?.path}, outside every mapping of it so far (${this.#mapped[file]?.text()})`,
    );
  }

  /** Notes whose the next entry is. */
  #note(thread: number, place: number, caller: number): void {
    const index = this.record.length;
    if (index === this.record.kinds.length) this.#grow();
    if (this.eventCount - index !== this.#shift) this.#noteShift(index);
    if (thread > this.#threadMax) {
      if (thread >= THREADS_MAX) this.fail(`expected a thread from 0 to ${THREADS_MAX - 1}, found ${thread}`);
      this.#threadMax = thread;
    }
    if (place !== KERNEL_PLACE && place > 0 && this.placeTable[place] === undefined)
      this.fail(`place ${place}, which no pc line before it tells of`);
    if (caller > 0 && this.placeTable[caller] === undefined)
      this.fail(`place ${caller}, which no pc line before it tells of`);
    const capacity = this.record.kinds.length;
    this.#threads.put(index, thread, capacity);
    this.#places.put(index, place, capacity);
    this.#callers.put(index, caller, capacity);
  }

  /** Events and entries part here: an event made several entries, or none. */
  #noteShift(index: number): void {
    this.#shift = this.eventCount - index;
    this.#shiftEntries.push(index);
    this.#shifts.push(this.#shift);
  }

  /** Makes room: for all that will come, as far as what has been read tells. */
  #grow(): void {
    const { record, shareRead } = this;
    const factor = shareRead < SHARE_TELLING_MIN ? 2 : Math.max(GROWTH_MIN, SAFETY / shareRead);
    record.reserve(Math.ceil(record.length * factor), Math.ceil(record.dataLength * factor));
  }
}
