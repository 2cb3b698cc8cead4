/** Which bytes are compared: all, or those of some stretches. Images are restricted to them; the rest may differ. */
import { LINE_SIZE_BYTES } from '../../hardware/units.ts';
import type { ByteSpan } from '../image-set.ts';

export class ComparedBytes {
  readonly #spans: readonly ByteSpan[] | undefined;
  readonly #scratch = Buffer.alloc(LINE_SIZE_BYTES);
  readonly #masks = new Map<number, Uint8Array | false>();

  /** `undefined`: all bytes. */
  constructor(spans: readonly ByteSpan[] | undefined) {
    this.#spans = spans;
  }

  /** Whether any byte of a line counts. */
  counts(line: number): boolean {
    return this.#mask(line) !== false;
  }

  /** The bytes of a line (all 64) that count, as text that is equal for equal bytes. */
  keyOf(line: number, bytes: Uint8Array): string {
    const mask = this.#mask(line);
    const kept = this.#scratch;
    kept.set(bytes);
    if (mask !== undefined)
      for (let index = 0; index < kept.length; index++)
        if (mask === false || mask[index] === 0) kept[index] = 0;
    return kept.toString('latin1');
  }

  /** Whether two contents of a line are the same where it counts. */
  areSame(line: number, left: Uint8Array, right: Uint8Array): boolean {
    const mask = this.#mask(line);
    if (mask === false) return true;
    for (let index = 0; index < LINE_SIZE_BYTES; index++)
      if (left[index] !== right[index] && mask?.[index] !== 0) return false;
    return true;
  }

  /** Whether all bytes of a line count. */
  isWhole(line: number): boolean {
    const mask = this.#mask(line);
    return mask === undefined || (mask !== false && !mask.includes(0));
  }

  /** Whether byte `index` of a line counts. */
  countsByte(line: number, index: number): boolean {
    const mask = this.#mask(line);
    return mask === undefined || (mask !== false && mask[index] === 1);
  }

  /** undefined: all of the line; false: none of it. */
  #mask(line: number): Uint8Array | undefined | false {
    if (this.#spans === undefined) return undefined;
    let mask = this.#masks.get(line);
    if (mask === undefined) {
      const bytes = new Uint8Array(LINE_SIZE_BYTES);
      const start = line * LINE_SIZE_BYTES;
      for (const span of this.#spans)
        if (span.start < start + LINE_SIZE_BYTES && span.end > start)
          bytes.fill(1, Math.max(0, span.start - start), Math.min(LINE_SIZE_BYTES, span.end - start));
      mask = bytes.includes(1) ? bytes : false;
      this.#masks.set(line, mask);
    }
    return mask;
  }
}
