/**
 * Which stored pieces are on their way: a fence of the CPU that asked for it completes them. Non-temporal stores are, from the
 * start; a cached one once its line has been written back. Only tells `volatile` from `in flight`: what may be lost is asked of
 * the image sets.
 */
import type { PersistsBefore } from '../order/persists-before.ts';
import { alone, at, isAlone, LINE_WORDS } from '../order/store-pieces.ts';
import { EntryKind } from '../hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown } from '../hardware/units.ts';
import type { Unit } from './unit-record.ts';

export class PendingPieces {
  readonly #order: PersistsBefore;
  /** By line (in words of the table of pieces): its newest cached piece, and the newest that is on its way. */
  readonly #newestCached = new Map<number, number>();
  readonly #covered = new Map<number, number>();
  /** Pieces of strings that are on their way without their siblings. */
  readonly #alone = new Set<number>();
  readonly #lineOfAddress = new Map<number, number>();
  #seen = 0;

  constructor(order: PersistsBefore) {
    this.#order = order;
  }

  /** Notes that `unit` ran, after which there are `pieceCount` pieces. Returns the addresses of lines that it wrote back. */
  unit(unit: Unit | undefined, pieceCount: number): number[] {
    const { pieces } = this.#order;
    for (; this.#seen < pieceCount; this.#seen++) {
      const line = this.#lineOf(this.#seen);
      const address = pieces.addressOfWord(at(pieces.words, this.#seen));
      this.#lineOfAddress.set(roundDown(address, LINE_SIZE_BYTES), line);
      if (!pieces.isNonTemporal(this.#seen)) this.#newestCached.set(line, this.#seen);
      else if (this.#order.setting.nonTemporalInDirtyLine === 'write-back')
        this.#cover(line, at(pieces.cachedBefore, this.#seen));
    }
    return unit !== undefined && this.#covers(unit.kind) ? this.#coverLines(unit) : [];
  }

  /** Whether the next fence completes a piece that nothing requires yet. */
  has(piece: number): boolean {
    if (piece < 0) return false;
    if (this.#order.pieces.isNonTemporal(piece) || this.#alone.has(piece)) return true;
    return piece <= (this.#covered.get(this.#lineOf(piece)) ?? -1);
  }

  #covers(kind: number): boolean {
    return kind === EntryKind.clwb || kind === EntryKind.clflushopt || kind === EntryKind.clflush;
  }

  #coverLines({ address, count }: Unit): number[] {
    const covered: number[] = [];
    for (let index = 0; index < count; index++) {
      const lineAddress = address + index * LINE_SIZE_BYTES;
      const line = this.#lineOfAddress.get(lineAddress);
      if (line === undefined) continue;
      this.#cover(line, this.#newestCached.get(line) ?? -1);
      covered.push(lineAddress);
    }
    return covered;
  }

  #cover(line: number, newest: number): void {
    if (isAlone(newest)) this.#alone.add(alone(newest));
    const piece = isAlone(newest) ? this.#order.pieces.cachedBeforeInstruction(alone(newest)) : newest;
    this.#covered.set(line, Math.max(piece, this.#covered.get(line) ?? -1));
  }

  #lineOf(piece: number): number {
    return Math.floor(at(this.#order.pieces.words, piece) / LINE_WORDS);
  }
}
