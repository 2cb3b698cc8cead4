/**
 * Reads a store log of pmemcheck as a recording: a STORE as an ordinary store, FLUSH as clwb of the lines it touches, FENCE
 * as sfence, the end of a marker as an acknowledgement. The log has no threads, no kinds of store and no locked
 * instructions; what follows from that is said in notes that every report prints.
 */
import { printable } from '#base/printable.ts';
import { EntryKind } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import type { Place } from '../recording.ts';
import type { RecordingBuilder } from './builder.ts';
import { hexOf, type Mapping, PmemcheckFiles } from './pmemcheck-files.ts';

export interface PmemcheckOptions {
  /** What is persistent in logs that register no file. */
  readonly maps?: readonly Mapping[];
  /** Texts of markers that acknowledge although they have no END. */
  readonly acknowledging?: readonly string[];
  /** A STORE directly followed by a FLUSH of exactly its bytes is non-temporal, as `conform pmemcheck-export` writes it. */
  readonly exactFlushIsNonTemporal?: boolean;
}

/** Requests to an old pmreorder, which say nothing about what persists. */
const REQUESTS = new Set(['FREORDER', 'FAULT_ONLY', 'PREORDER', 'NO_REORDER_FAULT', 'DEFAULT_REORDER']);

/** Bytes of one store at most: a register of AVX-512. */
const STORE_SIZE_MAX = 64;

const STORE = /^STORE;(?:0x)?([0-9a-f]{1,16});(?:0x)?([0-9a-f]{1,128});(?:0x)?([0-9a-f]{1,4})(?:;|$)/is;

export class PmemcheckReader {
  readonly #builder: RecordingBuilder;
  readonly #options: PmemcheckOptions;
  readonly #files = new PmemcheckFiles();
  readonly #bytes = new Uint8Array(STORE_SIZE_MAX);
  // Open markers by name: how many, because they need not nest.
  readonly #open = new Map<string, number>();
  readonly #frames = new Map<string, number>();
  #started = false;
  #stopped = false;
  #skipped = 0;
  #plain = 0;
  #unknown = 0;
  #unregisteredFlushes = 0;
  #isFrameNext = false;
  #last: { file: number; offset: number; address: number; size: number; place: number } | undefined;

  constructor(builder: RecordingBuilder, options: PmemcheckOptions) {
    this.#builder = builder;
    this.#options = options;
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
    const text = withoutValgrind(rest.toString('latin1')).trim();
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
    this.#addNotes();
  }

  #start(text: string): void {
    if (!/(^|\n)\s*START\s*$/.test(text))
      this.#builder.fail(`expected START and '|', found '${excerpt(text.slice(-60))}'`);
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
        return this.#fence();
      case 'DEEP_SYNC':
        this.#range(text);
        return this.#fence();
      case 'COMMIT':
        this.#settle();
        return;
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
    if (this.#options.exactFlushIsNonTemporal !== true || sizeBytes < 4 || sizeBytes > 8) this.#settle();
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

  #flush({ address, size }: { readonly address: number; readonly size: number }): void {
    const last = this.#last;
    const isExact = last !== undefined && last.address === address && last.size === size;
    this.#settle(isExact);
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

  #fence(): void {
    this.#settle();
    this.#builder.countEvent();
    this.#builder.fence(EntryKind.sfence, 0, 0, 0);
  }

