/** Numbers near edges, where mistakes are: of words, lines, sectors, pages, huge pages, of chunks and members of mapped devices. */
import type { Random } from '#engine/fuzz/random.ts';
import { roundDown } from '#machine/hardware/units.ts';

/** Sizes in which the machine and the kernel count. */
const UNITS = [8, 64, 64, 512, 4096, 4096];

/** The same for sizes. */
const SIZE_UNITS = [8, 64, 64, 64, 512, 4096];

/** How far from an edge a number lies. */
const DISTANCES = [0, 0, 0, 1, -1, 2, -2, 3, -4, 4, -6, 7, -8, 8];

/** Places further away than this only come as borders, or by chance. */
const NEAR_BYTES = 40 * 1024;

/** A place from 0 up to below `endBytes`; `borders` are edges of its own, such as those of members. */
export function placeNear(random: Random, endBytes: number, borders: readonly number[]): number {
  const last = endBytes - 1;
  const kind = random.below(10);
  if (kind < 3) return Math.min(random.below(80), last);
  if (kind === 9) return random.below(Math.min(last, NEAR_BYTES) + 1);
  const unit = random.pick(UNITS);
  const edge =
    borders.length > 0 && kind >= 6
      ? random.pick(borders)
      : unit * random.below(Math.floor(Math.min(last, NEAR_BYTES / (unit < 512 ? 8 : 1)) / unit) + 1);
  return Math.max(0, Math.min(last, edge + random.pick(DISTANCES)));
}

/** Sizes that stand for many: below a word, words, lines, sectors, pages, each with its neighbours. */
const SIZES = [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 60, 63, 64, 65, 66, 100, 127, 128, 129, 192, 511, 512, 513];

/** Sizes near that of a page, which cost more to look at. */
const LARGE_SIZES = [1000, 4088, 4095, 4096, 4097, 4160, 8192];

/** A number of bytes, at least 1 and at most `limitBytes`, that begins at `offset`. */
export function sizeFrom(random: Random, offset: number, limitBytes: number): number {
  const kind = random.below(10);
  let size = random.pick(random.chance(8) ? LARGE_SIZES : SIZES);
  if (kind >= 6) {
    const unit = random.pick(SIZE_UNITS);
    size = roundDown(offset, unit) + unit * random.pick([1, 1, 2]) + random.pick(DISTANCES) - offset;
  }
  return Math.max(1, Math.min(limitBytes, size));
}

/** `count` sizes, each at least 1, of at most `limitBytes` together; one of several may be 0. */
export function lengthsFrom(random: Random, offset: number, count: number, limitBytes: number): number[] {
  const lengths: number[] = [];
  let at = offset;
  for (let piece = 0; piece < count; piece++) {
    const left = offset + limitBytes - at;
    if (left <= 0) break;
    const isShort = count > 1 && random.chance(50);
    const length = isShort ? Math.min(left, random.between(1, 16)) : sizeFrom(random, at, left);
    lengths.push(count > 1 && lengths.length > 0 && random.chance(5) ? 0 : length);
    at += lengths.at(-1) ?? 0;
  }
  return lengths;
}
