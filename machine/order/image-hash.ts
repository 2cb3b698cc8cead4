/**
 * A 128-bit hash of sets of (word, content) pairs that can be updated one word at a time: the sum, in four 32-bit
 * lanes, of a position-dependent hash per word. Sums commute and can be taken back, so the hash of an image
 * follows from the one before it at the cost of the words that changed. Not cryptographic: it guards against
 * chance, not against an adversary.
 */

/** One step of mixing: folds `value` into `state` (both 32-bit). */
export function mix(state: number, value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b) ^ state;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) + Math.imul(state, 5) + 0x52dce729;
}

/** A mutable 128-bit sum. All arithmetic is modulo 2^32 per lane. */
export class HashSum {
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  /**
   * Adds (`sign` 1) or takes back (`sign` -1) the word that holds `low` and `high`. `place` is `wordPlace`, and
   * `version` tells apart equal contents that mean different things (0 where contents alone count). Zeroes add
   * nothing: most words are zero before they are stored to, and a hash may as well be 0 there as anything else.
   */
  addWord(place: number, low: number, high: number, version: number, sign: number): void {
    if ((low | high | version) === 0) return;
    // Two products per operand and a final avalanche per lane: this is the inner loop of a digest.
    let x = Math.imul(low ^ place, 0x9e3779b1) + Math.imul(high + version, 0x85ebca77);
    let y = Math.imul(high ^ (place + version), 0xc2b2ae3d) + Math.imul(low, 0x27d4eb2f);
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
    y = Math.imul(y ^ (y >>> 15), 0x297a2d39);
    x ^= x >>> 13;
    y ^= y >>> 14;
    const u = Math.imul(x + place, 0x846ca68b) ^ y;
    const v = Math.imul(y ^ place, 0x7feb352d) + x;
    // All ones takes the lane back: (lane ^ -1) - -1 is -lane, and stays a 32-bit operation.
    const mask = sign >> 31;
    this.a = (this.a + (Math.imul(u ^ (u >>> 15), 0x165667b1) ^ mask) - mask) | 0;
    this.b = (this.b + (Math.imul(v ^ (v >>> 16), 0x1b873593) ^ mask) - mask) | 0;
    this.c = (this.c + (Math.imul(x, 0x5bd1e995) ^ (v >>> 7) ^ mask) - mask) | 0;
    this.d = (this.d + (Math.imul(y, 0x68e31da5) ^ (u >>> 9) ^ mask) - mask) | 0;
  }

  /**
   * Adds or takes back the `count` words of a page from `firstWord` on; `halves` are the page's contents, two numbers
   * per word. The same as that many `addWord` with version 0, but the sums stay in registers.
   */
  addWords(page: number, halves: Int32Array, firstWord: number, count: number, sign: number): void {
    let { a, b, c, d } = this;
    const mask = sign >> 31;
    for (let word = firstWord; word < firstWord + count; word++) {
      const low = halves[word * 2] ?? 0;
      const high = halves[word * 2 + 1] ?? 0;
      if ((low | high) === 0) continue;
      const place = wordPlace(page, word);
      let x = Math.imul(low ^ place, 0x9e3779b1) + Math.imul(high, 0x85ebca77);
      let y = Math.imul(high ^ place, 0xc2b2ae3d) + Math.imul(low, 0x27d4eb2f);
      x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
      y = Math.imul(y ^ (y >>> 15), 0x297a2d39);
      x ^= x >>> 13;
      y ^= y >>> 14;
      const u = Math.imul(x + place, 0x846ca68b) ^ y;
      const v = Math.imul(y ^ place, 0x7feb352d) + x;
      a = (a + (Math.imul(u ^ (u >>> 15), 0x165667b1) ^ mask) - mask) | 0;
      b = (b + (Math.imul(v ^ (v >>> 16), 0x1b873593) ^ mask) - mask) | 0;
      c = (c + (Math.imul(x, 0x5bd1e995) ^ (v >>> 7) ^ mask) - mask) | 0;
      d = (d + (Math.imul(y, 0x68e31da5) ^ (u >>> 9) ^ mask) - mask) | 0;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** Adds another sum. */
  add(other: HashSum, sign = 1): void {
    this.a = (this.a + sign * other.a) | 0;
    this.b = (this.b + sign * other.b) | 0;
    this.c = (this.c + sign * other.c) | 0;
    this.d = (this.d + sign * other.d) | 0;
  }

  /** Adds one element that is made of two sums, so that a set of pairs can be summed without order. */
  addPair(first: HashSum, second: HashSum): void {
    const x = mix(mix(first.a, second.b), mix(first.c, second.d));
    const y = mix(mix(second.a, first.b), mix(second.c, first.d));
    this.a = (this.a + mix(x, 1)) | 0;
    this.b = (this.b + mix(y, 2)) | 0;
    this.c = (this.c + mix(mix(x, second.a), first.a)) | 0;
    this.d = (this.d + mix(mix(y, first.b), second.b)) | 0;
  }

  copyFrom(other: HashSum): void {
    this.a = other.a;
    this.b = other.b;
    this.c = other.c;
    this.d = other.d;
  }

  equals(other: HashSum): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c && this.d === other.d;
  }

  /** 32 hexadecimal digits. */
  toString(): string {
    return [this.a, this.b, this.c, this.d]
      .map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }
}

/** The part of a word's hash that depends on its page; `pageIndex` may exceed 32 bits. */
export function pagePlace(pageIndex: number): number {
  return mix(mix(0x2545f491, pageIndex | 0), Math.floor(pageIndex / 0x1_0000_0000) | 0);
}

/** The part of a word's hash that depends on where it is. */
export function wordPlace(page: number, wordInPage: number): number {
  return Math.imul(page ^ wordInPage, 0x9e3779b1) ^ (page >>> 11);
}

/** Four bytes from `start` as a number, low byte first. */
export function readHalf(bytes: Uint8Array, start: number): number {
  return (
    (bytes[start] ?? 0) |
    ((bytes[start + 1] ?? 0) << 8) |
    ((bytes[start + 2] ?? 0) << 16) |
    ((bytes[start + 3] ?? 0) << 24)
  );
}

/** Adds (or, with `sign` -1, takes back) the word that starts at `bytes[start]`. */
export function addBytes(
  sum: HashSum,
  place: number,
  bytes: Uint8Array,
  start: number,
  version: number,
  sign: number,
): void {
  sum.addWord(place, readHalf(bytes, start), readHalf(bytes, start + 4), version, sign);
}