  #range(text: string): { readonly address: number; readonly size: number } {
    const [, address = '', size = ''] =
      /^\w+;(?:0x)?([0-9a-f]{1,16});(?:0x)?([0-9a-f]{1,12})$/i.exec(text) ?? [];
    if (address === '')
      this.#builder.fail(`expected ${/^\w+/.exec(text)?.[0] ?? ''};address;size, found '${excerpt(text)}'`);
    return { address: Number.parseInt(address, 16), size: Number.parseInt(size, 16) };
  }

  // ---- files, markers

  #register(text: string): void {
    const builder = this.#builder;
    const fields = text.split(';');
    const numbers = fields
      .slice(-3)
      .map((field) => (/^(0x)?[0-9a-f]{1,16}$/i.test(field) ? Number.parseInt(field, 16) : Number.NaN));
    const [address = Number.NaN, sizeBytes = Number.NaN, offsetBytes = Number.NaN] = numbers;
    if (fields.length < 5 || !numbers.every(Number.isSafeInteger))
      builder.fail(`expected REGISTER_FILE;path;base;size;offset, found '${excerpt(text)}'`);
    if (address % 4096 !== 0 || sizeBytes === 0)
      builder.fail(
        `expected a mapping that starts at a page and is not empty, found ${sizeBytes} bytes at ${hexOf(address)}`,
      );
    this.#map({ path: fields.slice(1, -3).join(';'), address, sizeBytes, offsetBytes });
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
    if (REQUESTS.has(name)) {
      this.#skipped++;
      return;
    }
    const builder = this.#builder;
    if (text === '') builder.fail("expected a record between two '|', found nothing");
    const [, marker = '', edge] = /^(.*)\.(BEGIN|END)$/s.exec(text) ?? [];
    if (edge === 'BEGIN') {
      this.#open.set(marker, (this.#open.get(marker) ?? 0) + 1);
    } else if (edge === 'END') {
      const open = this.#open.get(marker) ?? 0;
      if (open === 0) builder.fail(`${excerpt(marker)}.END without a ${excerpt(marker)}.BEGIN before it`);
      this.#open.set(marker, open - 1);
      builder.countEvent();
      builder.acknowledge('marker', marker, undefined, 0);
    } else if (this.#options.acknowledging?.includes(text) === true) {
      builder.countEvent();
      builder.acknowledge('marker', text, undefined, 0);
    } else if (/^(STORE|FLUSH|FENCE|REGISTER|DEEP)/i.test(name)) {
      builder.fail(
        `expected STORE, FLUSH, FENCE, REGISTER_FILE, DEEP_SYNC, a marker or STOP, found '${excerpt(text)}'`,
      );
    } else {
      this.#plain++;
    }
  }

  /** The innermost stack frame of a store as a place; 0 without frames. */
  #place(text: string): number {
    let start = -1;
    for (let field = 0; field < 4; field++) {
      start = text.indexOf(';', start + 1);
      if (start < 0) return 0;
    }
    const end = text.indexOf(';', start + 1);
    const frame = text.slice(start + 1, end < 0 ? undefined : end);
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

  #addNotes(): void {
    const { notes } = this.#builder;
    notes.push('pmemcheck logs name no thread: one is assumed, and a FENCE completes every FLUSH before it');
    if (this.#options.exactFlushIsNonTemporal !== true)
      notes.push(
        'pmemcheck logs do not tell a movnti from a mov, nor a locked instruction from a plain one: what such an instruction makes durable looks lost here, and clflush looks stronger than it is',
      );
    if (this.#skipped > 0) notes.push(`${count(this.#skipped, 'request')} to an old pmreorder skipped`);
    if (this.#plain > 0)
      notes.push(
        `${count(this.#plain, 'marker')} without BEGIN or END skipped (--ack TEXT makes one an acknowledgement)`,
      );
    if (this.#unregisteredFlushes > 0)
      notes.push(
        `${count(this.#unregisteredFlushes, 'FLUSH').replace(/s$/, 'es')} of memory that no file registers skipped`,
      );
    const open = [...this.#open].filter(([, depth]) => depth > 0).map(([marker]) => marker);
    if (open.length > 0) notes.push(`${excerpt(open.join(', '))} begun and never ended`);
  }
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

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

/** Without whole lines that Valgrind itself wrote, and without the prefix of the line that records stand in. */
function withoutValgrind(text: string): string {
  if (!text.includes('==')) return text;
  return text
    .split(/\r?\n/)
    .map((line) => (/^(==|--)\d+\1/.test(line) ? line.replace(/^(==|--)\d+\1[ \t]*/, '') : line))
    .filter((line, index, all) => index === all.length - 1 || index === 0 || /START\s*$/.test(line))
    .join('\n');
}

/** `at 0x4005F6: main (log.c:12)` or `function (file.c:12)` as a place. */
function placeOfFrame(frame: string): Place {
  const [, name, source] = /(?:0x[0-9A-F]+:\s*)?(\S.*?)\s+\(([^()]*:\d+)\)\s*$/i.exec(frame) ?? [];
  return {
    object: frame.trim(),
    offset: 0,
    function: name?.replace(/^at 0x[0-9A-F]+:\s*/i, ''),
    source,
    inlined: [],
  };
}

function excerpt(text: string): string {
  return printable(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
