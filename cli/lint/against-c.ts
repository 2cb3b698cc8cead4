import { InputError } from '#base/input-error.ts';
import type { CliContext } from '../context.ts';
import type { LintOptions } from './options.ts';
export function againstC(_options: LintOptions, _context: CliContext): Promise<void> {
  throw new InputError('--against-c');
}
