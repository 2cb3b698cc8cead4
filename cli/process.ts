/** The command line as a process: how it ends when readers leave, when somebody ends it from inside, and when the tool is wrong. */
import { format } from 'node:util';
import { toolVersion } from '#base/own-package.ts';
import { outliveReaders } from './closed-pipe.ts';
import { ExitCode } from './context.ts';
import { main } from './main.ts';

/** Runs the arguments of this process. Returns the exit code; never throws. */
export async function runProcess(
  words: readonly string[],
  run: (words: readonly string[]) => Promise<number> = main,
): Promise<number> {
  outliveReaders();
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

/** What is said of a defect: what happened, what was run, where to report it. */
export function defectText(error: unknown, words: readonly string[]): string {
  return [
    'This is a defect of pmem-conform, not a finding.',
    '',
    error instanceof Error ? (error.stack ?? error.message) : format(error),
    '',
    `version: ${toolVersion()}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `what was run: ${commandText(words)}`,
    'Please report these lines, with the files that were read, where the package is kept: `npm bugs pmem-conform`.',
    '',
  ].join('\n');
}

const commandText = (words: readonly string[]): string =>
  [
    'conform',
    ...words.map((word) => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)),
  ].join(' ');
