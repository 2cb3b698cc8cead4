/** Runs a script of this repository by its options. Wrong input is told without a stack trace and exits 2, as everywhere. */
import type { Command } from 'commander';
import { InputError } from '#base/input-error.ts';

/** `main` gives the exit code. Throws what it throws, but `InputError`. */
export async function runScript<Options extends object>(
  program: Command,
  main: (options: Options) => Promise<number>,
): Promise<void> {
  try {
    program.parse(process.argv);
    process.exitCode = await main(program.opts<Options>());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
