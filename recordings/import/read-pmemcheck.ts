/**
 * Reads a store log of pmemcheck as a recording: a STORE as an ordinary store, FLUSH as clwb of the lines it touches, FENCE
 * as sfence, the end of a marker as an acknowledgement. The log has no threads, no kinds of store and no locked
 * instructions; what follows from that is said in notes that every report prints.
 */
import { EntryKind } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import { FILE_SPAN_BYTES } from '../recording.ts';
import type { LogRecord } from '../pmemcheck/log-records.ts';
import type { RecordingBuilder } from './builder.ts';
import { type Mapping, PmemcheckFiles } from './pmemcheck-files.ts';
import { innermostFrame, type Range, rangeOf, registeredFile } from './pmemcheck-fields.ts';
import { notesOf } from './pmemcheck-notes.ts';
import { PmemcheckMarkers, REQUESTS } from './pmemcheck-markers.ts';
import { excerpt, placeOfFrame, withoutValgrind } from './pmemcheck-text.ts';

export interface PmemcheckOptions {
  /** What is persistent in logs that register no file. */
  readonly maps?: readonly Mapping[];
  /** Texts of markers that acknowledge although they have no END. */
  readonly acknowledging?: readonly string[];
  /** A STORE directly followed by a FLUSH of exactly its bytes is non-temporal, as `conform pmemcheck-export` writes it. */
  readonly exactFlushIsNonTemporal?: boolean;
  /** Hears of each record. */
  readonly onRecord?: ((record: LogRecord) => void) | undefined;
}

/** Bytes of one store at most: a register of AVX-512. */
const STORE_SIZE_MAX = 64;

const STORE = /^STORE;(?:0x)?([0-9a-f]{1,16});(?:0x)?([0-9a-f]{1,128});(?:0x)?([0-9a-f]{1,4})(?:;|$)/is;

export class PmemcheckReader {
  readonly #builder: RecordingBuilder;
  readonly #options: PmemcheckOptions;
  readonly #files = new PmemcheckFiles();
  readonly #bytes = new Uint8Array(STORE_SIZE_MAX);
  readonly #markers: PmemcheckMarkers;
  readonly #frames = new Map<string, number>();
  #started = false;
  #stopped = false;
  #unknown = 0;
  #unregisteredFlushes = 0;
  #isFrameNext = false;
  #last: { file: number; offset: number; address: number; size: number; place: number } | undefined;

  constructor(builder: RecordingBuilder, options: PmemcheckOptions) {
    this.#builder = builder;
    this.#options = options;
    this.#markers = new PmemcheckMarkers(options.acknowledging ?? []);
  }

