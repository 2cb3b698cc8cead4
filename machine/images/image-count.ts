/**
 * How many distinct images a union over levels of products over cells holds. When every content of every cell is
 * possible in one unbroken span of levels, each image is counted at the level where it first becomes possible.
 * Contents that come back (a word that is set, cleared and set again) need the slower, general count by level sets.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { LevelSpan } from '../order/crash-view.ts';
import type { Cell } from './line-cells.ts';

/** How many different sets of levels the general count keeps before it gives up. */
export const LEVEL_SETS_MAX = 1 << 16;

/** The number of ways to choose one content per cell such that one level allows them all. */
export function countUnion(cells: readonly Cell[], levels: LevelSpan): bigint {
  const broken = cells.some((cell) => cell.contents().some((content) => content.spans.length > 1));
  return broken ? countByLevelSets(cells, levels) : countByFirstLevel(cells, levels);
}

/** A product of small numbers that can be changed factor by factor. */
class Product {
  readonly #multiplicities = new Map<number, number>();

  change(from: number | undefined, to: number): void {
    if (from !== undefined) this.#multiplicities.set(from, (this.#multiplicities.get(from) ?? 0) - 1);
    this.#multiplicities.set(to, (this.#multiplicities.get(to) ?? 0) + 1);
  }

  value(): bigint {
    let product = 1n;
    for (const [factor, multiplicity] of this.#multiplicities)
      if (multiplicity > 0) product *= BigInt(factor) ** BigInt(multiplicity);
    return product;
  }
}

interface LevelChange {
  readonly cellIndex: number;
  started: number;
  ended: number;
  /** How many of its contents were possible before and still are. */
  carried: number;
}

function countByFirstLevel(cells: readonly Cell[], levels: LevelSpan): bigint {
  const changes = changesByLevel(cells);
  const possible = cells.map(() => 0);
  const product = new Product();
  for (const _ of cells) product.change(undefined, 0);
  let total = 0n;
  const order = [...changes.keys()].sort((left, right) => left - right);
  for (const level of order.length === 0 ? [levels.from] : order) {
    const here = [...(changes.get(level) ?? new Map<number, LevelChange>()).values()];
    // First what was possible before and still is, then all that is: the difference is new at this level.
    for (const change of here) change.carried = (possible[change.cellIndex] ?? 0) - change.ended;
    for (const { cellIndex, carried } of here) {
      product.change(possible[cellIndex], carried);
      possible[cellIndex] = carried;
    }
    const before = level === levels.from ? 0n : product.value();
    for (const { cellIndex, carried, started } of here) {
      product.change(carried, carried + started);
      possible[cellIndex] = carried + started;
    }
    if (here.some((change) => change.started > 0) || level === levels.from) total += product.value() - before;
  }
  return total;
}

function changesByLevel(cells: readonly Cell[]): Map<number, Map<number, LevelChange>> {
  const changes = new Map<number, Map<number, LevelChange>>();
  const note = (level: number, cellIndex: number, started: number, ended: number): void => {
    let ofLevel = changes.get(level);
    if (ofLevel === undefined) changes.set(level, (ofLevel = new Map<number, LevelChange>()));
    const change = ofLevel.get(cellIndex) ?? { cellIndex, started: 0, ended: 0, carried: 0 };
    change.started += started;
    change.ended += ended;
    ofLevel.set(cellIndex, change);
  };
  for (const [cellIndex, cell] of cells.entries()) {
    for (const content of cell.contents()) {
      for (const span of content.spans) {
        note(span.from, cellIndex, 1, 0);
        note(span.to + 1, cellIndex, 0, 1);
      }
    }
  }
  return changes;
}

function countByLevelSets(cells: readonly Cell[], levels: LevelSpan): bigint {
  const spanLists = cells.flatMap((cell) => cell.contents().map((content) => content.spans));
  const bits = levelBits(spanLists, levels);
  let counts = new Map<bigint, bigint>([[bits.all, 1n]]);
  for (const cell of cells) {
    const next = new Map<bigint, bigint>();
    for (const content of cell.contents()) {
      const mask = bits.of(content.spans);
      for (const [levelSet, count] of counts) {
        const both = levelSet & mask;
        if (both !== 0n) next.set(both, (next.get(both) ?? 0n) + count);
      }
    }
    if (next.size > LEVEL_SETS_MAX)
      throw new TooManyImagesError(
        `more than ${LEVEL_SETS_MAX} level sets: acknowledge more often or raise LEVEL_SETS_MAX`,
      );
    counts = next;
  }
  let total = 0n;
  for (const count of counts.values()) total += count;
  return total;
}

/** Sets of levels as bits, one bit per stretch of levels that none of `spanLists` divides. */
export function levelBits(
  spanLists: readonly (readonly LevelSpan[])[],
  levels: LevelSpan,
): { readonly all: bigint; readonly of: (spans: readonly LevelSpan[]) => bigint } {
  const starts = new Set<number>([levels.from]);
  for (const spans of spanLists)
    for (const span of spans) for (const start of [span.from, span.to + 1]) starts.add(start);
  const sorted = [...starts].filter((start) => start <= levels.to).sort((left, right) => left - right);
  const indexOf = new Map(sorted.map((start, index) => [start, BigInt(index)]));
  const size = BigInt(sorted.length);
  const below = (level: number): bigint => (1n << (indexOf.get(level) ?? size)) - 1n;
  return {
    all: (1n << size) - 1n,
    of: (spans) => spans.reduce((mask, span) => mask | (below(span.to + 1) & ~below(span.from)), 0n),
  };
}
