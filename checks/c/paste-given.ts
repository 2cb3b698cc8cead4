/** Where macros that paste must be looked for: whatever makes a name is given a part of it, which the first search has found. */
import { canMake, joined, type PasteMacro, type Piece } from './paste.ts';
import type { FirstFound } from './search.ts';
import { PARTS } from './watch.ts';

/** A word of capitals before a bracket: what macros are called. */
const CAPITALS = /\b([A-Z][A-Z\d_]*)\s*\(/g;

/**
 * Whether uses of macros must be looked for in all files: a macro may make a name of too little, or what a macro must be given is
 * given to another macro, which may hand it on.
 */
export function isAskedEverywhere(
  macros: readonly PasteMacro[],
  names: readonly string[],
  given: FirstFound,
): boolean {
  const needed = givenWords(macros, names);
  if (needed === undefined) return true;
  const known = new Set(macros.map(({ name }) => name));
  for (const { given: lines } of given.values())
    for (const line of lines)
      if (needed.test(line) && [...line.matchAll(CAPITALS)].some(([, callee = '']) => !known.has(callee)))
        return true;
  return false;
}

/** Lines in which a macro may be given what it needs to make one of the names; nothing where that cannot be said. */
export function givenWords(macros: readonly PasteMacro[], names: readonly string[]): RegExp | undefined {
  const needed = new Set<string>();
  for (const { patterns } of macros) {
    for (const { pieces } of patterns) {
      for (const name of names.filter((one) => canMake(pieces, one))) {
        const word = missingIn(pieces, name);
        if (word === undefined) return undefined;
        needed.add(word);
      }
    }
  }
  return new RegExp(`[(,\\t]\\s*(?:${[...needed].join('|')})\\s*(?:[,)]|$)`);
}

/** The one word that a macro must be given to make a name; nothing where it is short, in the middle, or one of several. */
function missingIn(pieces: readonly Piece[], name: string): string | undefined {
  if (pieces.filter((piece) => 'parameter' in piece).length > 1) return undefined;
  const at = pieces.findIndex((piece) => 'parameter' in piece);
  if (at > 0 && at < pieces.length - 1) return undefined;
  const fixed = joined(pieces).length;
  const word = at === 0 ? name.slice(0, name.length - fixed) : name.slice(fixed);
  return word.length < PARTS.wordMin ? undefined : word;
}
