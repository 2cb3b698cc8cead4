/**
 * Of an image set, the image that comes nearest to wanted contents of a few words: it differs in as few of them as any
 * does. Held beside an image that the set does not allow, it shows the words that make the difference. Where several
 * come equally near, the one with most stored is taken.
 */
import type { CellContent } from './cell-contents.ts';
import { type ImageSet, sameBytes, writersOf } from './image-set.ts';
import { type Cell, cellsOf } from './line-cells.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** What a word holds in the nearest image. */
export interface NearWord {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** The record entries that stored each byte; undefined: there before the run. */
  readonly writers: readonly (number | undefined)[];
}

/** The words of `wanted` (contents by address) in the image of `set` nearest to it, in the order of `wanted`. */
export function nearestWords(set: ImageSet, wanted: ReadonlyMap<number, Uint8Array>): NearWord[] {
  const cells = cellsOfWords(set, wanted.keys());
  const levels = [set.view.levels.from, ...[...cells].flatMap(levelsOf)];
  const tries = levels.map((level) => [...cells].map((cell) => nearestContent(cell, level, wanted)));
  const distances = tries.map((chosen) => chosen.reduce((sum, { distance }) => sum + distance, 0));
  const least = Math.min(...distances);
  const latest = Math.max(...levels.filter((_, index) => distances[index] === least));
  const chosen = tries[levels.indexOf(latest)] ?? [];
  return [...wanted.keys()].map((address) => {
    for (const { cell, content } of chosen) {
      const index = cell.words.findIndex((word) => word.address === address);
      if (index >= 0)
        return { address, bytes: wordOf(content, index), writers: writersOf(cell, content, index) };
    }
    return { address, bytes: set.requiredContent(address), writers: set.requiredWriters(address) };
  });
}

/** The undecided cells of `set` that hold any of the words. */
function cellsOfWords(set: ImageSet, addresses: Iterable<number>): Set<Cell> {
  const wanted = new Set(addresses);
  const lines = new Set([...wanted].map((address) => roundDown(address, LINE_SIZE_BYTES)));
  const cells = [...lines].flatMap((line) => cellsOf(set.view, set.openLines.piecesAt(line)));
  return new Set(cells.filter(({ words }) => words.some(({ address }) => wanted.has(address))));
}

/** The levels at which something becomes possible. */
function levelsOf(cell: Cell): number[] {
  return [...new Set(cell.contents().flatMap(({ spans }) => spans.map(({ from }) => from)))];
}

interface Choice {
  readonly cell: Cell;
  readonly content: CellContent;
  /** Words that are not as wanted. */
  readonly distance: number;
}

function nearestContent(cell: Cell, level: number, wanted: ReadonlyMap<number, Uint8Array>): Choice {
  let nearest: Choice | undefined;
  for (const content of cell.contents()) {
    if (!content.spans.some(({ from, to }) => from <= level && level <= to)) continue;
    const distance = cell.words.filter(({ address }, index) => {
      const bytes = wanted.get(address);
      return bytes !== undefined && !sameBytes(bytes, wordOf(content, index));
    }).length;
    if (nearest === undefined || distance <= nearest.distance) nearest = { cell, content, distance };
  }
  if (nearest === undefined) throw new RangeError(`no content of a cell is possible at level ${level}`);
  return nearest;
}

function wordOf({ bytes }: CellContent, index: number): Uint8Array {
  return bytes.subarray(index * WORD_SIZE_BYTES, (index + 1) * WORD_SIZE_BYTES);
}
