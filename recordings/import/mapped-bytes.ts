/** Which bytes of a file have been mapped so far: stretches that do not touch, ascending. */

export class MappedBytes {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #last = 0;

  /** Adds `[from, to)`. */
  add(from: number, to: number): void {
    const starts: number[] = [];
    const ends: number[] = [];
    let [low, high] = [from, to];
    for (const [index, start] of this.#starts.entries()) {
      const end = this.#ends[index] ?? 0;
      if (end < low || start > high) {
        starts.push(start);
        ends.push(end);
      } else {
        low = Math.min(low, start);
        high = Math.max(high, end);
      }
    }
    const at = starts.findIndex((start) => start > low);
    const position = at < 0 ? starts.length : at;
    this.#starts.splice(0, Infinity, ...starts.slice(0, position), low, ...starts.slice(position));
    this.#ends.splice(0, Infinity, ...ends.slice(0, position), high, ...ends.slice(position));
    this.#last = 0;
  }

  /** Whether all of `[from, to)` has been mapped. */
  holds(from: number, to: number): boolean {
    if (from >= (this.#starts[this.#last] ?? Infinity) && to <= (this.#ends[this.#last] ?? 0)) return true;
    for (let index = 0; index < this.#starts.length; index++) {
      if (from < (this.#starts[index] ?? 0) || to > (this.#ends[index] ?? 0)) continue;
      this.#last = index;
      return true;
    }
    return false;
  }

  /** For messages: `bytes 0 to 65536`. */
  text(): string {
    const stretches = this.#starts.map((start, index) => `${start} to ${this.#ends[index]}`);
    return `bytes ${stretches.slice(0, 4).join(', ')}${stretches.length > 4 ? ', …' : ''}`;
  }
}
