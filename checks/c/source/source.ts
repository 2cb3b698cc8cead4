/** A tree of C files: a folder, or a commit of a repository. */

import type { FileFilter } from '../../globs.ts';

/** The lines that match, in each file that has one. */
export type Matches = ReadonlyMap<string, ReadonlySet<string>>;

export interface CSource {
  readonly files: SourceFiles;
  /**
   * Files with lines that match a pattern of PCRE, and these lines. Where git knows no PCRE, what a pattern looks for behind itself
   * (`(?<=…)`) is left out, so that some more lines are given.
   */
  readonly matching: (pattern: string) => Promise<Matches>;
  /** Makes several searches in one pass over the files, so that `matching` knows their answers. */
  readonly prepare?: (patterns: readonly string[]) => Promise<void>;
  /** Texts of files as Latin-1, in the order asked for; files that cannot be read are noted. */
  readonly readEach: (files: readonly string[], use: (file: string, text: string) => void) => Promise<void>;
  /** Whether there is a file of this name, looked at or not. */
  readonly exists: (file: string) => boolean;
  /** Names a file with its content: the same text as long as both are the same. Nothing when content has no name without being read. */
  readonly idOf: (file: string) => string | undefined;
  /** Files that are there and cannot be read. */
  readonly unreadable: () => Iterable<string>;
}

/** Names of files, relative, with forward slashes. */
export interface SourceFiles {
  readonly has: (file: string) => boolean;
  readonly names: () => Iterable<string>;
  /** Those that a filter means, sorted. Commits of a range ask each filter once about what they share. */
  readonly meant: (isMeant: FileFilter) => readonly string[];
}

/** Text of one file. */
export async function readOne(source: CSource, file: string): Promise<string | undefined> {
  let found: string | undefined;
  await source.readEach([file], (_file, text) => (found = text));
  return found;
}
