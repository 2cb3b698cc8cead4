/**
 * Room for what each line of a run must hold, many lines in one piece of memory: runs of millions of events touch hundreds of
 * thousands of lines, and an array of its own for each would take several times the bytes.
 */
import { LINE_WORDS } from '../../order/store-pieces.ts';
import { LINE_SIZE_BYTES } from '../../hardware/units.ts';

/** Lines that share one allocation: few at first, because most runs are small. */
const LINES_FIRST = 8;
const LINES_TOGETHER_MAX = 1024;

/** Some lines next to each other. */
interface Together {
  readonly bytes: Uint8Array;
  readonly newestRequired: Int32Array;
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

  setNewestRequired(word: number, piece: number): void {
    this.#together.newestRequired[this.#slot * LINE_WORDS + word] = piece;
  }
}

export class LineRoom {
  #together: Together | undefined;
  #used = 0;
  #size = LINES_FIRST;

  /** Room for one more line, which holds `initial` (absent: zeros). */
  add(initial: Uint8Array | undefined): LinePlace {
    if (this.#together === undefined || this.#used === this.#size) {
      if (this.#together !== undefined) this.#size = Math.min(this.#size * 2, LINES_TOGETHER_MAX);
      this.#together = {
        bytes: new Uint8Array(this.#size * LINE_SIZE_BYTES),
        newestRequired: new Int32Array(this.#size * LINE_WORDS).fill(-1),
      };
      this.#used = 0;
    }
    const place = new LinePlace(this.#together, this.#used++);
    if (initial !== undefined) place.bytes.set(initial);
    return place;
  }
}
