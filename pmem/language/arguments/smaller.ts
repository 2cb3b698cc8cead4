/** Smaller numbers to try in a workload that shows something. */

/** Powers that sizes and places of the machine come in: a byte, a word, a cache line, a sector, a page. */
const UNITS = [1, 8, 64, 512, 4096];

/** Numbers from `least` up to below `value`, the boldest first; the same one may come twice. */
export function* smallerNumbers(value: number, least = 0): Generator<number> {
  for (const candidate of candidates(value)) if (candidate >= least && candidate < value) yield candidate;
}

function* candidates(value: number): Generator<number> {
  yield* [0, ...UNITS];
  // The same place in a page, a line, a word; then the page, the line, the word of that place.
  for (const unit of [4096, 64, 8]) yield value % unit;
  for (const unit of [4096, 512, 64, 8]) yield value - (value % unit);
  for (let less = Math.floor(value / 2); less >= 1; less = Math.floor(less / 2)) yield value - less;
}

/** Shorter lists of lengths: one piece in place of all, then a piece less, then smaller pieces. */
export function* simplerLengths(lengths: readonly number[]): Generator<number[]> {
  if (lengths.length > 1) {
    yield [lengths.reduce((sum, length) => sum + length, 0)];
    for (const index of lengths.keys()) yield lengths.toSpliced(index, 1);
  }
  for (const [index, length] of lengths.entries())
    for (const next of smallerNumbers(length, 1)) yield lengths.toSpliced(index, 1, next);
}
