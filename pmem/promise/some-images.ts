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
  const chosen = new Map<string, Choice>();
  let isComplete = levels.length === set.view.levels.to - set.view.levels.from + 1;
  for (const level of levels) {
    const options = optionsAt(cells, level);
    if (options === undefined) continue;
    const isSmall = combinations(options) <= share;
    isComplete &&= isSmall;
    for (const choice of isSmall ? everyChoice(options) : someChoices(options, share, level))
      chosen.set(Buffer.from(choice.buffer).toString('latin1'), choice);
  }
  const least = set.minimalImage();
  return { images: Array.from(chosen.values(), (choice) => imageOf(least, cells, choice)), isComplete };
}

/** The number of the content of each cell. */
type Choice = Int32Array;

/** What can be chosen at one level. */
interface Options {
  readonly least: Choice;
  readonly greatest: Choice;
  /** The cells that have several contents, and which. */
  readonly open: readonly { readonly cell: number; readonly contents: readonly number[] }[];
}

/** The levels of a span, or `count` of them from the first to the last. */
function someLevels({ from, to }: LevelSpan, count: number): number[] {
  const all = to - from + 1;
  if (all <= count) return Array.from({ length: all }, (_, index) => from + index);
  return Array.from({ length: count }, (_, index) => from + Math.round((index * (all - 1)) / (count - 1)));
}

/** The contents of cells that are possible at a level, smallest sets of stores first; `undefined` when a cell has none. */
function optionsAt(cells: readonly Cell[], level: number): Options | undefined {
  const [least, greatest] = [new Int32Array(cells.length), new Int32Array(cells.length)];
  const open: { cell: number; contents: number[] }[] = [];
  for (const [cell, own] of cells.entries()) {
    const contents = own
      .contents()
      .flatMap(({ spans }, index) =>
        spans.some(({ from, to }) => from <= level && level <= to) ? [index] : [],
      );
    const [first] = contents;
    if (first === undefined) return undefined;
    least[cell] = first;
    greatest[cell] = contents.at(-1) ?? first;
    if (contents.length > 1) open.push({ cell, contents });
  }
  return { least, greatest, open };
}

function combinations({ open }: Options): number {
  return open.reduce((product, { contents }) => product * contents.length, 1);
}

function everyChoice({ least, open }: Options): Choice[] {
  return open.reduce<Choice[]>(
    (choices, { cell, contents }) =>
      choices.flatMap((choice) => contents.map((content) => choice.with(cell, content))),
    [least],
  );
}

function someChoices({ least, greatest, open }: Options, count: number, seed: number): Choice[] {
  const random = randomFrom(seed);
  const third = Math.max(1, Math.floor(count / 3));
  const picked = Array.from({ length: third }, () => random(open.length));
  const single = open.length <= third ? open.keys() : [0, open.length - 1, ...picked];
  const alone = Array.from(single, (index) => open[index]?.cell ?? 0);
  return [
    least,
    greatest,
    ...alone.map((cell) => least.with(cell, greatest[cell] ?? 0)),
    ...alone.map((cell) => greatest.with(cell, least[cell] ?? 0)),
    ...Array.from({ length: third }, () => {
      const choice = least.slice();
      for (const { cell, contents } of open) choice[cell] = contents[random(contents.length)] ?? 0;
      return choice;
    }),
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

function imageOf(least: SparseImage, cells: readonly Cell[], choice: Choice): SparseImage {
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
