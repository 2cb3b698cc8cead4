/**
 * The lines of a scenario file (docs/SCENARIOS.md), each told apart by how it begins: headers, expectations, results on
 * a line of their own, and operations with the result that may stand behind them. Where one scenario ends and what the
 * words mean is `parse.ts`.
 */
import { InputError } from '#base/input-error.ts';
import { type Line, type Word, refuseHidden, wordError } from '../../language/lines.ts';

/** `theme: …` and the like. */
const HEADERS = ['theme', 'scenario', 'source', 'shows'] as const;
export type Header = (typeof HEADERS)[number];

/** Words of expectations; all but `images` may be followed by names of trees. */
const EXPECTATIONS = ['does', 'reads', 'lost', 'cost', 'log', 'images'] as const;
export type ExpectationWord = (typeof EXPECTATIONS)[number];

/** A text and where it stands in its line. */
export type Piece = Word;

/** One line that says something. */
export type FileLine = { readonly line: Line } & (
  | { readonly kind: 'header'; readonly header: Header; readonly value: Piece }
  | {
      readonly kind: 'expectation';
      readonly word: ExpectationWord;
      /** What stands between the word and the colon. */
      readonly of: Piece;
      readonly value: Piece;
    }
  | { readonly kind: 'result'; readonly value: Piece }
  | { readonly kind: 'operation'; readonly text: string; readonly result?: Piece }
);

export type FileLineOf<Kind extends FileLine['kind']> = Extract<FileLine, { readonly kind: Kind }>;

const ALLOWED = [...HEADERS, ...EXPECTATIONS].map((word) => `${word}:`).join(' ');

/** The lines of a file that say something; blank ones and comments are dropped but counted. */
export function fileLines(text: string): FileLine[] {
  const found: FileLine[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const line = new TextLine(trimmed, index + 1);
    refuseHidden(line);
    found.push(fileLine(line));
  }
  return found;
}

/** A line whose words, of which a text in quotes is one, are looked for when somebody asks. */
class TextLine implements Line {
  readonly number: number;
  readonly text: string;
  #words: Word[] | undefined;

  constructor(text: string, number: number) {
    this.number = number;
    this.text = text;
  }

  get words(): readonly Word[] {
    this.#words ??= Array.from(this.text.matchAll(/"(?:[^"\\]|\\.)*"?|\S+/g), wordOf);
    return this.#words;
  }
}

function wordOf(match: RegExpExecArray): Word {
  return { text: match[0], column: match.index };
}

function fileLine(line: Line): FileLine {
  const [first = ''] = /^\S+/.exec(line.text) ?? [];
  const name = first.endsWith(':') ? first.slice(0, -1) : first;
  if (isOneOf(HEADERS, name)) {
    return { line, kind: 'header', header: name, value: afterColon(line, name).value };
  }
  if (isOneOf(EXPECTATIONS, name))
    return { line, kind: 'expectation', word: name, ...afterColon(line, name) };
  if (first === '=>') return { line, kind: 'result', value: pieceOf(line, 2, commentColumn(line)) };
  if (name !== first) throw wordError(line, line.words[0], `unknown header '${first}'`, ALLOWED);
  return operationLine(line);
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

/** What stands before and behind the colon of a header or an expectation. */
function afterColon(line: Line, word: string): { of: Piece; value: Piece } {
  const colon = line.text.indexOf(':');
  if (colon < 0) throw wordError(line, line.words[0], `'${word}' without a colon`, `${word}: …`);
  return { of: pieceOf(line, word.length, colon), value: pieceOf(line, colon + 1, line.text.length) };
}

function pieceOf({ text }: Line, from: number, to: number): Piece {
  const piece = text.slice(from, to);
  return { text: piece.trim(), column: from + piece.length - piece.trimStart().length };
}

/** Where the comment of a line of the workload begins; its length when there is none. */
function commentColumn({ text, words }: Line): number {
  return words.find((word) => word.text.startsWith('#'))?.column ?? text.length;
}

function operationLine(line: Line): FileLine {
  // Most lines have nothing but their words.
  if (!/[=;#/"]/.test(line.text)) return { line, kind: 'operation', text: line.text };
  const end = commentColumn(line);
  const words = line.words.filter(({ column }) => column < end);
  const several = words.find(({ text }) => text === '/' || (!text.startsWith('"') && text.includes(';')));
  if (several !== undefined)
    throw wordError(line, several, 'several operations in one line', 'a line for each operation');
  const arrow = words.find(({ text }) => text === '=>');
  const text = line.text.slice(0, arrow?.column ?? end).trimEnd();
  if (arrow === undefined) return { line, kind: 'operation', text };
  return { line, kind: 'operation', text, result: pieceOf(line, arrow.column + 2, end) };
}

/** Calls `read`; what it complains of is said to be in `file`, as `FILE:LINE: …`. */
export function inFile<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const placed = error.message.replace(/^line (\d+): /, `${file}:$1: `);
    throw new InputError(placed === error.message ? `${file}: ${error.message}` : placed);
  }
}
