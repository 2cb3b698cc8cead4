/** The text of a file of a project, which somebody may change while it is judged. */
import { readFileSync } from 'node:fs';
import { InputError } from '#base/input-error.ts';

/** The text of a file that was there when the project was opened, without a byte order mark. Throws `InputError` when it is gone. */
export function sourceText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new InputError(
      `${(error as Error).message}\n  It was there when the project was opened: run again.`,
    );
  }
}
