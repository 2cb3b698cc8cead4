/** File globs as rules use them: relative to the base folder, `!` excludes, `**` crosses folders. */
import { matcherOf } from '#base/globs.ts';

/** Tells whether a relative path is meant. */
export type FileFilter = (file: string) => boolean;

/** A filter for a list of globs; an empty list means no file. Globs with placeholders: `placeholders.ts`. */
export function filterOf(globs: readonly string[]): FileFilter {
  const wanted = globs.filter((glob) => !glob.startsWith('!'));
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  // A name may hold line ends.
  const options = { dot: true, flags: 's' };
  const isWanted = wanted.length === 0 ? () => unwanted.length > 0 : matcherOf(wanted, options);
  const isUnwanted = matcherOf(unwanted, options);
  return (file) => isWanted(file) && !isUnwanted(file);
}
