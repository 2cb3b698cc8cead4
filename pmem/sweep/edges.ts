/**
 * The values that a sweep gives to each dimension. Offsets and sizes run in full; everything else has a default and a few
 * edges, named, so that a row of the sweep can say what it is.
 */
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';

/** Offsets in a line and sizes in bytes, in full. */
export const ALL_OFFSETS: readonly number[] = Array.from({ length: LINE_SIZE_BYTES }, (_, at) => at);
export const ALL_SIZES: readonly number[] = Array.from({ length: 257 }, (_, sizeBytes) => sizeBytes);

/** Around words, the limits of the copy routines (4, 8 and 64 bytes), and lines. */
export const EDGE_OFFSETS: readonly number[] = [0, 1, 3, 4, 7, 8, 31, 57, 60, 61, 63];
export const EDGE_SIZES: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 63, 64, 65, 127, 200];

/** Sizes of a sweep in a hurry. */
export const QUICK_SIZES: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 64, 72, 130];

/** For a dimension that is tried alone and in a hurry. */
export const FEW_OFFSETS: readonly number[] = [0, 4, 61];
export const FEW_SIZES: readonly number[] = [3, 8, 13, 65, 136];

/** A way to cut data in segments; nothing where it makes no sense for that size. */
export interface Split {
  readonly name: string;
  readonly cut: (offset: number, sizeBytes: number) => readonly number[] | undefined;
}

const toNextLine = (offset: number): number => LINE_SIZE_BYTES - (offset % LINE_SIZE_BYTES);

/** Two segments, the first of `first(offset, size)` bytes. */
function twoOf(name: string, first: (offset: number, sizeBytes: number) => number): Split {
  return {
    name,
    cut: (offset, sizeBytes) => {
      const length = first(offset, sizeBytes);
      return length > 0 && length < sizeBytes ? [length, sizeBytes - length] : undefined;
    },
  };
}

/** Three segments around a middle that takes what the ends leave. */
function threeOf(head: number, tail: number): Split {
  return {
    name: `${head}|…|${tail}`,
    cut: (_offset, sizeBytes) =>
      sizeBytes > head + tail ? [head, sizeBytes - head - tail, tail] : undefined,
  };
}

const UP_TO_A_WORD = Array.from({ length: WORD_SIZE_BYTES }, (_, at) => at + 1);

export const WHOLE: Split = { name: 'whole', cut: (_offset, sizeBytes) => [sizeBytes] };

/** In two at every edge (1 to 8 bytes from either end; at, before and behind the end of the line), and chosen threes. */
export const SPLITS: readonly Split[] = [
  WHOLE,
  ...UP_TO_A_WORD.map((length) => twoOf(`${length}|…`, () => length)),
  ...UP_TO_A_WORD.map((length) => twoOf(`…|${length}`, (_offset, sizeBytes) => sizeBytes - length)),
  twoOf('line-1|…', (offset) => toNextLine(offset) - 1),
  twoOf('line|…', (offset) => toNextLine(offset)),
  twoOf('line+1|…', (offset) => toNextLine(offset) + 1),
  threeOf(1, 1),
  threeOf(3, 4),
  threeOf(7, 9),
  threeOf(8, 8),
  threeOf(64, 1),
  { name: '0|…', cut: (_offset, sizeBytes) => [0, sizeBytes] },
  { name: '…|0|1', cut: (_offset, sizeBytes) => (sizeBytes > 1 ? [sizeBytes - 1, 0, 1] : undefined) },
];

/** Where in a page the memory of the data begins; nothing for where it pleases. */
export const STARTS: readonly (number | undefined)[] = [
  undefined,
  0,
  1,
  7,
  8,
  63,
  PAGE_SIZE_BYTES - LINE_SIZE_BYTES,
  PAGE_SIZE_BYTES - WORD_SIZE_BYTES,
  PAGE_SIZE_BYTES - 1,
];

/** How much of the data can be read before a fault; nothing for all of it. */
export interface Readable {
  readonly name: string;
  readonly of: (offset: number, sizeBytes: number) => number | undefined;
}

/** Such a number where it is less than all. */
const lessThanAll = (name: string, of: Readable['of']): Readable => ({
  name,
  of: (offset, sizeBytes) => {
    const length = of(offset, sizeBytes);
    return length !== undefined && length >= 0 && length < sizeBytes ? length : undefined;
  },
});

export const ALL_READABLE: Readable = { name: 'all', of: () => undefined };

export const FAULTS: readonly Readable[] = [
  ALL_READABLE,
  ...[0, 1, 4, 7, 8, 9].map((length) => lessThanAll(`${length}`, () => length)),
  lessThanAll('to the line', toNextLine),
  lessThanAll('all but 8', (_offset, sizeBytes) => sizeBytes - 8),
  lessThanAll('all but 1', (_offset, sizeBytes) => sizeBytes - 1),
];

/** What survives a power failure; without ADR every dimm of every namespace has flush hints. */
export const DOMAINS = ['adr', 'eadr', 'none'] as const;
export type Domain = (typeof DOMAINS)[number];

/** What the queue is told of the cache. */
export const CACHES = ['back', 'through'] as const;
export type Cache = (typeof CACHES)[number];

/** Where the bytes go: anywhere, or over the end of a page. */
export const PLACES = ['anywhere', 'over a page end'] as const;
export type Place = (typeof PLACES)[number];
