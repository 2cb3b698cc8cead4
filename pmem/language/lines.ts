/**
 * The lines of a workload and their words, with their places, and the error that points at one of them. Parsing and
 * checking share it, so that every complaint names line, word and what is allowed. Characters that cannot be seen are
 * refused here, before anything could print them.
 */
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import { TEXTS_ALLOWED } from './quoted-text.ts';

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

/** Splits a workload into its lines; empty ones and comments (`# …`) are dropped but counted. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const [index, raw] of rawLines(text).entries()) {
    const line = lineOf(raw, index + 1);
    if (line.words.length > 0) lines.push(line);
  }
  return lines;
}

/**
 * What ends a line or keeps it from ending: a text in quotes, which ends with its line at the latest; a comment, which
 * goes on to the line break (both only begin where a word does); and what separates lines.
 */
const BREAKS = /(?<![^\s;])(?:"(?:[^"\\\n]|\\[^\n])*"?|(#)[^\n]*)|(\r?\n|;|\s\/\s)/g;

/** The lines as they stand there, without comments. */
function rawLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  let comment: number | undefined;
  for (const { 0: piece, 1: hash, 2: separator, index } of text.matchAll(BREAKS)) {
    if (hash !== undefined) comment = index;
    if (separator === undefined) continue;
    lines.push(text.slice(start, comment ?? index));
    start = index + piece.length;
    comment = undefined;
  }
  lines.push(text.slice(start, comment));
  return lines;
}

const WORDS = /"(?:[^"\\]|\\[^])*"?|\S+/g;

/** A line of a workload; throws `InputError` for hidden characters and quotes that are not closed. */
export function lineOf(raw: string, number: number): Line {
  const text = raw.trim();
  const words: Word[] = [];
  for (const match of text.matchAll(WORDS)) words.push({ text: match[0], column: match.index });
  const line = { number, text, words };
  refuseHidden(line);
  const open = words.find((word) => word.text.startsWith('"') && !QUOTED.test(word.text));
  if (open !== undefined) throw wordError(line, open, 'a quote that is not closed', TEXTS_ALLOWED);
  return line;
}

const QUOTED = /^"(?:[^"\\]|\\[^])*"$/;

/** A character that cannot be seen, or makes others look different; tabs part words. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Throws `InputError` for the first character of a line that would not be seen where it is printed. */
export function refuseHidden(line: Line): void {
  const found = HIDDEN.exec(line.text);
  if (found === null) return;
  const place = { text: found[0], column: found.index };
  const allowed = `characters that can be seen; in quotes, ${printable(found[0])} means this one`;
  throw wordError(line, place, `the character ${found[0]}, which cannot be seen`, allowed);
}

/** The error for `word` of `line` (the end of the line when absent): what is wrong, and what is allowed there. */
export function wordError(line: Line, word: Word | undefined, problem: string, allowed: string): InputError {
  const column = shown(line.text.slice(0, word?.column)).length + (word === undefined ? 1 : 0);
  const width = Math.max(1, shown(word?.text ?? '').length);
  return new InputError(
    `line ${line.number}: ${printable(problem)}\n  ${shown(line.text)}\n  ${' '.repeat(column)}${'^'.repeat(width)}\n  allowed: ${printable(allowed)}`,
  );
}

/** A part of a line as it is printed; places in it count what is printed. */
const shown = (text: string): string => printable(text.replaceAll('\t', ' '));