  /** Reads what stands before a '|'. */
  read(buffer: Buffer, from: number, to: number): void {
    const builder = this.#builder;
    const text = withoutValgrind(buffer.toString('latin1', from, to));
    if (!this.#started) return this.#start(text);
    builder.line++;
    if (this.#stopped) builder.fail(`expected the end of the log after STOP, found '${excerpt(text)}'`);
    this.#record(text.trim());
  }

  /** Says that the log is over; `rest` stands after the last '|'. */
  finish(rest: Buffer): void {
    const builder = this.#builder;
    const isStart = !this.#started;
    if (isStart) this.#start(withoutValgrind(rest.toString('latin1')));
    const text = isStart ? '' : withoutValgrind(rest.toString('latin1')).trim();
    if (this.#started && !this.#stopped && text !== '') {
      builder.line++;
      this.#record(text);
    } else if (this.#stopped && text !== '') {
      builder.line++;
      builder.fail(`expected the end of the log after STOP, found '${excerpt(text)}'`);
    }
    if (!this.#stopped)
      builder.fail(
        'expected STOP, found the end of the log: it was cut off (a killed run?), and what is missing cannot be compared',
      );
    this.#settle();
    if (this.#unknown > 0) this.#failUnmapped();
    this.#builder.notes.push(
      ...notesOf({
        ...this.#markers.tally(),
        unregisteredFlushes: this.#unregisteredFlushes,
        isExactFlush: this.#options.exactFlushIsNonTemporal === true,
      }),
    );
  }

  #start(text: string): void {
    if (!/(^|\n)\s*START\s*$/.test(text))
      this.#builder.fail(
        `expected START and '|' at the start of a pmemcheck log, found '${excerpt(text.slice(-60))}' (was pmemcheck run with --log-stores=yes?)`,
      );
    this.#started = true;
    for (const mapping of this.#options.maps ?? []) this.#map(mapping);
  }

  #record(text: string): void {
    const end = text.indexOf(';');
    const name = (end < 0 ? text : text.slice(0, end)).toUpperCase();
    const isContinued = this.#isFrameNext && !KNOWN.has(name) && !/\.(BEGIN|END)$/.test(text);
    // `operator|(…)` in a stack frame: the rest of a frame looks like a record.
    if (isContinued && /^[|(=]/.test(text)) return;
    this.#isFrameNext = false;
    switch (name) {
      case 'STORE':
        return this.#store(text);
      case 'FLUSH':
        return this.#flush(this.#range(text));
      case 'FENCE':
        if (end >= 0) this.#builder.fail(`expected FENCE, found '${excerpt(text)}'`);
        return this.#fence();
      case 'DEEP_SYNC':
        this.#range(text);
        return this.#drain(true);
      case 'COMMIT':
        return this.#drain(false);
      case 'REGISTER_FILE':
        return this.#register(text);
      case 'START':
        return this.#builder.fail('a second START: the logs of two programs (a fork?) are in one file');
      case 'STOP':
        this.#stopped = true;
        return;
      default:
        return this.#marker(text, name);
    }
  }

  // ---- stores and write-backs

  #store(text: string): void {
    this.#settle();
    const builder = this.#builder;
    const [, address = '', value = '', size = ''] = STORE.exec(text) ?? [];
    if (address === '') builder.fail(`expected STORE;address;value;size, found '${excerpt(text)}'`);
    const at = Number.parseInt(address, 16);
    const sizeBytes = Number.parseInt(size, 16);
    if (!Number.isSafeInteger(at)) builder.fail(`expected an address below 2^53, found 0x${address}`);
    if (sizeBytes < 1 || sizeBytes > STORE_SIZE_MAX)
      builder.fail(`expected a store of 1 to ${STORE_SIZE_MAX} bytes, found ${sizeBytes}`);
    this.#value(value, sizeBytes);
    builder.countEvent();
    const place = this.#place(text);
    this.#isFrameNext = place > 0;
    const mapping = this.#files.find(at, sizeBytes);
    if (mapping === undefined) {
      this.#unknown++;
      this.#files.noteUnknown(at);
      return;
    }
    const offset = at - mapping.address + mapping.offsetBytes;
    this.#last = { file: mapping.file, offset, address: at, size: sizeBytes, place };
    this.#options.onRecord?.({
      kind: 'store',
      number: builder.line,
      address: addressIn(mapping.file, offset),
      bytes: this.#bytes.slice(0, sizeBytes),
    });
    const mayBeMovnti = sizeBytes === 4 || sizeBytes === 8;
    if (this.#options.exactFlushIsNonTemporal !== true || !mayBeMovnti) this.#settle();
  }

