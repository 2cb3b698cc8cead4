/**
 * The states of a tree machine: five columns of numbers, and a hash table to tell which of the newest are there already.
 * Clearing the table between programs would cost more than all else, so its entries carry a generation instead.
 */

const STATES_MAX = 1 << 17;
const TABLE_SIZE = STATES_MAX * 2;

export class TreeStates {
  /** Bit i: instruction i has left the store buffer. */
  readonly left = new Uint8Array(STATES_MAX);
  /** Three bits for each word. */
  readonly media = new Int32Array(STATES_MAX);
  /** Buffers of the two lines and the queue before the media: three bits for each entry, the oldest lowest. */
  readonly lineZero = new Int32Array(STATES_MAX);
  readonly lineOne = new Int32Array(STATES_MAX);
  readonly queue = new Int32Array(STATES_MAX);
  #count = 0;
  readonly #table = new Int32Array(TABLE_SIZE);
  readonly #generations = new Int32Array(TABLE_SIZE);
  #generation = 1;

  get count(): number {
    return this.#count;
  }

  /** Forgets all but the first `count` states. */
  keep(count: number): void {
    this.#count = count;
  }

  /** States added before this are not compared with those added after it. */
  startAdding(): void {
    this.#generation++;
  }

  /** Adds a state unless it has been added since `startAdding`. */
  add(left: number, media: number, zero: number, one: number, queue: number): void {
    let hash = Math.imul(left ^ (media << 7), 0x9e3779b1) ^ Math.imul(zero ^ (one << 11), 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15) ^ queue, 0xc2b2ae3d);
    let slot = (hash ^ (hash >>> 13)) & (TABLE_SIZE - 1);
    while (this.#generations[slot] === this.#generation) {
      const known = this.#table[slot]!;
      if (
        this.left[known] === left &&
        this.media[known] === media &&
        this.lineZero[known] === zero &&
        this.lineOne[known] === one &&
        this.queue[known] === queue
      )
        return;
      slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    if (this.#count === STATES_MAX) throw new RangeError(`a program has more than ${STATES_MAX} states`);
    const state = this.#count++;
    this.#generations[slot] = this.#generation;
    this.#table[slot] = state;
    this.left[state] = left;
    this.media[state] = media;
    this.lineZero[state] = zero;
    this.lineOne[state] = one;
    this.queue[state] = queue;
  }
}
