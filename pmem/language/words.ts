/** Reads the words of a line from left to right, with a complaint for each that is not what belongs there. */
import type { InputError } from '#base/input-error.ts';
import { type Line, type Word, wordError } from './lines.ts';
import { TEXTS_ALLOWED, textIn } from './quoted-text.ts';
import { NUMBERS_ALLOWED, isSize, parseSize } from './sizes.ts';

/** Where on a line a reader is. */
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
    if (word === undefined) throw this.error(undefined, 'the line ends too early', allowed);
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
    if (found === undefined) throw this.error(word, `'${word.text}' is not ${what}`, choices.join(', '));
    return found;
  }

  /** Takes a text: one word, or anything in quotes. */
  takeText(): string {
    const word = this.take(TEXTS_ALLOWED);
    if (!word.text.startsWith('"')) return word.text;
    const meant = textIn(word.text);
    if ('text' in meant) return meant.text;
    throw this.error(word, `'${meant.wrongEscape}' in quotes`, TEXTS_ALLOWED);
  }

  /** Takes `@NUMBER`. */
  takeOffset(): number {
    const allowed = 'a place in bytes, such as @0, @61 or @4K';
    const word = this.take(allowed);
    if (!word.text.startsWith('@')) throw this.error(word, `'${word.text}' is not a place`, allowed);
    return this.number({ text: word.text.slice(1), column: word.column + 1 });
  }

  /** Takes a number of bytes. */
  takeSize(): number {
    return this.number(this.take(NUMBERS_ALLOWED));
  }

  /** Takes numbers of bytes separated by commas. */
  takeSizes(): number[] {
    return this.#parts(this.take(`${NUMBERS_ALLOWED}; several with commas between`)).map((part) =>
      this.number(part),
    );
  }

  /** The parts of a word with commas between. */
  #parts({ text, column }: Word): Word[] {
    let next = column;
    return text.split(',').map((part) => {
      const word = { text: part, column: next };
      next += part.length + 1;
      return word;
    });
  }

  /** The number a word is, or the complaint about it. */
  number(word: Word): number {
    const value = parseSize(word.text);
    if (value !== undefined) return value;
    if (isSize(word.text)) throw this.error(word, `${word.text} is too large`, 'less than 2^53 (8192T)');
    const problem = word.text === '' ? 'a number is missing' : `'${word.text}' is not a number`;
    throw this.error(word, problem, NUMBERS_ALLOWED);
  }

  /** Complains of `text`, all or part of `word`, when an earlier one has said something of the same kind. */
  refuseSecond(word: Word, text: string, isSecond: boolean, kind: string): void {
    if (isSecond) throw this.error(word, `'${text}' is a second word for ${kind}`, 'one of them');
  }

  /** The complaint about a word of this line. */
  error(word: Word | undefined, problem: string, allowed: string): InputError {
    return wordError(this.line, word, problem, allowed);
  }
}
