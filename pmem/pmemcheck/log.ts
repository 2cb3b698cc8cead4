/**
 * Store logs of pmemcheck (Valgrind) as records: what persistency.md 2.1 says about the format, read strictly. A log
 * that was cut off, that has no stores or that registers memory twice is refused, because the tools that read such
 * logs then check nothing and report success (2.3, E9 and E10).
 */
import { InputError } from '#base/input-error.ts';

/** Where a record stands: its number counts from 1 at START. */
interface Numbered {
  readonly number: number;
}

/** One persistent mapping. */
export interface RegisteredFile extends Numbered {
  readonly kind: 'file';
  readonly path: string;
  readonly address: number;
  readonly sizeBytes: number;
  readonly offsetBytes: number;
}

export interface StoreRecord extends Numbered {
  readonly kind: 'store';
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Stack frames as logged, innermost first. */
  readonly frames: readonly string[];
}

export type LogRecord =
  | RegisteredFile
  | StoreRecord
  | (Numbered & { readonly kind: 'flush'; readonly address: number; readonly sizeBytes: number })
  | (Numbered & { readonly kind: 'deep-sync'; readonly address: number; readonly sizeBytes: number })
  | (Numbered & { readonly kind: 'fence' })
  | (Numbered & { readonly kind: 'marker'; readonly name: string; readonly edge: 'BEGIN' | 'END' });

export interface PmemcheckLog {
  readonly source: string;
  /** What stands between START and STOP. */
  readonly records: readonly LogRecord[];
}

/** The largest store a log may hold: one AVX-512 register. */
const STORE_BYTES_MAX = 64;

/** Parses a log. `source` is its name for messages. Throws `InputError`. */
export function parseLog(text: string, source: string): PmemcheckLog {
  const parts = text.split('|');
  const first = parts[0] ?? '';
  if (!/(^|\n)(==\d+==[ \t]*)?START\s*$/.test(first)) {
    throw new InputError(
      `${source}: expected START and '|' at the start of a pmemcheck log, found '${excerpt(first.slice(-60))}' (was pmemcheck run with --log-stores=yes?)`,
    );
  }
  const reader = new LogReader(source);
  for (let index = 1; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (/^STOP(\s|$)/.test(part)) {
      if (index < parts.length - 1)
        reader.fail(
          index,
          `expected the end of the log after STOP, found '${excerpt(parts[index + 1] ?? '')}'`,
        );
      return reader.finish(index);
    }
    reader.read(part, index);
  }
  throw new InputError(
    `${source}: expected STOP at the end of the log, found its end after record ${parts.length - 1}: the log was cut off (a killed run?), and what is missing cannot be checked`,
  );
}

class LogReader {
  readonly #source: string;
  readonly #records: LogRecord[] = [];
  readonly #files: RegisteredFile[] = [];
  readonly #open: string[] = [];
  #storeCount = 0;

  constructor(source: string) {
    this.#source = source;
  }

  fail(number: number, message: string): never {
    throw new InputError(`${this.#source}: record ${number}: ${message}`);
  }

  read(part: string, number: number): void {
    const fields = part.split(';');
    switch ((fields[0] ?? '').toUpperCase()) {
      case 'STORE':
        return this.#store(fields, number);
      case 'FENCE':
        this.#count(fields, number, 'FENCE', 1);
        this.#records.push({ kind: 'fence', number });
        return;
      case 'FLUSH':
      case 'DEEP_SYNC':
        return this.#range(fields, number);
      case 'REGISTER_FILE':
        return this.#file(fields, number);
      default:
        return this.#marker(part, number);
    }
  }

