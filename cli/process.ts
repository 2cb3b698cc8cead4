/** The command line as a process: how it ends when somebody ends it from inside, and when the tool is wrong. */
import { ExitCode } from './context.ts';
import { commandText, defectText } from './defect.ts';
import { main } from './main.ts';

/** Runs the arguments of this process. Returns the exit code; never throws. */
export async function runProcess(
  words: readonly string[],
  run: (words: readonly string[]) => Promise<number> = main,
): Promise<number> {
  const guard = guardAgainstEnding(words);
  try {
    return await run(words);
  } catch (error) {
    process.stderr.write(defectText(error, words));
    return ExitCode.defect;
  } finally {
    guard.workIsDone();
  }
}

/**
 * Nothing green without work: a process that ends before its work is done, because code of a user's calls `process.exit` or because
 * nothing is left to wait for, ends with an error.
 */
function guardAgainstEnding(words: readonly string[]): { readonly workIsDone: () => void } {
  const onExit = (code: number): void => {
    const isAsked = process.exitCode === code && code !== UNSETTLED;
    process.stderr.write(
      isAsked
        ? `something called process.exit(${code}) before the work was done; rules files and configurations must not\n  what was run: ${commandText(words)}\n`
        : defectText(new Error('the process ran out of things to wait for before its work was done'), words),
    );
    process.exitCode = isAsked ? ExitCode.couldNotRun : ExitCode.defect;
  };
  process.once('exit', onExit);
  return { workIsDone: () => process.off('exit', onExit) };
}

/** What Node ends with where an `await` at the top of the program never ends. */
const UNSETTLED = 13;
