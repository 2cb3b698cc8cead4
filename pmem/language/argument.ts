/**
 * An argument of an operation: the word or words it is written as, from which an operation's usage, its parsing, its
 * text and its simplifications follow. Arguments of several operations are in `arguments/`.
 */
import type { CheckPlace } from './check-place.ts';
import type { WordReader } from './words.ts';

export interface Argument<Value> {
  /** As help and documents write it: `@OFFSET`. */
  readonly usage: string;
  /** Reads it. Throws `InputError` for words that do not belong there. */
  take(reader: WordReader): Value;
  /** The words that `take` reads back; empty for a value that is meant when nothing stands there. */
  text(value: Value): string;
  /** Throws `InputError` for a value that nothing can do on the machine that was booted. */
  check?(value: Value, place: CheckPlace): void;
  /** Simpler values, the boldest first. */
  simpler?(value: Value): Iterable<Value>;
  /** The same with other disks: each name in it is replaced by what `rename` makes of it. */
  mapDisks?(value: Value, rename: (disk: string) => string): Value;
  /** Present where the words may be left out: they stand behind all that may not, in any order. */
  readonly option?: {
    /** What it may begin with. */
    readonly words: readonly string[];
    /** What is meant without it. */
    readonly absent: Value;
  };
}

/** An argument that may be left out, and is simplest then. `argument.take` begins with one of `words`. */
export function optional<Value>(
  argument: Argument<Value>,
  words: readonly string[],
  absent: Value,
): Argument<Value> {
  return {
    simpler: (value) => (value === absent ? [] : [absent]),
    ...argument,
    usage: `[${argument.usage}]`,
    option: { words, absent },
  };
}
