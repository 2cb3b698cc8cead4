/** A witness as a hex diff: an image that one side may leave, and the nearest one that the other side may leave. */
import type { Paint } from '#base/paint.ts';
import { hexByte, type WitnessReport, type WitnessWord, wordPlace } from '../compare/witness.ts';

/** Words of a witness that are shown before the rest is summed up. */
const WORDS_SHOWN = 3;

/** What the two sides are called. */
export interface SideNames {
  readonly before: string;
  readonly after: string;
}

export const SIDES: SideNames = { before: 'before', after: 'after' };

/** The lines of a witness, indented. */
export function witnessLines(witness: WitnessReport, paint: Paint, names: SideNames = SIDES): string[] {
  const { side, time, operation, operationIndex, words, given } = witness;
  const own = names[side];
  const other = names[side === 'before' ? 'after' : 'before'];
  const name = `operation ${operationIndex + 1} '${operation}'`;
  const when = time === 'acked' ? `once ${name} has returned` : `while ${name} runs`;
  const shown = words.slice(0, WORDS_SHOWN);
  const hidden = words.length - shown.length;
  const width = Math.max(...shown.map((word) => wordPlace(word).length));
  return [
    `      only ${own}/ may leave this, ${when}:`,
    ...shown.flatMap((word) => wordLines(word, width, own, other, paint)),
    ...(hidden > 0 ? [`        and ${hidden} more words that differ`] : []),
    ...(given === undefined ? [] : [`        while both have what was stored to ${given}`]),
  ];
}

function wordLines(word: WitnessWord, width: number, own: string, other: string, paint: Paint): string[] {
  const nameWidth = Math.max(own.length, other.length);
  const differs = (index: number): boolean => word.bytes[index] !== word.otherBytes[index];
  const hex = (bytes: readonly number[]): string =>
    bytes.map((byte, index) => paint(differs(index) ? 'red' : 'dim', hexByte(byte))).join(' ');
  return [
    `        ${wordPlace(word).padEnd(width)}  ${own.padEnd(nameWidth)} ${hex(word.bytes)}  ${word.storedBy}`,
    `        ${' '.repeat(width)}  ${other.padEnd(nameWidth)} ${hex(word.otherBytes)}  ${word.otherStoredBy}`,
  ];
}
