/**
 * The words of one line of a workload, with their places, and the error that points at one of them. Parsing and
 * checking share it, so that every complaint names line, word and what is allowed.
 */
import { InputError } from '#base/input-error.ts';

/** A value of this type while it is being read. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A word of a line: where it begins, counted from 0. */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/** One line of a workload: its number, counted from 1, and its text without comment. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly words: readonly Word[];
}

/**
 * The pieces of a workload's text: a text in quotes, which ends with its line at the latest, and a comment, which goes on
 * to the line break; both only begin where a word does. Then what separates lines, and anything else.
 */
const PIECES = /(?<![^\s;])"(?:[^"\\\n]|\\[^\n])*"?|((?<![^\s;])#[^\n]*)|(\r?\n|;|\s\/\s)|[^\s;"#]+|[^]/g;

/** Splits a workload into its lines; empty ones and comments (`# …`) are dropped but counted. */
export function linesOf(text: string): Line[] {
  const lines = [''];
  for (const [piece, comment, separator] of text.matchAll(PIECES)) {
    if (separator !== undefined) lines.push('');
    else if (comment === undefined) lines[lines.length - 1] += piece;
  }
  return lines.map((raw, index) => lineOf(raw, index + 1)).filter(({ words }) => words.length > 0);
}

const WORDS = /"(?:[^"\\]|\\[^])*"?|\S+/g;

function lineOf(raw: string, number: number): Line {
  const text = raw.trim();
  const words = [...text.matchAll(WORDS)].map((match) => ({ text: match[0], column: match.index }));
  const line = { number, text, words };
  const open = words.find((word) => word.text.startsWith('"') && !/^"(?:[^"\\]|\\[^])*"$/.test(word.text));
  if (open !== undefined) throw wordError(line, open, 'a quote that is not closed', TEXTS_ALLOWED);
  return line;
}

const TEXTS_ALLOWED = 'text in quotes, on one line, with \\n for a line break, \\" and \\\\';

/** What stands behind a backslash in quotes, and what it means. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** The error for `word` of `line` (the end of the line when absent): what is wrong, and what is allowed there. */
export function wordError(line: Line, word: Word | undefined, problem: string, allowed: string): InputError {
  const column = word?.column ?? line.text.length + 1;
  const width = Math.max(1, word?.text.length ?? 1);
  return new InputError(
    `line ${line.number}: ${problem}\n  ${line.text}\n  ${' '.repeat(column)}${'^'.repeat(width)}\n  allowed: ${allowed}`,
  );
}

/** Reads the words of a line from left to right. */
export class WordReader {
  readonly line: Line;
  #next = 0;

  constructor(line: Line) {
    this.line = line;
  }

  /** The next word without taking it. */
  peek(): Word | undefined {
    return this.line.words[this.#next];
  }

  /** Takes the next word; `allowed` says what belongs there when there is none. */
  take(allowed: string): Word {
    const word = this.peek();
    if (word === undefined) throw wordError(this.line, undefined, 'the line ends too early', allowed);
    this.#next++;
    return word;
  }

  /** Takes the next word if it is `text`. */
  takeIf(text: string): boolean {
    if (this.peek()?.text !== text) return false;
    this.#next++;
    return true;
  }

  /** Takes one of `choices`. */
  takeOneOf<Choice extends string>(choices: readonly Choice[], what: string): Choice {
    const word = this.take(choices.join(', '));
    const found = choices.find((choice) => choice === word.text);
    if (found === undefined) {
      throw wordError(this.line, word, `'${word.text}' is not ${what}`, choices.join(', '));
    }
    return found;
  }

  /** Takes a text: one word, or anything in quotes. */
  takeText(): string {
    const word = this.take(TEXTS_ALLOWED);
    if (!word.text.startsWith('"')) return word.text;
    return word.text.slice(1, -1).replace(/\\([^])/g, (escape, character: string) => {
      const meant = ESCAPES.get(character);
      if (meant === undefined) throw wordError(this.line, word, `'${escape}' in quotes`, TEXTS_ALLOWED);
      return meant;
    });
  }

  /** Takes `@NUMBER`. */
  takeOffset(): number {
    const allowed = 'a place in bytes, such as @0, @61 or @4K';
    const word = this.take(allowed);
    if (!word.text.startsWith('@'))
      throw wordError(this.line, word, `'${word.text}' is not a place`, allowed);
    return this.#number({ text: word.text.slice(1), column: word.column + 1 });
  }

  /** Takes a number of bytes. */
  takeSize(): number {
    return this.#number(this.take(NUMBERS_ALLOWED));
  }

  /** Takes numbers of bytes separated by commas. */
  takeSizes(): number[] {
    const word = this.take(`${NUMBERS_ALLOWED}; several with commas between`);
    let column = word.column;
    return word.text.split(',').map((text) => {
      const number = this.#number({ text, column });
      column += text.length + 1;
      return number;
    });
  }

  /** Complains when words are left. */
  end(): void {
    const word = this.peek();
    if (word !== undefined)
      throw wordError(this.line, word, `'${word.text}' is one word too many`, 'the end of the line');
  }

  /** Complains of `text`, all or part of `word`, when an earlier one has said something of the same kind. */
  refuseSecond(word: Word, text: string, isSecond: boolean, kind: string): void {
    if (isSecond) throw wordError(this.line, word, `'${text}' is a second word for ${kind}`, 'one of them');
  }

  /** The number a word is, or the complaint about it. */
  number(word: Word): number {
    return this.#number(word);
  }

  #number(word: Word): number {
    const value = parseSize(word.text);
    if (value === undefined)
      throw wordError(this.line, word, `'${word.text}' is not a number`, NUMBERS_ALLOWED);
    return value;
  }
}

const NUMBERS_ALLOWED = 'a number of bytes: digits or 0x…, then K, M, G or T if wanted';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** `4K` is 4096, `0x1f` is 31; `undefined` for what is not a number of bytes. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+|0x[0-9a-f]+)([KMGT]?)$/i.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? 1);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The shortest text for a number of bytes: 4096 is `4K`, 4097 is `4097`. */
export function formatSize(value: number): string {
  for (const unit of ['T', 'G', 'M', 'K']) {
    const size = UNITS[unit] ?? 1;
    if (value >= size && value % size === 0) return `${value / size}${unit}`;
  }
  return String(value);
}

/** The text in quotes, as `takeText` reads it. */
export function formatText(text: string): string {
  const escapes = [...ESCAPES];
  const escaped = text.replace(
    /[\n"\\]/g,
    (character) => `\\${escapes.find(([, meant]) => meant === character)?.[0] ?? ''}`,
  );
  return `"${escaped}"`;
}
