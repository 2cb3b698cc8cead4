/**
 * Names made by `##`: which macros can make a watched name, and which of their uses do. The index of macros is made once;
 * a macro that gives its own parameter to a pasting macro is one too.
 */
import { macroOf, type Macro } from './directive-hits.ts';
import { Kind, lex, tokenText, type Lexed } from './lex.ts';

/** A fixed part of a name, or a parameter by number. */
export type Piece = { readonly literal: string } | { readonly parameter: number };

export interface PasteMacro {
  readonly name: string;
  readonly file: string;
  /** Text of the `#define`, and where in its tokens each pattern stands. */
  readonly text: string;
  readonly patterns: readonly { readonly pieces: readonly Piece[]; readonly at: readonly [number, number] }[];
}

/** Macros of a file that paste. Only lines with `##` are looked at. */
export function pasteMacros(file: string, text: string): readonly PasteMacro[] {
  const found = new Map<number, PasteMacro>();
  for (let at = text.indexOf('##'); at >= 0; at = text.indexOf('##', at + 2)) {
    const from = lineOf(text, at);
    if (found.has(from) || !/^[ \t]*(?:#|%:)[ \t]*define\b/.test(text.slice(from, from + 40))) continue;
    const line = text.slice(from, lineEnd(text, at));
    const lexed = lex(line);
    const macro = lexed.directives[0] === undefined ? undefined : macroOf(lexed, lexed.directives[0]);
    if (macro === undefined) continue;
    const patterns = patternsIn(lexed, macro);
    if (patterns.length > 0) found.set(from, { name: macro.name, file, text: line, patterns });
  }
  return [...found.values()];
}

/** Start of the first of the lines that are continued up to an offset. */
function lineOf(text: string, at: number): number {
  let from = text.lastIndexOf('\n', at) + 1;
  while (from > 1 && /\\\r?$/.test(text.slice(Math.max(0, from - 3), from - 1)))
    from = text.lastIndexOf('\n', from - 2) + 1;
  return from;
}

function lineEnd(text: string, at: number): number {
  for (let end = at; ; end += 1) {
    end = text.indexOf('\n', end);
    if (end < 0) return text.length;
    if (!/\\\r?$/.test(text.slice(end - 2, end))) return end;
  }
}

function patternsIn(lexed: Lexed, macro: Macro): PasteMacro['patterns'] {
  const isPaste = (at: number): boolean => at < macro.to && /^(?:##|%:%:)$/.test(tokenText(lexed, at));
  const patterns: { pieces: Piece[]; at: [number, number] }[] = [];
  for (let at = macro.from; at < macro.to; at += 1) {
    if (!isPaste(at + 1) || lexed.kinds[at] === Kind.mark) continue;
    const pieces: Piece[] = [pieceOf(lexed, macro, at)];
    let end = at + 1;
    while (isPaste(end)) {
      pieces.push(pieceOf(lexed, macro, end + 1));
      end += 2;
    }
    patterns.push({ pieces, at: [at, end] });
    at = end - 1;
  }
  return patterns;
}

function pieceOf(lexed: Lexed, { parameters }: Macro, at: number): Piece {
  const word = tokenText(lexed, at);
  const parameter = parameters?.indexOf(word) ?? -1;
  return parameter < 0 ? { literal: word } : { parameter };
}

/** Whether some arguments can make a name of the pieces. */
export function canMake(pieces: readonly Piece[], name: string): boolean {
  if (pieces.some((piece) => 'literal' in piece && /\W/.test(piece.literal))) return false;
  const source = pieces.map((piece) => ('literal' in piece ? piece.literal : '\\w*')).join('');
  return new RegExp(`^${source}$`).test(name);
}

/** A macro must fix this part of a name's letters, and two at least; what fixes less could make almost anything. */
const FIXED_SHARE = 1 / 5;

function letterCount(text: string): number {
  return text.replaceAll('_', '').length;
}

/** Whether a macro fixes a part of one of some names, which it can make. A `_` fixes nothing. */
export function fixesAny(pieces: readonly Piece[], names: readonly string[]): boolean {
  const literals = pieces.flatMap((piece) => ('literal' in piece ? [piece.literal] : []));
  const fixed = literals.reduce((sum, literal) => sum + letterCount(literal), 0);
  return (
    fixed > 1 &&
    names.some(
      (name) =>
        literals.every((literal) => name.includes(literal)) &&
        fixed >= letterCount(name) * FIXED_SHARE &&
        canMake(pieces, name),
    )
  );
}

/** What arguments make; a piece for each that is a parameter of the macro around. Nothing where an argument is no single word. */
export function made(
  pieces: readonly Piece[],
  given: readonly (readonly string[])[],
  parameters: readonly string[],
): readonly Piece[] | undefined {
  const result: Piece[] = [];
  for (const piece of pieces) {
    if ('literal' in piece) {
      result.push(piece);
      continue;
    }
    const words = given[piece.parameter] ?? [];
    if (words.length > 1) return undefined;
    const [word = ''] = words;
    const parameter = parameters.indexOf(word);
    result.push(parameter < 0 ? { literal: word } : { parameter });
  }
  return result;
}

/** The arguments after a macro's name at a token: the words of each. Nothing when no bracket follows. */
export function argumentsAfter(lexed: Lexed, index: number): readonly (readonly string[])[] | undefined {
  if (tokenText(lexed, index + 1) !== '(') return undefined;
  const found: string[][] = [[]];
  let depth = 0;
  for (let at = index + 1; at < lexed.kinds.length && at < index + 2000; at += 1) {
    const text = tokenText(lexed, at);
    if (/^[([{]$/.test(text)) {
      depth += 1;
      if (depth === 1) continue;
    } else if (/^[)\]}]$/.test(text)) {
      depth -= 1;
      if (depth === 0) return found;
    }
    if (depth === 1 && text === ',') found.push([]);
    else found.at(-1)?.push(text);
  }
  return undefined;
}

/** The fixed parts of pieces, joined. */
export function joined(pieces: readonly Piece[]): string {
  return pieces.map((piece) => ('literal' in piece ? piece.literal : '')).join('');
}
