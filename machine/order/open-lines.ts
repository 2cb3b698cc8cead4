/**
 * Open pieces by line, so that a set can be worked through line by line in order of address. A large
 * set has millions of undecided words: their cells are then made for one line at a time and forgotten.
 */
import { at, LINE_WORDS, PAGE_WORDS, type StorePieces } from './store-pieces.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES } from '../hardware/units.ts';

const PAGE_LINES = PAGE_WORDS / LINE_WORDS;
const NO_PIECES = new Int32Array(0);

export class OpenLines {
  /** Indexes (address / 4096) of the pages with open pieces, ascending. */
  readonly pageIndexes: readonly number[];
  // Pages in order of first open piece, and for each line of these pages where its pieces start.
  readonly #positionOfPage = new Map<number, number>();
  readonly #starts: Int32Array;
  readonly #pieces: Int32Array;

  /** `openPieces` ascending. */
  constructor(pieces: StorePieces, openPieces: Int32Array) {
    const positionOfSlot = new Map<number, number>();
    const lines = new Int32Array(openPieces.length);
    for (const [index, piece] of openPieces.entries()) {
      const word = at(pieces.words, piece);
      const slot = Math.floor(word / PAGE_WORDS);
      let position = positionOfSlot.get(slot);
      if (position === undefined) positionOfSlot.set(slot, (position = positionOfSlot.size));
      lines[index] = position * PAGE_LINES + Math.floor((word % PAGE_WORDS) / LINE_WORDS);
    }
    for (const [slot, position] of positionOfSlot)
      this.#positionOfPage.set(pieces.pages[slot]?.pageIndex ?? 0, position);
    this.pageIndexes = [...this.#positionOfPage.keys()].sort((left, right) => left - right);
    this.#starts = startsOf(lines, positionOfSlot.size * PAGE_LINES);
    this.#pieces = new Int32Array(lines.length);
    const next = this.#starts.slice();
    for (const [index, piece] of openPieces.entries()) {
      const line = at(lines, index);
      this.#pieces[at(next, line)] = piece;
      next[line] = at(next, line) + 1;
    }
  }

  /** The open pieces of the line at `address`, ascending. */
  piecesAt(address: number): Int32Array {
    const position = this.#positionOfPage.get(Math.floor(address / PAGE_SIZE_BYTES));
    if (position === undefined) return NO_PIECES;
    const line = position * PAGE_LINES + Math.floor((address % PAGE_SIZE_BYTES) / LINE_SIZE_BYTES);
    const [start, end] = [at(this.#starts, line), at(this.#starts, line + 1)];
    return start === end ? NO_PIECES : this.#pieces.subarray(start, end);
  }
}

/** Addresses of the lines that have open pieces in any of `sets`, ascending. */
export function* undecidedLines(...sets: readonly OpenLines[]): Generator<number> {
  const pages = new Set(sets.flatMap(({ pageIndexes }) => pageIndexes));
  for (const page of [...pages].sort((left, right) => left - right)) {
    for (let offset = 0; offset < PAGE_SIZE_BYTES; offset += LINE_SIZE_BYTES) {
      const address = page * PAGE_SIZE_BYTES + offset;
      if (sets.some((set) => set.piecesAt(address).length > 0)) yield address;
    }
  }
}

/** Where each of `count` lines starts when the items of `lines` are put in order; one more entry, the end. */
function startsOf(lines: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const line of lines) starts[line + 1] = at(starts, line + 1) + 1;
  for (let line = 0; line < count; line++) starts[line + 1] = at(starts, line + 1) + at(starts, line);
  return starts;
}
