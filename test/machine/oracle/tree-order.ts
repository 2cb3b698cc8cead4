/**
 * Table 1.4 of persistency.md for the letters of `program-tree.ts`: which two instructions keep their order when they
 * leave the store buffer. Written from the table, not from the engine or the litmus machine.
 */
import type { PersistencySetting } from '#machine/order/persistency-setting.ts';
import type { Letter, LetterKind } from './program-tree.ts';

/** FX is a clflush that only MFENCE and locked instructions order (AMD). */
export type Kind = LetterKind | 'FX';

/** Whether `earlier` leaves the store buffer before `later`. */
export function keepsOrder(
  [first, earlier]: readonly [Kind, Letter],
  [second, later]: readonly [Kind, Letter],
  setting: PersistencySetting,
): boolean {
  if (first === 'FX' && second === 'SF') return false;
  if (first === 'SF' || first === 'MF' || second === 'SF' || second === 'MF') return true;
  const sameLine = earlier.line === later.line;
  const sameWord = earlier.word === later.word;
  switch (first) {
    case 'W':
      return second === 'W' || second === 'FL' || (second === 'NT' ? sameWord : sameLine);
    case 'FL':
      if (second === 'NT') return setting.flushCoversNonTemporal && sameLine;
      return second === 'W' || second === 'FL' || sameLine;
    case 'NT':
      if (second === 'W' || second === 'NT') return sameWord;
      return setting.flushCoversNonTemporal && sameLine;
    default:
      return second === 'FL' && sameLine;
  }
}
