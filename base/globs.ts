/** Globs from outside, tried one by one: what is none is bad input and never a crash. */
import picomatch, { type PicomatchOptions } from 'picomatch';
import { InputError } from './input-error.ts';

/** Tells whether any of `globs` means a text. Throws `InputError` for a glob that is empty or longer than 65,536 characters. */
export function matcherOf(globs: readonly string[], options?: PicomatchOptions): (text: string) => boolean {
  const matchers = globs.map((glob) => compiled(glob, options));
  return (text) => matchers.some((matches) => matches(text));
}

function compiled(glob: string, options: PicomatchOptions | undefined): (text: string) => boolean {
  if (glob === '')
    throw new InputError("'' is no glob: it means nothing. Allowed is a name or a pattern such as 'src/**'.");
  try {
    return picomatch(glob, options);
  } catch (error) {
    throw new InputError(`'${glob.slice(0, 40)}…' is no glob: ${(error as Error).message}`);
  }
}
