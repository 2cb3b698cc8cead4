/**
 * What each line of a run must hold, many lines in one piece of memory: runs of millions of events touch hundreds of thousands of
 * lines, and an object with an array of its own for each would take several times the bytes.
 */
import { LINE_WORDS } from '../../order/store-pieces.ts';
import { LINE_SIZE_BYTES } from '../../hardware/units.ts';

/** Lines that share one allocation: few at first, because most runs are small. */
const LINES_FIRST = 8;
const LINES_TOGETHER_MAX = 1024;

/** Some lines next to each other in memory. */
interface Together {
  readonly bytes: Uint8Array;
  readonly newestRequired: Int32Array;
  readonly newestStored: Int32Array;
  used: number;
}

/** The room of one line. */
export class LinePlace {
  readonly #together: Together;
  readonly #slot: number;

  constructor(together: Together, slot: number) {
    this.#together = together;
    this.#slot = slot;
  }

  /** The 64 bytes, to read and to write. */
  get bytes(): Uint8Array {
    const start = this.#slot * LINE_SIZE_BYTES;
    return this.#together.bytes.subarray(start, start + LINE_SIZE_BYTES);
  }

  /** The newest piece of a word (0 to 7) that must have persisted, -1 for none. */
  newestRequired(word: number): number {
    return this.#together.newestRequired[this.#slot * LINE_WORDS + word] ?? -1;
  }

  /** The newest piece of a word so far, -1 for none. */
  newestStored(word: number): number {
    return this.#together.newestStored[this.#slot * LINE_WORDS + word] ?? -1;
  }

  setNewestStored(word: number, piece: number): void {
    this.#together.newestStored[this.#slot * LINE_WORDS + word] = piece;
  }

  setNewestRequired(word: number, piece: number): void {
    this.#together.newestRequired[this.#slot * LINE_WORDS + word] = piece;
  }
}

export class LineRoom {
  readonly #all: Together[] = [];
  /** By line: which of all (times `LINES_TOGETHER_MAX`) and the slot in it. */
  readonly #slots = new Map<number, number>();

  /** Lines (address / 64) that have room, in the order in which they got it. */
  indexes(): Iterable<number> {
    return this.#slots.keys();
  }

  /** The room of a line that has some. */
  find(line: number): LinePlace | undefined {
    const slot = this.#slots.get(line);
    return slot === undefined ? undefined : this.#placeAt(slot);
  }

  /** Gives a line room, which holds `initial` (absent: zeros). */
  add(line: number, initial: Uint8Array | undefined): LinePlace {
    let last = this.#all[this.#all.length - 1];
    if (last === undefined || last.used === last.newestRequired.length / LINE_WORDS) {
      const size = Math.min(LINES_FIRST * 2 ** this.#all.length, LINES_TOGETHER_MAX);
      last = {
        bytes: new Uint8Array(size * LINE_SIZE_BYTES),
        newestRequired: new Int32Array(size * LINE_WORDS).fill(-1),
        newestStored: new Int32Array(size * LINE_WORDS).fill(-1),
        used: 0,
      };
      this.#all.push(last);
    }
    const slot = (this.#all.length - 1) * LINES_TOGETHER_MAX + last.used++;
    this.#slots.set(line, slot);
    const place = this.#placeAt(slot);
    if (initial !== undefined) place.bytes.set(initial);
    return place;
  }

  #placeAt(slot: number): LinePlace {
    const together = this.#all[Math.floor(slot / LINES_TOGETHER_MAX)];
    if (together === undefined) throw new RangeError(`no room ${slot}`);
    return new LinePlace(together, slot % LINES_TOGETHER_MAX);
  }
}
