/** Values as they are told to readers: short enough, safe to print, and of two that differ the part that does. */
import { printable } from '#base/printable.ts';
import type { ProbeDimension } from './options.ts';
import { wordsOf } from './values.ts';

/** Characters of a value that are told. */
const VALUE_MAX = 200;

/** Characters before the first difference that are told with it. */
const LEAD = 40;

/** The beginning of a text. */
export function told(text: string): string {
  return printable(text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text);
}

/** A value beside the one it differs from; `undefined` is one that is not there. Of a long set only what the other has not. */
export function toldBeside(
  value: string | undefined,
  other: string | undefined,
  { compare }: ProbeDimension,
): string {
  if (value === undefined) return 'nothing';
  if (value === '') return 'empty';
  if (other === undefined || value.length <= VALUE_MAX) return told(value);
  if (compare === 'set') return told(ownWords(value, other));
  const first = [...value].findIndex((character, index) => character !== other[index]);
  if (first <= VALUE_MAX - LEAD) return told(value);
  return `…${told(value.slice(first - LEAD))}`;
}

function ownWords(value: string, other: string): string {
  const [words, others] = [wordsOf(value), wordsOf(other)];
  const own = [...words].filter((word) => !others.has(word));
  return `${own.length === 0 ? 'nothing more' : own.join(' ')} beside ${words.size - own.length} that both have`;
}
