/**
 * What is kept of a run at each acknowledgement: how far it had come, what its base was, which pieces were still
 * open, and, without ADR, what flush hints had drained. Enough to answer for that moment later without reading the
 * record again.
 */
import type { HashSum } from './image-hash.ts';
import type { FlushHint } from '../hardware/machine.ts';
import type { MemoryRange } from '../hardware/memory.ts';
import { at, NEVER, type StorePieces } from './store-pieces.ts';

/** The moment an operation returned. */
export interface AcknowledgementPoint {
  readonly operation: number;
  /** Index of the acknowledgement entry in the record. */
  readonly entry: number;
  /** How many pieces had been issued. */
  readonly pieceCount: number;
  readonly level: number;
  /** Hash of the contents under the base, relative to the initial media. */
  readonly baseHash: HashSum;
  /** Pieces issued and not in the base; undefined when there were too many to note (see `oldestOpen`). */
  readonly openPieces: Int32Array | undefined;
  readonly oldestOpen: number;
  /** Domain `none`: per range, the level whose base flush hints have drained. */
  readonly drainedLevels: readonly number[] | undefined;
}

/** Above this many open pieces an acknowledgement keeps only where to look for them. */
const OPEN_PIECES_NOTED_MAX = 1024;

const NO_PIECES = new Int32Array(0);

/** Pieces that the base does not hold yet. */
export class OpenPieces {
  readonly #pieces: StorePieces;
  /** Those that were open at the last look, ascending, and how many they are. */
  #open = new Int32Array(64);
  #count = 0;
  #seen = 0;
  #lookAgainAt = 0;

  constructor(pieces: StorePieces) {
    this.#pieces = pieces;
  }

  /** A lower bound of the oldest open piece. */
  get oldest(): number {
    return this.#count === 0 ? this.#pieces.count : at(this.#open, 0);
  }

  /** The open pieces, ascending; undefined when there are too many. */
  note(): Int32Array | undefined {
    const { requiredFrom, count } = this.#pieces;
    // A long list is looked through again only when it has doubled, so that this stays cheap on average.
    if (this.#count <= OPEN_PIECES_NOTED_MAX || this.#count >= this.#lookAgainAt) {
      this.#dropRequired();
      this.#lookAgainAt = this.#count * 2;
    }
    for (let piece = this.#seen; piece < count; piece++) if (requiredFrom[piece] === NEVER) this.#add(piece);
    this.#seen = count;
    if (this.#count === 0) return NO_PIECES;
    return this.#count > OPEN_PIECES_NOTED_MAX ? undefined : this.#open.slice(0, this.#count);
  }

  #add(piece: number): void {
    if (this.#count === this.#open.length) {
      const open = new Int32Array(this.#count * 2);
      open.set(this.#open);
      this.#open = open;
    }
    this.#open[this.#count++] = piece;
  }

  #dropRequired(): void {
    const { requiredFrom } = this.#pieces;
    let kept = 0;
    for (let index = 0; index < this.#count; index++) {
      const piece = at(this.#open, index);
      if (requiredFrom[piece] === NEVER) this.#open[kept++] = piece;
    }
    this.#count = kept;
  }
}
/** Which bases the flush hints of a run have drained from the write-pending queues (domain `none`). */
export class DrainedModules {
  readonly #hints: readonly FlushHint[];
  readonly #drained = new Map<string, number>();
  readonly #pending: { readonly modules: readonly string[]; readonly level: number }[] = [];

  constructor(hints: readonly FlushHint[]) {
    this.#hints = hints;
  }

  /** A store to a hint address: what is in the base of `level` was accepted before it. */
  hint(address: number, level: number): void {
    const known = this.#hints.find((candidate) => candidate.address === address);
    if (known !== undefined) this.#pending.push({ modules: known.modules, level });
  }

  /** A fence: what the hints before it asked for is done. */
  fence(): void {
    for (const { modules, level } of this.#pending)
      for (const name of modules) this.#drained.set(name, level);
    this.#pending.length = 0;
  }

  /** Per range, the level drained from all its modules; 0 when a module is missing. */
  levels(ranges: readonly MemoryRange[]): number[] {
    return ranges.map(({ modules }) =>
      modules.length === 0 ? 0 : Math.min(...modules.map((name) => this.#drained.get(name) ?? 0)),
    );
  }
}
