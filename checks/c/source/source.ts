/** A tree of C files: a folder, or a commit of a repository. */

/** The lines that match, in each file that has one. */
export type Matches = ReadonlyMap<string, ReadonlySet<string>>;

export interface CSource {
  /** Names of all files, relative, with forward slashes. */
  readonly files: { readonly has: (file: string) => boolean; readonly names: () => Iterable<string> };
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
  /** What names a file's content; equal content, equal name. Nothing when content has no name without being read. */
  readonly idOf: (file: string) => string | undefined;
  /** Files that are there and cannot be read. */
  readonly unreadable: () => Iterable<string>;
}

/** Text of one file. */
export async function readOne(source: CSource, file: string): Promise<string | undefined> {
  let found: string | undefined;
  await source.readEach([file], (_file, text) => (found = text));
  return found;
}
