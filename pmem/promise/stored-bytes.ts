/**
 * What the instructions of a run stored, followed operation by operation: the newest content of every byte of memory,
 * and the ranges that one operation stored to.
 */
import type { ByteSpan } from '#machine/images/image-set.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import type { InstructionRecord } from '#machine/hardware/record.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';

const NO_STORES = new Uint8Array(PAGE_SIZE_BYTES);

/** The newest content of memory: what every image would hold if everything stored so far had persisted. */
export class NewestContents {
  readonly #initial: MediaImage;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(initial: MediaImage) {
    this.#initial = initial;
  }

  /** Goes on by the entries `[from, to)` of the record. */
  follow(record: InstructionRecord, from: number, to: number): void {
    for (let entry = from; entry < to; entry++) {
      const bytes = record.dataOf(entry);
      if (bytes.length > 0) this.#store(record.addresses[entry] ?? 0, bytes);
    }
  }

  /** The bytes of a page; not to be written to. */
  page(index: number): Uint8Array {
    return this.#pages.get(index) ?? this.#initial.get(index) ?? NO_STORES;
  }

  #store(address: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const offset = (address + done) % PAGE_SIZE_BYTES;
      const length = Math.min(PAGE_SIZE_BYTES - offset, bytes.length - done);
      const index = (address + done - offset) / PAGE_SIZE_BYTES;
      let page = this.#pages.get(index);
      if (page === undefined) this.#pages.set(index, (page = this.page(index).slice()));
      page.set(bytes.length === length ? bytes : bytes.subarray(done, done + length), offset);
      done += length;
    }
  }
}

/** The ranges that the entries `[from, to)` stored to, ascending; they do not touch. */
export function storedSpans(record: InstructionRecord, from: number, to: number): ByteSpan[] {
  const spans: { start: number; end: number }[] = [];
  for (let entry = from; entry < to; entry++) {
    const { length } = record.dataOf(entry);
    if (length === 0) continue;
    const start = record.addresses[entry] ?? 0;
    const last = spans.at(-1);
    if (last !== undefined && start >= last.start && start <= last.end)
      last.end = Math.max(last.end, start + length);
    else spans.push({ start, end: start + length });
  }
  spans.sort((left, right) => left.start - right.start);
  const merged: { start: number; end: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push(span);
  }
  return merged;
}