  /** A little-endian number, as bytes. */
  #value(digits: string, sizeBytes: number): void {
    const bytes = this.#bytes.fill(0, 0, sizeBytes);
    let end = digits.length;
    for (let byte = 0; end > 0; byte++, end -= 2) {
      const value = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
      if (byte >= sizeBytes && value !== 0)
        this.#builder.fail(`the value ${excerpt(digits)} does not fit into ${sizeBytes} bytes`);
      if (byte < sizeBytes) bytes[byte] = value;
    }
  }

  /** Gives the last store to the builder, as an ordinary one unless something has shown that it was not. */
  #settle(isNonTemporal = false): void {
    const last = this.#last;
    if (last === undefined) return;
    this.#last = undefined;
    const at = { thread: 0, file: last.file, offset: last.offset, unit: 0 };
    const kind = isNonTemporal ? EntryKind.storeNonTemporal : EntryKind.storeCached;
    this.#builder.store(kind, at, last.place, 0, this.#bytes.subarray(0, last.size));
  }

  #flush({ address, size }: Range): void {
    const last = this.#last;
    const isExact = last !== undefined && last.address === address && last.size === size;
    this.#settle(isExact);
    this.#tellFlush(address, size);
    if (isExact) return;
    this.#builder.countEvent();
    let isMapped = false;
    for (const part of this.#files.partsOf(
      roundDown(address, LINE_SIZE_BYTES),
      roundUp(address + size, LINE_SIZE_BYTES),
    )) {
      isMapped = true;
      const [from, to] = [roundDown(part.from, LINE_SIZE_BYTES), roundUp(part.to, LINE_SIZE_BYTES)];
      this.#builder.writeBackRange(0, part.file, from, to);
    }
    if (!isMapped) this.#unregisteredFlushes++;
  }

  #tellFlush(address: number, size: number): void {
    const { onRecord } = this.#options;
    if (onRecord === undefined) return;
    const number = this.#builder.line;
    const parts = [...this.#files.partsOf(address, address + size)];
    for (const { file, from, to } of parts)
      onRecord({ kind: 'flush', number, address: addressIn(file, from), sizeBytes: to - from });
    if (parts.length === 0) onRecord({ kind: 'flush', number, address: 0, sizeBytes: 0 });
  }

  #fence(): void {
    this.#settle();
    this.#options.onRecord?.({ kind: 'fence', number: this.#builder.line });
    this.#builder.countEvent();
    this.#builder.fence(EntryKind.sfence, 0, 0, 0);
  }

  /** DEEP_SYNC (between fences) or pcommit: empties the queues of the memory, which is nothing where they survive. */
  #drain(isFenced: boolean): void {
    this.#settle();
    this.#builder.countEvent();
    this.#builder.drain(isFenced);
  }

  #range(text: string): Range {
    const range = rangeOf(text);
    return typeof range === 'string' ? this.#builder.fail(range) : range;
  }

  // ---- files, markers

  #register(text: string): void {
    const mapping = registeredFile(text);
    if (typeof mapping === 'string') this.#builder.fail(mapping);
    this.#map(mapping);
  }

  #map(mapping: Mapping): void {
    const file = this.#files.add(mapping);
    if (typeof file === 'string') this.#builder.fail(file);
    const { path, offsetBytes, sizeBytes } = mapping;
    const bytes = { from: offsetBytes, size: sizeBytes, fileSize: offsetBytes + sizeBytes, isSync: true };
    this.#builder.map(file, { path, initial: 'unknown' }, bytes);
  }

  #marker(text: string, name: string): void {
    this.#settle();
    const { line: number } = this.#builder;
    const found = this.#markers.read(text, name);
    if ('wrong' in found) this.#builder.fail(found.wrong);
    if (found.edge !== undefined)
      this.#options.onRecord?.({ kind: 'marker', number, name: found.name, edge: found.edge });
    if (!found.acknowledges) return;
    this.#builder.countEvent();
    this.#builder.acknowledge('marker', found.name, undefined, 0);
  }

  /** The innermost stack frame of a store as a place; 0 without frames. */
  #place(text: string): number {
    const frame = innermostFrame(text);
    if (frame === undefined) return 0;
    let place = this.#frames.get(frame);
    if (place === undefined) {
      this.#frames.set(frame, (place = this.#frames.size + 1));
      this.#builder.tell(place, placeOfFrame(frame));
    }
    return place;
  }

  // ---- the end

  #failUnmapped(): void {
    const suggestions = this.#files.suggestions().join(' ');
    const why = this.#files.isEmpty
      ? 'the log registers no file, so nothing says what is persistent'
      : `${this.#unknown} stores lie in no registered file`;
    this.#builder.fail(`${why}\n  say it, for all pages that stores touch: ${suggestions}`);
  }
}

const addressIn = (file: number, offset: number): number => file * FILE_SPAN_BYTES + offset;

/** First words of records. */
const KNOWN = new Set([
  'STORE',
  'FLUSH',
  'FENCE',
  'DEEP_SYNC',
  'COMMIT',
  'REGISTER_FILE',
  'START',
  'STOP',
  ...REQUESTS,
]);