  finish(number: number): PmemcheckLog {
    if (this.#files.length === 0)
      this.fail(number, 'STOP, but the log has no REGISTER_FILE: nothing of it is persistent memory');
    if (this.#storeCount === 0)
      this.fail(number, 'STOP, but the log has no STORE: there is nothing to check');
    return { source: this.#source, records: this.#records };
  }

  #store(fields: readonly string[], number: number): void {
    if (fields.length < 4)
      this.fail(number, `expected STORE;address;value;size, found ${fields.length - 1} fields`);
    const address = this.#hex(fields[1], number, 'the address of the store');
    const sizeBytes = this.#hex(fields[3], number, 'the size of the store');
    if (sizeBytes < 1 || sizeBytes > STORE_BYTES_MAX)
      this.fail(number, `expected a store of 1 to ${STORE_BYTES_MAX} bytes, found ${sizeBytes}`);
    const file = this.#files.find(
      (known) => address >= known.address && address + sizeBytes <= known.address + known.sizeBytes,
    );
    if (file === undefined)
      this.fail(number, `a store to ${hex(address)}, which no REGISTER_FILE before it covers`);
    const bytes = this.#value(fields[2] ?? '', sizeBytes, number);
    this.#records.push({ kind: 'store', number, address, bytes, frames: fields.slice(4) });
    this.#storeCount++;
  }

  /** A little-endian integer that must fit into the store. */
  #value(text: string, sizeBytes: number, number: number): Uint8Array {
    if (!/^(0x)?[0-9a-f]{1,128}$/i.test(text))
      this.fail(number, `expected the value of the store in hexadecimal, found '${excerpt(text)}'`);
    const digits = text.replace(/^0x/i, '').replace(/^0+/, '');
    if (digits.length > 2 * sizeBytes)
      this.fail(number, `the value ${excerpt(text)} does not fit into ${sizeBytes} bytes`);
    const bytes = new Uint8Array(sizeBytes);
    // Four bytes at a time, the last digits first: a log may have hundreds of thousands of stores.
    for (let done = 0; 2 * done < digits.length; done += 4) {
      const end = digits.length - 2 * done;
      const part = Number.parseInt(digits.slice(Math.max(0, end - 8), end), 16);
      for (let byte = 0; byte < 4 && done + byte < sizeBytes; byte++)
        bytes[done + byte] = part >>> (8 * byte);
    }
    return bytes;
  }

  #range(fields: readonly string[], number: number): void {
    const name = (fields[0] ?? '').toUpperCase();
    this.#count(fields, number, `${name};address;size`, 3);
    const address = this.#hex(fields[1], number, 'the address');
    const sizeBytes = this.#hex(fields[2], number, 'the size');
    this.#records.push({ kind: name === 'FLUSH' ? 'flush' : 'deep-sync', number, address, sizeBytes });
  }

  #file(fields: readonly string[], number: number): void {
    this.#count(fields, number, 'REGISTER_FILE;path;base;size;offset', 5);
    const address = this.#hex(fields[2], number, 'the base address');
    const sizeBytes = this.#hex(fields[3], number, 'the size of the mapping');
    const offsetBytes = this.#hex(fields[4], number, 'the offset in the file');
    const file: RegisteredFile = {
      kind: 'file',
      number,
      path: fields[1] ?? '',
      address,
      sizeBytes,
      offsetBytes,
    };
    if (address % 4096 !== 0 || sizeBytes === 0)
      this.fail(
        number,
        `expected a mapping that starts at a page and is not empty, found ${sizeBytes} bytes at ${hex(address)}`,
      );
    const earlier = this.#files.find(
      (known) => address < known.address + known.sizeBytes && known.address < address + sizeBytes,
    );
    if (earlier !== undefined)
      this.fail(
        number,
        `${excerpt(file.path)} is mapped over ${excerpt(earlier.path)} of record ${earlier.number}: register a mapping once`,
      );
    this.#files.push(file);
    this.#records.push(file);
  }

  #marker(part: string, number: number): void {
    const [, name = '', edge] = /^(.*)\.(BEGIN|END)$/s.exec(part) ?? [];
    if (edge !== 'BEGIN' && edge !== 'END')
      this.fail(
        number,
        `expected STORE, FLUSH, FENCE, REGISTER_FILE, DEEP_SYNC, NAME.BEGIN, NAME.END or STOP, found '${excerpt(part)}'`,
      );
    if (edge === 'BEGIN') this.#open.push(name);
    else if (this.#open.pop() !== name)
      this.fail(number, `${excerpt(name)}.END does not close the marker that was opened last`);
    this.#records.push({ kind: 'marker', number, name, edge });
  }

  #count(fields: readonly string[], number: number, shape: string, count: number): void {
    if (fields.length !== count)
      this.fail(
        number,
        `expected ${shape}, found ${fields.length - 1} fields after ${excerpt(fields[0] ?? '')}`,
      );
  }

  #hex(text: string | undefined, number: number, meaning: string): number {
    const value =
      text !== undefined && /^(0x)?[0-9a-f]{1,16}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN;
    if (!Number.isSafeInteger(value))
      this.fail(number, `expected ${meaning} in hexadecimal, found '${excerpt(text ?? '')}'`);
    return value;
  }
}

/** A number as the logs write it. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** Text fit for a message. */
function excerpt(text: string): string {
  const visible = text.replaceAll(/\p{Cc}/gu, '\uFFFD');
  return visible.length > 40 ? `${visible.slice(0, 37)}...` : visible;
}
