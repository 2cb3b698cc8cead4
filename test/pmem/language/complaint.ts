/** What the language says to a workload that it refuses. */
import { InputError } from '#base/input-error.ts';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { parseWorkload } from '#pmem/language/notation.ts';

/** The complaint about a workload; `none` when it can be run. */
export function complaint(text: string): string {
  try {
    checkWorkload(parseWorkload(text));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'none';
}
