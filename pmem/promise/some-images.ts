/**
 * Images of a set, listed: all of them while there are few, else a stated number that holds the corners. Two choices of
 * contents for the undecided cells are two images, so no image has to be looked at to tell it from another.
 */
import type { Cell, LevelSpan } from '#machine/images/line-cells.ts';
import type { ImageSet, SparseImage } from '#machine/images/image-set.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';

export interface SomeImages {
  /** The image that holds the least of what was stored. */
  readonly least: SparseImage;
  /** Each by the words in which it differs from the least one. */
  readonly images: readonly SparseImage[];
  /** Whether these are all that there are. */
  readonly isComplete: boolean;
}

/** Images of one level at least, so that its corners are among them. */
const LEVEL_SHARE_MIN = 4;

/**
 * At most about `bound` distinct images of `set`. Each level (fence epoch) has its share, or levels at equal distances
 * when there are too many: all combinations of contents when they fit; else the least and the greatest image, single
 * cells early and single cells late, the first and the last cell among them, and chance. The same set gives the same
 * images.
 */
export function someImages(set: ImageSet, bound: number): SomeImages {
  const { cells } = set;
  const all = levelsThatMatter(cells, set.view.levels);
  const levels = someOf(all, Math.max(2, Math.floor(bound / LEVEL_SHARE_MIN)));
  const share = Math.max(LEVEL_SHARE_MIN, Math.floor(bound / levels.length));
  const chosen = new Map<string, Choice>();
  let isComplete = levels.length === all.length;
  for (const level of levels) {
    const options = optionsAt(cells, level);
    if (options === undefined) continue;
    const isSmall = combinations(options) <= share;
    isComplete &&= isSmall;
    for (const choice of isSmall ? everyChoice(options) : someChoices(options, share, level))
      chosen.set(Buffer.from(choice.buffer).toString('latin1'), choice);
  }
  const first = Int32Array.from(cells, () => 0);
  const images = Array.from(chosen.values(), (choice) => imageOf(cells, choice, first));
  return { least: set.minimalImage(), images, isComplete };
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

/** The first of each run of levels at which the same contents are possible, ascending. */
function levelsThatMatter(cells: readonly Cell[], { from, to }: LevelSpan): number[] {
  const changes = new Set([from]);
  for (const cell of cells)
    for (const { spans } of cell.contents())
      for (const span of spans) for (const level of [span.from, span.to + 1]) changes.add(level);
  return [...changes].filter((level) => level >= from && level <= to).sort((left, right) => left - right);
}

/** Some of `all`, `count` at most, at equal distances from the first to the last. */
function someOf(all: readonly number[], count: number): number[] {
  if (all.length <= count) return [...all];
  const picked = Array.from({ length: count }, (_, index) =>
    Math.round((index * (all.length - 1)) / (count - 1)),
  );
  return picked.flatMap((place) => all[place] ?? []);
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
  const choices = [
    least,
    greatest,
    ...alone.flatMap((cell) => [
      least.with(cell, greatest[cell] ?? 0),
      greatest.with(cell, least[cell] ?? 0),
    ]),
    ...Array.from({ length: third }, () => {
      const choice = least.slice();
      for (const { cell, contents } of open) choice[cell] = contents[random(contents.length)] ?? 0;
      return choice;
    }),
  ];
  return choices.slice(0, Math.max(count, 2 + 2 * Math.min(2, alone.length)));
}

/** Numbers from 0 to below `limit`, always the same ones for a seed (a linear congruence, Numerical Recipes). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed + 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** The words of the cells in which `choice` is another than `least`. */
function imageOf(cells: readonly Cell[], choice: Choice, least: Choice): SparseImage {
  const image = new Map<number, Uint8Array>();
  for (const [cellIndex, cell] of cells.entries()) {
    if (choice[cellIndex] === least[cellIndex]) continue;
    const content = cell.contents()[choice[cellIndex] ?? 0];
    for (const [index, { address }] of cell.words.entries()) {
      const start = index * WORD_SIZE_BYTES;
      if (content !== undefined) image.set(address, content.bytes.subarray(start, start + WORD_SIZE_BYTES));
    }
  }
  return image;
}
