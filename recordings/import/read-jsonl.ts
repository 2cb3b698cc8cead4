/**
 * Reads a recording in its own format, JSON lines, from bytes straight into a builder. The lines that a recording has by the
 * million (stores, write-backs, fences) are read where they stand when they look as the recorder writes them; all others,
 * and any that look otherwise, go through `slow-line.ts`, which knows nothing of order or blanks.
 */
import { EntryKind, type EntryKindValue } from '#machine/hardware/record.ts';
import { STORE_BYTES_MAX } from '../recording.ts';
import type { RecordingBuilder } from './builder.ts';
import { readSlowLine } from './slow-line.ts';

const NO_KIND = 0;
/** Entry kinds by the character of `k`. */
const KIND_OF = new Uint8Array(256);
for (const [letter, kind] of Object.entries({
  c: EntryKind.storeCached,
  n: EntryKind.storeNonTemporal,
  r: EntryKind.storeString,
  L: EntryKind.lockedStore,
  F: EntryKind.lockedNoStore,
  W: EntryKind.clwb,
  O: EntryKind.clflushopt,
  X: EntryKind.clflush,
  S: EntryKind.sfence,
  M: EntryKind.mfence,
}))
  KIND_OF[letter.charCodeAt(0)] = kind;

/** Values of hexadecimal digits; 0x100 for all other characters. */
const DIGIT = new Uint16Array(256).fill(0x100);
for (let value = 0; value < 16; value++) {
  DIGIT[value.toString(16).charCodeAt(0)] = value;
  DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE = 0x7d;
const HEAD = Buffer.from('{"k":"');

/** A number of more digits than this may not be exact. */
const DIGITS_MAX = 15;

export class JsonlReader {
  readonly #builder: RecordingBuilder;
  readonly #bytes = new Uint8Array(STORE_BYTES_MAX);
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  // Fields of the present line.
  #thread = 0;
  #file = 0;
  #offset = 0;
  #unit = 0;
  #place = 0;
  #caller = 0;
  #size = -1;
  #seen = 0;
  #ended = false;

  constructor(builder: RecordingBuilder) {
    this.#builder = builder;
  }

  /** Reads the line `[from, to)` of `buffer`, its end not among it. */
  read(buffer: Buffer, from: number, to: number): void {
    const builder = this.#builder;
    builder.line++;
    if (this.#ended) builder.fail('expected nothing after the end line');
    this.#buffer = buffer;
    const kind = this.#fastKind(from, to);
    if (kind !== NO_KIND && this.#fastFields(from + 8, to) && this.#add(kind)) return;
    this.#ended = readSlowLine(builder, buffer.toString('utf8', from, to)) === 'end';
  }

  /** Says that there are no more lines; `rest` is what stands after the last line end. */
  finish(rest: Buffer): void {
    const builder = this.#builder;
    if (rest[rest.length - 1] === CLOSE) return this.#finishWithout(rest);
    builder.line++;
    if (rest.length > 0 && !this.#ended)
      builder.fail('the file ends in the middle of a line: it was cut off');
    if (rest.length > 0) builder.fail('expected nothing after the end line');
    if (!this.#ended)
      builder.fail(
        'expected an end line, found the end of the file: the recorder was killed or the file cut off, and what is missing cannot be compared',
      );
  }

  /** The last line may lack its line end. */
  #finishWithout(rest: Buffer): void {
    this.read(rest, 0, rest.length);
    this.finish(Buffer.alloc(0));
  }

  #fastKind(from: number, to: number): EntryKindValue | 0 {
    const buffer = this.#buffer;
    // `{"k":"c","t":0…`: the kind stands 6 characters in.
    if (to - from < 12 || this.#builder.line === 1 || buffer[from + 7] !== QUOTE) return NO_KIND;
    for (let index = 0; index < HEAD.length; index++)
      if (buffer[from + index] !== HEAD[index]) return NO_KIND;
    return (KIND_OF[buffer[from + 6] ?? 0] ?? NO_KIND) as EntryKindValue | 0;
  }

  /** Reads `,"t":0,"f":0,…}`; false when anything is not as the recorder writes it. */
  #fastFields(start: number, to: number): boolean {
    const buffer = this.#buffer;
    this.#at = start;
    this.#file = this.#offset = this.#unit = this.#place = this.#caller = this.#seen = 0;
    this.#size = -1;
    while (buffer[this.#at] === COMMA) {
      const at = this.#at;
      if (buffer[at + 1] !== QUOTE || buffer[at + 3] !== QUOTE || buffer[at + 4] !== COLON) return false;
      const name = buffer[at + 2] ?? 0;
      this.#at = at + 5;
      if (name === 100) {
        if (!this.#fastData()) return false;
        continue;
      }
      const value = this.#fastNumber();
      if (value < 0 || !this.#take(name, value)) return false;
    }
    return this.#at === to - 1 && buffer[this.#at] === CLOSE && (this.#seen & 1) === 1;
  }

  #take(name: number, value: number): boolean {
    let bit: number;
    switch (name) {
      case 0x74: // t
        this.#thread = value;
        bit = 1;
        break;
      case 0x66: // f
        this.#file = value;
        bit = 2;
        break;
      case 0x61: // a
        this.#offset = value;
        bit = 4;
        break;
      case 0x75: // u
        this.#unit = value;
        if (value === 0) return false;
        bit = 8;
        break;
      case 0x70: // p
        this.#place = value;
        bit = 16;
        break;
      case 0x62: // b
        this.#caller = value;
        bit = 32;
        break;
      default:
        return false;
    }
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }

  /** A decimal number, -1 when there is none or a long one. */
  #fastNumber(): number {
    const buffer = this.#buffer;
    const start = this.#at;
    let at = start;
    let value = 0;
    for (;;) {
      const digit = (buffer[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    this.#at = at;
    const isPlain = at > start && at - start <= DIGITS_MAX && (at - start === 1 || buffer[start] !== 48);
    return isPlain ? value : -1;
  }

  /** `"0a1b"` into the bytes. */
  #fastData(): boolean {
    const buffer = this.#buffer;
    if (this.#size >= 0 || buffer[this.#at] !== QUOTE) return false;
    const bytes = this.#bytes;
    let at = this.#at + 1;
    let size = 0;
    while (size < STORE_BYTES_MAX) {
      const value = ((DIGIT[buffer[at] ?? 0] ?? 0) << 4) | (DIGIT[buffer[at + 1] ?? 0] ?? 0);
      if (value > 0xff) break;
      bytes[size++] = value;
      at += 2;
    }
    if (buffer[at] !== QUOTE || size === 0) return false;
    this.#size = size;
    this.#at = at + 1;
    return true;
  }

  /** Gives the line to the builder; false when a field is missing or one too many. */
  #add(kind: EntryKindValue): boolean {
    const builder = this.#builder;
    const hasPlace = (this.#seen & 6) === 6;
    if (kind === EntryKind.clwb || kind === EntryKind.clflushopt || kind === EntryKind.clflush) {
      if (!hasPlace || this.#size >= 0) return false;
      builder.countEvent();
      builder.writeBack(kind, this.#thread, this.#file, this.#offset, this.#place, this.#caller);
    } else if (kind === EntryKind.sfence || kind === EntryKind.mfence || kind === EntryKind.lockedNoStore) {
      if ((this.#seen & 14) !== 0 || this.#size >= 0) return false;
      builder.countEvent();
      builder.fence(kind, this.#thread, this.#place, this.#caller);
    } else {
      if (!hasPlace || this.#size < 0) return false;
      builder.countEvent();
      builder.store(
        kind,
        { thread: this.#thread, file: this.#file, offset: this.#offset, unit: this.#unit },
        this.#place,
        this.#caller,
        this.#bytes,
        this.#size,
      );
    }
    return true;
  }
}
