/** What words that depend on each other may hold together, where that is more than all or nothing of each. */
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { ImageSet } from '../images/crash-images.ts';
import type { LevelSpan } from '../order/crash-view.ts';

/** The contents of one cell: words of a line that persist in dependence of each other. */
export interface Choice {
  /** Addresses of its words, ascending. */
  readonly words: readonly number[];
  /** Contents of these words one after another, each possible, the smallest first. */
  readonly contents: readonly Uint8Array[];
  /** For each content the levels at which it is possible; contents of two cells go together where they share one. */
  readonly spans: readonly (readonly LevelSpan[])[];
  /** How many contents there are; more than are listed where it is long. */
  readonly count: number;
}

/** Open pieces of one line above which what it may hold is neither listed nor counted, only bounded. */
export const LINE_PIECES_MAX = 512;

/** Contents of one cell that are listed at most, at even distances. */
const LISTED_MAX = 24;

/** The cells of a line that have more contents than the smallest and the largest, or more words than one. */
export function choicesOf(set: ImageSet): Choice[] {
  const { levels, openPieces } = set.view;
  const { from, to } = levels;
  if (openPieces.length > LINE_PIECES_MAX) return [];
  return set.cells.flatMap((cell) => {
    let contents;
    try {
      contents = cell.contents();
    } catch (error) {
      if (!(error instanceof TooManyImagesError)) throw error;
      return [];
    }
    const isPlain = cell.words.length === 1 && contents.length === 2 && from === to;
    if (contents.length < 2 || isPlain) return [];
    const step = Math.max(1, (contents.length - 1) / (LISTED_MAX - 1));
    const listed = Array.from(
      { length: Math.min(LISTED_MAX, contents.length) },
      (_, index) => contents[Math.round(index * step)],
    ).filter((content) => content !== undefined);
    return [
      {
        words: cell.words.map(({ address }) => address),
        contents: listed.map(({ bytes }) => bytes),
        spans: listed.map(({ spans }) => spans),
        count: contents.length,
      },
    ];
  });
}
