/** What a recording must keep: a file of expectations in YAML (docs/RECORDINGS.md, "A promise"). */
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { readYaml } from '#base/yaml-file.ts';

const expectation = v.union([
  v.strictObject({
    /** The acknowledgement from which on it holds. */
    after: v.string(),
    /** `FILE` or `FILE:OFFSET:BYTES`. */
    holds: v.pipe(v.array(v.string()), v.minLength(1)),
  }),
  v.strictObject({
    /** A command for the shell, which finds an image in $CONFORM_IMAGE and exits with 0. */
    recovers: v.string(),
    /** Images of each instant at most. */
    images: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 64),
    seconds: v.optional(v.pipe(v.number(), v.gtValue(0)), 10),
  }),
]);

export type Expectation = v.InferOutput<typeof expectation>;

/** Reads expectations. Throws `InputError` with the line of what is wrong. */
export function readExpectations(path: string): readonly Expectation[] {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    throw new InputError(`--expect ${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const found = readYaml(text, path).check(v.array(expectation));
  if (found.length === 0) throw new InputError(`${path}: expected a list of expectations, found none`);
  return found;
}
