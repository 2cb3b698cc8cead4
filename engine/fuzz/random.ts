/**
 * Chance that can be repeated: the same seed and number give the same draws on every machine. sfc32 (Doty-Humphrey, PractRand),
 * seeded by a mix of both, so that workload n of a seed needs none of those before it.
 */

/** Things to draw from, each with a weight above 0. */
export type Weighted<Item> = readonly (readonly [item: Item, weight: number])[];

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Draws number `number` of `seed`; both are whole numbers. */
  constructor(seed: number, number: number) {
    this.#a = mixed(seed, 0x9e3779b9);
    this.#b = mixed(number, 0x85ebca6b);
    this.#c = mixed(Math.floor(seed / 2 ** 32), Math.floor(number / 2 ** 32));
    for (let round = 0; round < 12; round++) this.#next();
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 up to below `end`, which is at most 2^32. */
  below(end: number): number {
    return Math.floor((this.#next() / 2 ** 32) * end);
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** True in `percent` of a hundred draws. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of `items`. Throws `RangeError` when there is none. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('nothing to draw from');
    return items[this.below(items.length)] as Item;
  }

  /** One of `items`, by weight. */
  pickWeighted<Item>(items: Weighted<Item>): Item {
    let total = 0;
    for (const [, weight] of items) total += weight;
    let left = (this.#next() / 2 ** 32) * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    const last = items.at(-1);
    if (last === undefined) throw new RangeError('nothing to draw from');
    return last[0];
  }

  /** `count` different ones of `items` by weight, or all of them. */
  several<Item>(items: Weighted<Item>, count: number): Item[] {
    const left = [...items];
    const drawn: Item[] = [];
    while (drawn.length < count && left.length > 0) {
      const item = this.pickWeighted(left);
      drawn.push(item);
      left.splice(
        left.findIndex(([one]) => one === item),
        1,
      );
    }
    return drawn;
  }
}

/** Spreads the bits of a number (the finalizer of MurmurHash3, Appleby). */
function mixed(value: number, salt: number): number {
  let bits = (value ^ salt) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
