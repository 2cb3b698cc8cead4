/**
 * The newest piece of each word that a run has stored to so far. Lines are numbered by the pages of the run: line 64 * slot + n is
 * line n of the page in that slot. Many lines share a piece of memory: runs of millions of events touch hundreds of thousands, and
 * an array of its own for each would take several times as much.
 */
import { LINE_WORDS } from '../../order/store-pieces.ts';

/** Lines that share one allocation: few at first, because most runs are small. */
const LINES_FIRST = 8;
const LINES_TOGETHER_MAX = 1024;

export class NewestStored {
  readonly #all: Int32Array[] = [];
  #used = 0;
  /** By line: which of all (times `LINES_TOGETHER_MAX`) and the place in it, plus one; 0 for none. */
  readonly #slots: Int32Array;

  /** `lineCount`: of all pages of the run. */
  constructor(lineCount: number) {
    this.#slots = new Int32Array(lineCount);
  }

  /** Lines that were stored to, ascending. */
  *lines(): Generator<number> {
    for (let line = 0; line < this.#slots.length; line++) if (this.#slots[line] !== 0) yield line;
  }

  /** Whether a line was stored to. */
  has(line: number): boolean {
    return this.#slots[line] !== 0;
  }

  /** The newest piece of a word (0 to 7) of a line, -1 for none. */
  of(line: number, word: number): number {
    const slot = (this.#slots[line] ?? 0) - 1;
    if (slot < 0) return -1;
    return (
      this.#all[Math.floor(slot / LINES_TOGETHER_MAX)]?.[(slot % LINES_TOGETHER_MAX) * LINE_WORDS + word] ??
      -1
    );
  }

  /** Notes that `piece` is now the newest of a word of a line. */
  note(line: number, word: number, piece: number): void {
    let slot = (this.#slots[line] ?? 0) - 1;
    if (slot < 0) slot = this.#add(line);
    const together = this.#all[Math.floor(slot / LINES_TOGETHER_MAX)];
    if (together !== undefined) together[(slot % LINES_TOGETHER_MAX) * LINE_WORDS + word] = piece;
  }

  #add(line: number): number {
    let last = this.#all[this.#all.length - 1];
    if (last === undefined || this.#used === last.length / LINE_WORDS) {
      const size = Math.min(LINES_FIRST * 2 ** this.#all.length, LINES_TOGETHER_MAX);
      last = new Int32Array(size * LINE_WORDS).fill(-1);
      this.#all.push(last);
      this.#used = 0;
    }
    const slot = (this.#all.length - 1) * LINES_TOGETHER_MAX + this.#used++;
    this.#slots[line] = slot + 1;
    return slot;
  }
}
