/**
 * Turns litmus text into tokens that know where they stand, and errors that say so. Every complaint about a
 * litmus file goes through `complain`, so all of them have one shape: file:line:column, what was expected, what was
 * found. The scanner accepts any text and never throws for a character it does not know: the parser does, with
 * the list of what it could have used there.
 */
import { InputError } from '#base/input-error.ts';

/** A place in a file; line and column count from 1, columns in characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type TokenKind = 'name' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly place: Place;
}

/** A piece of one line of a file. */
export interface Fragment {
  readonly text: string;
  readonly place: Place;
}

/** Longest first, so that `:=` is not read as `:` and `=`. */
const SYMBOLS = [
  '||', '&&', ':=', '->', '!=', '==', '≠', '‖', '∥', '∨', '∧', '→',
  '&', '=', ';', '(', ')', '{', '}', '[', ']', ',', ':', '/', '+', '-',
]; // prettier-ignore

/** Largest number a litmus program may write. */
export const LARGEST_NUMBER = 2 ** 31 - 1;

/** The error for something wrong at `place`. */
export function complaint(place: Place, message: string): InputError {
  return new InputError(`${place.file}:${place.line}:${place.column}: ${message}`);
}

/** Throws an `InputError`: `expected X, found Y` at the token. */
export function complainAt(token: Token, expected: string): never {
  const found = token.kind === 'end' ? 'the end of the text' : `'${shortened(token.text)}'`;
  throw complaint(token.place, `expected ${expected}, found ${found}`);
}

/** Text fit for a message: control characters made visible, at most 40 characters. */
export function shortened(text: string): string {
  const visible = [...text].map((character) => (isControl(character) ? '\uFFFD' : character));
  return visible.length > 40 ? `${visible.slice(0, 37).join('')}...` : visible.join('');
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 32 || (code >= 127 && code < 160);
}

/** The tokens of the fragments in order, closed by one `end` token placed after the last character. */
export function scan(fragments: readonly Fragment[]): Token[] {
  const tokens: Token[] = [];
  let end: Place = fragments[0]?.place ?? { file: '', line: 1, column: 1 };
  for (const fragment of fragments) {
    scanFragment(fragment, tokens);
    end = { ...fragment.place, column: fragment.place.column + fragment.text.trimEnd().length };
  }
  tokens.push({ kind: 'end', text: '', place: end });
  return tokens;
}

const SPACE = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_.]*/y;
const NUMBER = /[0-9]+/y;

function scanFragment(fragment: Fragment, tokens: Token[]): void {
  const { text, place } = fragment;
  let position = 0;
  while (position < text.length) {
    const space = matchAt(SPACE, text, position);
    if (space !== '') {
      position += space.length;
      continue;
    }
    const [kind, word] = wordAt(text, position);
    tokens.push({ kind, text: word, place: { ...place, column: place.column + position } });
    position += word.length;
  }
}

function wordAt(text: string, position: number): [TokenKind, string] {
  const name = matchAt(NAME, text, position);
  if (name !== '') return ['name', name];
  const number = matchAt(NUMBER, text, position);
  if (number !== '') return ['number', number];
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, position));
  return ['symbol', symbol ?? String.fromCodePoint(text.codePointAt(position) ?? 0)];
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = position;
  return sticky.exec(text)?.[0] ?? '';
}

/** Reads tokens one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  /** `tokens` come from `scan`, so the last one is an `end`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token `ahead` places further on; past the end it is the `end` token. */
  peek(ahead = 0): Token {
    const index = Math.min(this.#position + ahead, this.#tokens.length - 1);
    const token = this.#tokens[index];
    if (token === undefined) throw new RangeError('a token list ends with an end token');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  /** Whether the next token is one of these texts (and not the end). */
  at(...texts: readonly string[]): boolean {
    const token = this.peek();
    return token.kind !== 'end' && texts.includes(token.text);
  }

  /** Takes the next token when it is one of these texts. */
  take(...texts: readonly string[]): boolean {
    if (!this.at(...texts)) return false;
    this.#position++;
    return true;
  }

  /** Takes the next token, which must be one of `texts`; `expected` says so in words when it is not. */
  require(texts: readonly string[], expected: string): Token {
    if (!this.at(...texts)) complainAt(this.peek(), expected);
    return this.next();
  }

  /** Takes a number from 0 to `LARGEST_NUMBER`. */
  requireNumber(expected: string): number {
    const token = this.peek();
    if (token.kind !== 'number') complainAt(token, expected);
    const value = Number(token.text);
    if (value > LARGEST_NUMBER) complainAt(token, `a number from 0 to ${LARGEST_NUMBER}`);
    this.next();
    return value;
  }

  /** Takes a name. */
  requireName(expected: string): Token {
    const token = this.peek();
    if (token.kind !== 'name') complainAt(token, expected);
    return this.next();
  }
}
