/** The names that are looked for now. */
import { matcherOf } from '#base/globs.ts';

export interface Watch {
  readonly isWatched: (word: string) => boolean;
  /** A regular expression for `git grep -P` and `-E` that every file with a watched word matches; empty when nothing is watched. */
  readonly pattern: string;
}

/** Whether a name is a glob: `arch_*_pmem`. */
export function isGlob(name: string): boolean {
  return /[*?[{]/.test(name);
}

/** A glob as an expression. What it may begin and end with is left out: looking for that at each word takes most of the time. */
export function globPattern(glob: string): string {
  const inner = glob.replace(/^\*+/, '').replace(/\*+$/, '');
  const body = inner
    .replaceAll(/\*+/g, '[A-Za-z0-9_]*')
    .replaceAll('?', '[A-Za-z0-9_]')
    .replaceAll(/\{([^}]*)\}/g, (_all, list: string) => `(${list.replaceAll(',', '|')})`);
  if (body === '') return '[A-Za-z0-9_]';
  return `${glob.startsWith('*') ? '' : '\\b'}${body}${glob.endsWith('*') ? '' : '\\b'}`;
}

/** A watch for names and globs of names. */
export function watchFor(names: readonly string[]): Watch {
  const plain = new Set(names.filter((name) => !isGlob(name)));
  const globs = names.filter(isGlob);
  const matches = matcherOf(globs);
  const known = new Map<string, boolean>();
  const isGlobbed = (word: string): boolean => {
    const found = known.get(word) ?? matches(word);
    known.set(word, found);
    return found;
  };
  return {
    isWatched: globs.length === 0 ? (word) => plain.has(word) : (word) => plain.has(word) || isGlobbed(word),
    pattern: [
      ...(plain.size === 0 ? [] : [`\\b${alternatives([...plain].sort())}\\b`]),
      ...globs.sort().map(globPattern),
    ].join('|'),
  };
}

interface Branching {
  readonly next: Map<string, Branching>;
  isEnd: boolean;
}

/**
 * Words as one expression that looks at each letter once; many times faster than a list for some hundred words. `end` is what must
 * hold behind a word.
 */
export function alternatives(words: readonly string[], end: (word: string) => string = () => ''): string {
  const root: Branching = { next: new Map(), isEnd: false };
  for (const word of words) {
    let at = root;
    for (const letter of word) {
      const known = at.next.get(letter) ?? { next: new Map(), isEnd: false };
      at.next.set(letter, known);
      at = known;
    }
    at.isEnd = true;
  }
  return written(root, '', end);
}

function written({ next, isEnd }: Branching, word: string, end: (word: string) => string): string {
  const parts = [...next].map(([letter, below]) => letter + written(below, word + letter, end));
  const last = isEnd ? end(word) : '';
  if (parts.length === 0) return last;
  const [only = ''] = parts;
  if (parts.length === 1 && !isEnd) return only;
  return last === '' ? `(?:${parts.join('|')})${isEnd ? '?' : ''}` : `(?:${parts.join('|')}|${last})`;
}

/** Names this many letters long or longer are looked for in two parts, and only so many names; a part by itself has so many letters. */
export const PARTS = { lettersMin: 4, namesMax: 60, wordMin: 3 };

/** The names as two neighbouring arguments: `memcpy_, to_pmem`, with or without a `_` between; empty for many names. */
export function inTwoParts(names: readonly string[]): string {
  if (names.length > PARTS.namesMax) return '';
  return names
    .filter((name) => name.length >= PARTS.lettersMin && !isGlob(name))
    .map((name) => `${from(name, 0)}`)
    .join('|');
}

function from(name: string, at: number): string {
  const rest = name.slice(at + 1);
  const bare = rest.startsWith('_') && rest.length > 1 ? `${rest}|${rest.slice(1)}` : rest;
  const parts = [`\\s*,\\s*(?:${bare})`, ...(at + 2 < name.length ? [from(name, at + 1)] : [])];
  return `${name[at] ?? ''}(?:${parts.join('|')})`;
}
