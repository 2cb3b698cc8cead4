/** Arguments that are a number, a list of numbers, a word out of a few, a flag, or a name. */
import { type Argument, optional } from '../argument.ts';
import { refusal, sizeWord } from '../check-place.ts';
import { formatSize } from '../sizes.ts';
import { simplerLengths, smallerNumbers } from './smaller.ts';

/** `@OFFSET`. */
export const place: Argument<number> = {
  usage: '@OFFSET',
  take: (reader) => reader.takeOffset(),
  text: (offset) => `@${formatSize(offset)}`,
  simpler: (offset) => smallerNumbers(offset),
};

/** A number of bytes. */
export const size: Argument<number> = {
  usage: 'SIZE',
  take: (reader) => reader.takeSize(),
  text: formatSize,
  simpler: (sizeBytes) => smallerNumbers(sizeBytes, 1),
};

/** A number of bytes where none at all means nothing. */
export const sizeAboveZero: Argument<number> = {
  ...size,
  check: (sizeBytes, at) => {
    if (sizeBytes > 0) return;
    throw refusal(at, sizeWord(0), 'a range of 0 bytes', 'at least 1 byte');
  },
};

/** Sizes of segments. */
export const sizes: Argument<readonly number[]> = {
  usage: 'SIZE[,SIZE…]',
  take: (reader) => reader.takeSizes(),
  text: (lengths) => lengths.map(formatSize).join(','),
  check: (lengths, at) => {
    if (lengths.length > 0) return;
    throw refusal(at, () => undefined, 'no segment at all', 'SIZE, or several with commas between');
  },
  simpler: simplerLengths,
};

/** `WORD SIZE`, and the size that is meant without it. */
export function sizeOption(word: string, absent: number): Argument<number> {
  const argument: Argument<number> = {
    usage: `${word} SIZE`,
    take: (reader) => {
      reader.take(word);
      return reader.takeSize();
    },
    text: (sizeBytes) => (sizeBytes === absent ? '' : `${word} ${formatSize(sizeBytes)}`),
  };
  return optional(argument, [word], absent);
}

/** A word that is there or not; `meaning` is the value that it stands for. */
export function flag(word: string, meaning = true): Argument<boolean> {
  const argument: Argument<boolean> = {
    usage: word,
    take: (reader) => {
      reader.take(word);
      return meaning;
    },
    text: (value) => (value === meaning ? word : ''),
  };
  return optional(argument, [word], !meaning);
}

/** One of several words; `what` they are, for complaints. */
export function oneOf<Choice extends string>(choices: readonly Choice[], what: string): Argument<Choice> {
  return {
    usage: choices.join('|'),
    take: (reader) => reader.takeOneOf(choices, what),
    text: (choice) => choice,
  };
}

/** `on` or `off`. */
export const onOrOff: Argument<boolean> = {
  usage: 'on|off',
  take: (reader) => reader.takeOneOf(['on', 'off'] as const, 'on or off') === 'on',
  text: (isOn) => (isOn ? 'on' : 'off'),
};

/** A name that nothing is known of before the kernel runs. */
export function name(usage: string, allowed: string): Argument<string> {
  return { usage, take: (reader) => reader.take(allowed).text, text: (value) => value };
}
