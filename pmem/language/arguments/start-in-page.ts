/** Where in a page the memory of data begins: `from 100`. */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type Argument, optional } from '../argument.ts';
import { type CheckPlace, refusal, wordBehind } from '../check-place.ts';
import { formatSize } from '../sizes.ts';
import { smallerNumbers } from './smaller.ts';

export const START_WORD = 'from';

/** `from SIZE`; without it the memory begins where it pleases. */
export const startInPage: Argument<number | undefined> = optional<number | undefined>(
  {
    usage: `${START_WORD} SIZE`,
    take: (reader) => {
      reader.take(START_WORD);
      return reader.takeSize();
    },
    text: startText,
    check: checkStart,
    simpler: simplerStarts,
  },
  [START_WORD],
  undefined,
);

export function startText(start: number | undefined): string {
  return start === undefined ? '' : `${START_WORD} ${formatSize(start)}`;
}

/** Throws `InputError` for a place that no page has. */
export function checkStart(start: number | undefined, place: CheckPlace): void {
  if (start === undefined || start < PAGE_SIZE_BYTES) return;
  const problem = `data from byte ${start} of a page on`;
  throw refusal(place, wordBehind(START_WORD), problem, `places in a page: 0 to ${PAGE_SIZE_BYTES - 1}`);
}

export function* simplerStarts(start: number | undefined): Generator<number | undefined> {
  if (start === undefined) return;
  yield undefined;
  yield* smallerNumbers(start);
}
