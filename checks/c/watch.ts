/** The names that are looked for now. */
import picomatch from 'picomatch';

export interface Watch {
  readonly isWatched: (word: string) => boolean;
  /** A regular expression for `git grep -P` and `-E`, without word boundaries; empty when nothing is watched. */
  readonly pattern: string;
}

/** Whether a name is a glob: `arch_*_pmem`. */
export function isGlob(name: string): boolean {
  return /[*?[{]/.test(name);
}

function source(name: string): string {
  return isGlob(name) ? name.replaceAll(/\*+/g, '[A-Za-z0-9_]*').replaceAll('?', '[A-Za-z0-9_]').replaceAll(/\{([^}]*)\}/g, (_all, list: string) => `(${list.replaceAll(',', '|')})`) : name;
}

/** A watch for names and globs of names. */
export function watchFor(names: readonly string[]): Watch {
  const plain = new Set(names.filter((name) => !isGlob(name)));
  const globs = names.filter(isGlob);
  const matches = globs.length === 0 ? () => false : picomatch(globs);
  const known = new Map<string, boolean>();
  const isGlobbed = (word: string): boolean => {
    const found = known.get(word) ?? matches(word);
    known.set(word, found);
    return found;
  };
  return {
    isWatched: globs.length === 0 ? (word) => plain.has(word) : (word) => plain.has(word) || isGlobbed(word),
    pattern: [...new Set(names)].sort().map(source).join('|'),
  };
}
