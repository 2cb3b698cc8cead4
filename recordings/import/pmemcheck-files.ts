/**
 * Which bytes of which file an address of a pmemcheck log is: files that the log registers, again and again if it likes, and
 * those that `--map` names. Two addresses of one byte of a file are one byte.
 */
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';

/** Where a file lies in memory. */
export interface Mapping {
  readonly path: string;
  readonly address: number;
  readonly sizeBytes: number;
  readonly offsetBytes: number;
}

/** A mapping with the number of its file. */
interface Placed extends Mapping {
  readonly file: number;
}

/** A number as the logs write it. */
export const hexOf = (value: number | bigint): string => `0x${value.toString(16)}`;

/** `PATH@ADDRESS+SIZE`, numbers in hexadecimal with 0x or decimal. Throws `InputError`. */
export function parseMapping(text: string): Mapping {
  const [, path = '', start = '', size = ''] = /^(.+)@(\w+)\+(\w+)$/.exec(text) ?? [];
  const address = numberOf(start);
  const sizeBytes = numberOf(size);
  if (path === '' || Number.isNaN(address) || Number.isNaN(sizeBytes) || sizeBytes === 0)
    throw new InputError(
      `--map ${printable(text)}: expected PATH@ADDRESS+SIZE such as pool.img@0x7f0000000000+0x10000`,
    );
  if (address % PAGE_SIZE_BYTES !== 0)
    throw new InputError(
      `--map ${printable(text)}: expected an address at the start of a page of 4096 bytes`,
    );
  return { path, address, sizeBytes, offsetBytes: 0 };
}

function numberOf(text: string): number {
  const value = /^(0x[0-9a-f]{1,16}|\d{1,15})$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

export class PmemcheckFiles {
  /** By address, none over another: what is mapped again where it was is one mapping. */
  readonly #placed: Placed[] = [];
  readonly #files = new Map<string, number>();
  readonly #unknownPages = new Set<number>();
  #last: Placed | undefined;

  get isEmpty(): boolean {
    return this.#placed.length === 0;
  }

  /** Adds a mapping and returns the number of its file; a text says what it cannot lie over. */
  add(mapping: Mapping): number | string {
    const { path, address, sizeBytes, offsetBytes } = mapping;
    const first = this.#firstBehind(address);
    let [low, high, count] = [address, address + sizeBytes, 0];
    for (let known = this.#placed[first]; known !== undefined && known.address < address + sizeBytes;) {
      if (known.path !== path || known.address - known.offsetBytes !== address - offsetBytes)
        return `${printable(path)} is mapped over ${printable(known.path)}, and the log does not say that it was unmapped`;
      [low, high] = [Math.min(low, known.address), Math.max(high, known.address + known.sizeBytes)];
      known = this.#placed[first + ++count];
    }
    const file = this.#files.get(path) ?? this.#files.size;
    this.#files.set(path, file);
    const whole = { path, address: low, sizeBytes: high - low, offsetBytes: low - (address - offsetBytes) };
    this.#placed.splice(first, count, { ...whole, file });
    return file;
  }

  /** Place of the first mapping that ends behind `address`. */
  #firstBehind(address: number): number {
    let [low, high] = [0, this.#placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const known = this.#placed[middle];
      if (known !== undefined && known.address + known.sizeBytes <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The mapping that holds all of `[address, address + size)`. */
  find(address: number, size: number): Placed | undefined {
    const last = this.#last;
    if (last !== undefined && address >= last.address && address + size <= last.address + last.sizeBytes)
      return last;
    const known = this.#placed[this.#firstBehind(address)];
    const isWhole =
      known !== undefined && address >= known.address && address + size <= known.address + known.sizeBytes;
    this.#last = isWhole ? known : undefined;
    return this.#last;
  }

  /** The parts of `[from, to)` that are mapped, once for each byte of a file. */
  *partsOf(from: number, to: number): Generator<{ file: number; from: number; to: number }> {
    const done: { file: number; from: number; to: number }[] = [];
    for (let index = this.#firstBehind(from); index < this.#placed.length; index++) {
      const { file, address, sizeBytes, offsetBytes } = this.#placed[index] as Placed;
      if (address >= to) return;
      const [low, high] = [Math.max(from, address), Math.min(to, address + sizeBytes)];
      const part = { file, from: low - address + offsetBytes, to: high - address + offsetBytes };
      if (done.some((other) => other.file === file && other.from <= part.from && part.to <= other.to))
        continue;
      done.push(part);
      yield part;
    }
  }

  /** Notes a store that nothing maps. */
  noteUnknown(address: number): void {
    if (this.#unknownPages.size < 2 ** 20) this.#unknownPages.add(Math.floor(address / PAGE_SIZE_BYTES));
  }

  /** What `--map` could name: stretches of pages that stores touch, close ones together. */
  suggestions(): string[] {
    const pages = [...this.#unknownPages].sort((left, right) => left - right);
    const stretches: { from: number; to: number }[] = [];
    for (const page of pages) {
      const last = stretches[stretches.length - 1];
      if (last !== undefined && page - last.to < GAP_PAGES) last.to = page + 1;
      else stretches.push({ from: page, to: page + 1 });
    }
    return stretches
      .slice(0, SUGGESTIONS_MAX)
      .map(
        ({ from, to }, index) =>
          `--map file${index}@${hexOf(from * PAGE_SIZE_BYTES)}+${hexOf((to - from) * PAGE_SIZE_BYTES)}`,
      );
  }
}

/** Pages further apart are taken for different mappings: 64 MiB. */
const GAP_PAGES = 2 ** 14;
const SUGGESTIONS_MAX = 8;
