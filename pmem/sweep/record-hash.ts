/** Names for parts of a record, made as cheaply as can be: two hashes of 32 bits side by side, in one number. */
import type { InstructionRecord } from '#machine/hardware/record.ts';

const PRIME = 0x01000193;
const OTHER_PRIME = 0x85ebca6b;

/** Gathers numbers, bytes and texts; not for adversaries. */
export class CheapHash {
  #one = 0x811c9dc5;
  #other = 0x9e3779b9;

  /** Adds a number below 2^53. */
  number(value: number): void {
    this.#word(value | 0);
    this.#word(Math.floor(value / 2 ** 32) | 0);
  }

  text(text: string): void {
    this.#word(text.length);
    for (let at = 0; at < text.length; at++) this.#word(text.charCodeAt(at));
  }

  bytes(bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.#word(to - from);
    let at = from;
    for (; at + 3 < to; at += 4)
      this.#word(
        (bytes[at] ?? 0) |
          ((bytes[at + 1] ?? 0) << 8) |
          ((bytes[at + 2] ?? 0) << 16) |
          ((bytes[at + 3] ?? 0) << 24),
      );
    for (; at < to; at++) this.#word(bytes[at] ?? 0);
  }

  /** Entries of a record, with what they stored. */
  entries(record: InstructionRecord, from: number, to: number): void {
    for (let entry = from; entry < to; entry++) {
      this.#word(record.kinds[entry] ?? 0);
      this.number(record.addresses[entry] ?? 0);
      this.#word(record.unitSizes[entry] ?? 0);
      this.#word(record.counts[entry] ?? 0);
      const data = record.dataOf(entry);
      if (data.length > 0) this.bytes(data);
    }
  }

  /** A whole number below 2^52. */
  value(): number {
    return (this.#one >>> 0) * 2 ** 20 + ((this.#other >>> 0) % 2 ** 20);
  }

  #word(value: number): void {
    this.#one = Math.imul(this.#one ^ value, PRIME);
    this.#other = Math.imul(this.#other ^ value, OTHER_PRIME);
    this.#other ^= this.#other >>> 15;
  }
}
