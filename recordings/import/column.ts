/** A number for each entry of a recording that is zero for most recordings: it takes no memory before the first that is not. */
import { trimmed } from '#machine/hardware/record.ts';

export class Column<T extends Uint8Array | Uint32Array> {
  readonly #make: (length: number) => T;
  #values: T;

  /** `make` gives zeros. */
  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(0);
  }

  /** Puts the number of entry `index`; `capacity` is how many entries there is room for. */
  put(index: number, value: number, capacity: number): void {
    if (index >= this.#values.length) {
      if (value === 0) return;
      const values = this.#make(capacity);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[index] = value;
  }

  /** The numbers of the first `length` entries; none where all of them are zero. */
  kept(length: number): T {
    if (this.#values.length === 0 || this.#values.length >= length)
      return trimmed(this.#values, Math.min(length, this.#values.length));
    const values = this.#make(length);
    values.set(this.#values);
    return values;
  }
}
