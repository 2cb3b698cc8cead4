/**
 * Images of a set, listed: all of them while there are few, else a stated number that holds the corners. Two choices of
 * contents for the undecided cells are two images, so no image has to be looked at to tell it from another.
 */
import type { Cell, LevelSpan } from '#machine/images/line-cells.ts';
import type { ImageSet, SparseImage } from '#machine/images/image-set.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';

export interface SomeImages {
  readonly images: readonly SparseImage[];
  /** Whether these are all that there are. */
  readonly isComplete: boolean;
}

/** Images of one level at least, so that its corners are among them. */
const LEVEL_SHARE_MIN = 8;

/**
 * At most about `bound` distinct images of `set`. Each level (fence epoch) has its share, or levels at equal distances
 * when there are too many: all combinations of contents when they fit; else the least and the greatest image, single
 * cells early and single cells late, the first and the last cell among them, and chance. The same set gives the same
 * images.
 */
export function someImages(set: ImageSet, bound: number): SomeImages {
  const { cells } = set;
  const levels = someLevels(set.view.levels, Math.max(2, Math.floor(bound / LEVEL_SHARE_MIN)));
  const share = Math.max(LEVEL_SHARE_MIN, Math.floor(bound / levels.length));
  const chosen = new Map<string, readonly number[]>();
  let isComplete = levels.length === set.view.levels.to - set.view.levels.from + 1;
  for (const level of levels) {
    const options = cells.map((cell) => optionsAt(cell, level));
    if (options.some(({ length }) => length === 0)) continue;
    const isSmall = combinations(options) <= share;
    isComplete &&= isSmall;
    for (const choice of isSmall ? everyChoice(options) : someChoices(options, share, level))
      chosen.set(choice.join(' '), choice);
  }
  const least = set.minimalImage();
  return { images: [...chosen.values()].map((choice) => imageOf(least, cells, choice)), isComplete };
}

/** The levels of a span, or `count` of them from the first to the last. */
function someLevels({ from, to }: LevelSpan, count: number): number[] {
  const all = to - from + 1;
  if (all <= count) return Array.from({ length: all }, (_, index) => from + index);
  return Array.from({ length: count }, (_, index) => from + Math.round((index * (all - 1)) / (count - 1)));
}

/** The contents of a cell that are possible at a level, smallest sets of stores first. */
function optionsAt(cell: Cell, level: number): number[] {
  return cell
    .contents()
    .flatMap(({ spans }, index) =>
      spans.some(({ from, to }) => from <= level && level <= to) ? [index] : [],
    );
}

function combinations(options: readonly number[][]): number {
  return options.reduce((product, { length }) => product * length, 1);
}

function everyChoice(options: readonly number[][]): number[][] {
  return options.reduce<number[][]>(
    (choices, own) => choices.flatMap((choice) => own.map((content) => [...choice, content])),
    [[]],
  );
}

function someChoices(options: readonly number[][], count: number, seed: number): number[][] {
  const least = options.map((own) => own[0] ?? 0);
  const greatest = options.map((own) => own.at(-1) ?? 0);
  const random = randomFrom(seed);
  const open = options.flatMap((own, cell) => (own.length > 1 ? [cell] : []));
  const third = Math.max(1, Math.floor(count / 3));
  const picked = Array.from({ length: third }, () => open[random(open.length)] ?? 0);
  const single = open.length <= third ? open : [open[0] ?? 0, open.at(-1) ?? 0, ...picked];
  return [
    least,
    greatest,
    ...single.map((cell) => least.with(cell, greatest[cell] ?? 0)),
    ...single.map((cell) => greatest.with(cell, least[cell] ?? 0)),
    ...Array.from({ length: third }, () => options.map((own) => own[random(own.length)] ?? 0)),
  ];
}

/** Numbers from 0 to below `limit`, always the same ones for a seed (a linear congruence, Numerical Recipes). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed + 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function imageOf(least: SparseImage, cells: readonly Cell[], choice: readonly number[]): SparseImage {
  const image = new Map(least);
  for (const [cellIndex, cell] of cells.entries()) {
    const content = cell.contents()[choice[cellIndex] ?? 0];
    for (const [index, { address }] of cell.words.entries()) {
      const start = index * WORD_SIZE_BYTES;
      if (content !== undefined) image.set(address, content.bytes.subarray(start, start + WORD_SIZE_BYTES));
    }
  }
  return image;
}
