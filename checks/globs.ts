/** File globs as rules use them: relative to the base folder, `!` excludes, `**` crosses folders. */
import picomatch from 'picomatch';

/** Tells whether a relative path is meant. */
export type FileFilter = (file: string) => boolean;

/** A filter for a list of globs; an empty list means no file. Globs with placeholders: `placeholders.ts`. */
export function filterOf(globs: readonly string[]): FileFilter {
  const wanted = globs.filter((glob) => !glob.startsWith('!'));
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  // A name may hold line ends.
  const options = { dot: true, flags: 's' };
  const isWanted = wanted.length === 0 ? () => unwanted.length > 0 : picomatch(wanted, options);
  const isUnwanted = unwanted.length === 0 ? () => false : picomatch(unwanted, options);
  return (file) => isWanted(file) && !isUnwanted(file);
}

/** A filter that is asked about the same files again and again, as a rule is for each commit of a range, and remembers. */
export function rememberedFilter(globs: readonly string[]): FileFilter {
  const filter = filterOf(globs);
  const known = new Map<string, boolean>();
  return (file) => {
    const found = known.get(file) ?? filter(file);
    known.set(file, found);
    return found;
  };
}
