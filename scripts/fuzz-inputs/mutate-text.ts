/** Small damage to any text: what a cut-off file, a slip of the hand, another program or somebody hostile does to it. */
import type { Random } from '#engine/fuzz/random.ts';

/** Numbers at which counters, sizes and addresses of programs break. */
const NUMBERS = [
  '0', '-1', '1', '63', '64', '65', '4095', '4097', '65536', '1048577', '2147483648', '4294967295', '4294967297',
  '9007199254740991', '9007199254740993', '18446744073709551616', '1e308', '1e999', '0.5', 'NaN', '0x1000000030', '4097M', '1T', '99999999999999999999999',
]; // prettier-ignore

/** Text that means something to somebody: ends, quotes, escapes, directions, paths, and what is no character. */
const PIECES = [
  '', ' ', '\t', '\n', '\r\n', '\n\n', '"', "'", '`', '\\', '/', ' / ', ';', ',', ':', '=', '|', '@', '#', '*', '-', '--', '+', '%', '&', '<', '>',
  '(', ')', '{', '}', '[', ']', '[[[[[[[[', '{{{{{{{{', '\u0000', '\u0007', '\u001b[31m', '\u202e', '\ufeff', '\ud800', '😀', 'é', '../../..', '/dev/null',
  '/dev/zero', '__proto__', 'constructor', 'toString', 'undefined', 'null', 'true', '<script>', '${x}', '%s', '*a', '&a', '!!js/function',
]; // prettier-ignore

/** A run of digits, with what hexadecimal numbers and sizes have around them. */
const NUMBER = /-?(?:0x[0-9a-f]+|\d+)[KMGT]?/gi;

/** `text` with one to four pieces of damage, mostly one; `others` are texts of the same kind. The same draws do the same damage. */
export function damaged(random: Random, text: string, others: readonly string[]): string {
  let changed = text;
  for (let left = random.pick([1, 1, 1, 2, 3, 4]); left > 0; left--)
    changed = random.pick(WAYS)(random, changed, others);
  return changed;
}

type Way = (random: Random, text: string, others: readonly string[]) => string;

const at = (random: Random, text: string): number => random.below(text.length + 1);

const replaced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

const otherNumber: Way = (random, text) => {
  const numbers = [...text.matchAll(NUMBER)];
  if (numbers.length === 0) return text;
  const { index, 0: old } = random.pick(numbers);
  return replaced(text, index, index + old.length, random.pick(NUMBERS));
};

const otherPiece: Way = (random, text) => {
  const from = at(random, text);
  return replaced(text, from, from + random.below(3), random.pick(PIECES));
};

const gone: Way = (random, text) => {
  const from = at(random, text);
  return replaced(text, from, from + random.between(1, 40), '');
};

const cutOff: Way = (random, text) => text.slice(0, at(random, text));

const flipped: Way = (random, text) => {
  const from = random.below(Math.max(1, text.length));
  return replaced(
    text,
    from,
    from + 1,
    String.fromCharCode((text.charCodeAt(from) || 0) ^ (1 << random.below(7))),
  );
};

/** Words or lines swapped, doubled, or doubled very often. */
const piecesMoved =
  (separator: string): Way =>
  (random, text) => {
    const pieces = text.split(separator);
    const [one, other] = [random.below(pieces.length), random.below(pieces.length)];
    const piece = pieces[one] ?? '';
    if (random.chance(40)) pieces.splice(one, 1);
    if (random.chance(3))
      pieces.splice(other, 0, ...Array.from({ length: 1 << random.between(4, 11) }, () => piece));
    else pieces.splice(other, 0, piece);
    return pieces.join(separator);
  };

const crossed: Way = (random, text, others) => {
  const other = random.pick(others);
  return text.slice(0, at(random, text)) + other.slice(at(random, other));
};

const WAYS: readonly Way[] = [
  otherNumber, otherNumber, otherNumber, otherPiece, otherPiece, gone, cutOff, flipped,
  piecesMoved('\n'), piecesMoved(' '), piecesMoved(';'), piecesMoved(','), crossed,
]; // prettier-ignore
