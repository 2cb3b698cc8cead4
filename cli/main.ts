/** The command line: parses arguments, prints what a command returns, answers with its exit code. */
import { Command, CommanderError } from 'commander';

/** Exit codes: all as expected, something found, could not run. */
export const ExitCode = { clean: 0, findings: 1, couldNotRun: 2 } as const;

/** Runs the tool with the arguments after `conform`. Returns the exit code. */
export async function main(argumentsGiven: readonly string[]): Promise<number> {
  const program = new Command('conform')
    .description('compares two implementations of the pmem write path by what a power failure may leave')
    .exitOverride()
    .showHelpAfterError('(conform --help lists the commands)');
  try {
    await program.parseAsync([...argumentsGiven], { from: 'user' });
    return ExitCode.clean;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.clean : ExitCode.couldNotRun;
    throw error;
  }
}
