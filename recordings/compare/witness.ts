/**
 * The smallest image of one line that only one of two runs allows at an acknowledgement, beside the nearest one that the
 * other allows, word by word, with the entry that stored each.
 */
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { chosenBytes, type GroupContent } from '#machine/images/image-set-groups.ts';
import { type ImageSet, sameBytes, writersOf } from '#machine/images/image-set.ts';
import { newestContent } from './newest-content.ts';
import { newestPieceOf } from '#machine/order/crash-view.ts';
import type { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import { type KeyedGroup, keyedGroups, lineSets } from '#machine/images/in-step/line-groups.ts';
import type { LinePair } from '#machine/images/in-step/pair.ts';
import type { StepSide } from '#machine/images/in-step/side.ts';

/** One word on both sides. */
export interface WitnessWord {
  readonly address: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The entry that stored the first of its bytes that counts; undefined: there before the run. */
  readonly beforeEntry: number | undefined;
  readonly afterEntry: number | undefined;
  /** The newest entry on either side that stored to the word, whether it persisted or not. */
  readonly beforeStored: number | undefined;
  readonly afterStored: number | undefined;
}

/** A word that holds the same in both images, and without which the image would be possible. */
export interface AlikeWord {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Whether it lacks what `entry` stored, of the run that allows the image; else it has that. */
  readonly isLacking: boolean;
  readonly entry: number | undefined;
}

/** The images of both runs. */
export type Sets = readonly [ImageSet, ImageSet];

export interface LineWitness {
  /** Which run allows the image that the other does not. */
  readonly allowedBy: 'before' | 'after';
  /** Words that differ, ascending. */
  readonly words: readonly WitnessWord[];
  /** Words that do not differ and make the image impossible together with those that do, ascending. */
  readonly alike: readonly AlikeWord[];
  /** Whether the two stored different bytes there, so that no order of stores is the reason. */
  readonly isOtherData: boolean;
}

/** A witness for a line that differs now, after `comparison` has advanced. */
export function witnessOfLine(comparison: StepComparison, pair: LinePair): LineWitness | undefined {
  const { sides, bytes } = comparison;
  const levels = [
    { from: sides[0].point.level, to: sides[0].point.level },
    { from: sides[1].point.level, to: sides[1].point.level },
  ] as const;
  const sets = lineSets(sides, levels, [openOf(sides[0], pair), openOf(sides[1], pair)]);
  const side = pair.only[1] > 0 ? 1 : 0;
  const other = side === 1 ? 0 : 1;
  for (const keyed of keyedGroups(pair.index, sets, bytes)) {
    const found = [...keyed.contents[side]].find(([key]) => !keyed.contents[other].has(key));
    if (found === undefined) continue;
    const own = found[1].content;
    const near = nearest(keyed, sets, side, own);
    const words = keyed.group.addresses
      .map((address) => wordOf(address, sets, side, own, near))
      .filter((word) => differs(comparison, word.address, word.before, word.after))
      .sort((left, right) => left.address - right.address);
    if (words.length === 0) continue;
    const isOtherData = words.some(({ address }) =>
      differs(comparison, address, newestContent(sets[0], address), newestContent(sets[1], address)),
    );
    return { allowedBy: side === 1 ? 'after' : 'before', words, alike: [], isOtherData };
  }
  return undefined;
}

const openOf = (side: StepSide, { index }: LinePair): readonly number[] => side.line(index)?.open ?? [];

/** Whether any byte of a word counts. */
export function isCounted({ bytes }: StepComparison, address: number): boolean {
  const index = Math.floor(address / LINE_SIZE_BYTES);
  const start = address % LINE_SIZE_BYTES;
  return Array.from({ length: WORD_SIZE_BYTES }, (_, byte) => bytes.countsByte(index, start + byte)).includes(
    true,
  );
}

/** Whether two contents of a word differ where it counts. */
export function differs(
  { bytes }: StepComparison,
  address: number,
  left: Uint8Array,
  right: Uint8Array,
): boolean {
  const index = Math.floor(address / LINE_SIZE_BYTES);
  const start = address % LINE_SIZE_BYTES;
  return left.some((value, byte) => value !== right[byte] && bytes.countsByte(index, start + byte));
}

/** The content of the other side that differs in fewest words; of several the one with most stored. */
function nearest(keyed: KeyedGroup, sets: Sets, side: 0 | 1, wanted: GroupContent): GroupContent | undefined {
  const other = side === 1 ? 0 : 1;
  let best: GroupContent | undefined;
  let least = Infinity;
  for (const { content } of keyed.contents[other].values()) {
    const distance = keyed.group.addresses.filter(
      (address) =>
        !sameBytes(
          chosenBytes(sets[side], wanted.choices, address),
          chosenBytes(sets[other], content.choices, address),
        ),
    ).length;
    if (distance <= least) [best, least] = [content, distance];
  }
  return best;
}

/** A word in an image of one side, and in the nearest of the other (absent: what that must hold). */
export function wordOf(
  address: number,
  sets: Sets,
  side: 0 | 1,
  own: GroupContent,
  near: GroupContent | undefined,
): WitnessWord {
  const chosen = side === 1 ? [near, own] : [own, near];
  const [before, after] = [0, 1].map((index) => {
    const set = sets[index as 0 | 1];
    const choices = chosen[index]?.choices ?? [];
    return { bytes: chosenBytes(set, choices, address), entry: writerOf(set, choices, address) };
  });
  return {
    address,
    before: before?.bytes.slice() ?? new Uint8Array(WORD_SIZE_BYTES),
    after: after?.bytes.slice() ?? new Uint8Array(WORD_SIZE_BYTES),
    beforeEntry: before?.entry,
    afterEntry: after?.entry,
    beforeStored: newestEntry(sets[0], address),
    afterStored: newestEntry(sets[1], address),
  };
}

/** The entry that stored the first byte of a word that counts; undefined: there before the run. */
export function writerOf(
  set: ImageSet,
  choices: GroupContent['choices'],
  address: number,
): number | undefined {
  for (const { cell, content } of choices) {
    const index = cell.words.findIndex((word) => word.address === address);
    if (index >= 0) return writersOf(cell, content, index).find((entry) => entry !== undefined);
  }
  return set.requiredWriters(address).find((entry) => entry !== undefined);
}

function newestEntry(set: ImageSet, address: number): number | undefined {
  const word = set.wordAt(address);
  const piece = word === undefined ? -1 : newestPieceOf(set.view, word);
  return piece < 0 ? undefined : set.view.order.pieces.entries[piece];
}
