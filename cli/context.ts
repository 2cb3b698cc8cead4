/** What a command gets from the world, so that tests can run commands in-process. */

import type { EvidenceStore } from '#engine/store.ts';

/** Exit codes: all as expected, something found, could not run (input, environment), a defect of this tool. */
export const ExitCode = { clean: 0, findings: 1, couldNotRun: 2, defect: 3 } as const;

export type ExitCodeValue = (typeof ExitCode)[keyof typeof ExitCode];

export interface CliContext {
  /** Writes to standard output, as is (no newline is added). */
  readonly write: (text: string) => void;
  /** Writes to standard error: progress and errors. */
  readonly writeError: (text: string) => void;
  /** Whether colours may be used: a terminal, and `NO_COLOR` not set. */
  readonly color: boolean;
  /** Whether standard error is a terminal that can show a progress line. */
  readonly progress: boolean;
  /** Where the user wants things kept: `--cache-dir`, else `XDG_CACHE_HOME`, else the project. */
  cacheDir?: string | undefined;
  readonly cacheHome?: string | undefined;
  /** The working directory; that of the process when absent. */
  readonly folder?: string;
  /** The arguments of a process of its own, whose answer may be kept and said again; absent for commands run in-process. */
  readonly argumentsGiven?: readonly string[];
  /** The words that the command was given. */
  words?: readonly string[];
  /** Does another command. */
  again?: (words: readonly string[], context: CliContext) => Promise<ExitCodeValue>;
  /** Shards that are merged: what they have found out, in place of evidence that is kept. */
  readonly merged?: { readonly subject: string; readonly store: EvidenceStore };
  /** A clock in milliseconds, where somebody wants to hear every while how far a long run is. */
  readonly now?: () => number;
  /** A configuration given with `--config`. */
  config?: string | undefined;
  /** Set by a command that finds something; starts as `ExitCode.clean`. */
  exitCode: ExitCodeValue;
}
