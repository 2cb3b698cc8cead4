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

export interface LineWitness {
  /** Which run allows the image that the other does not. */
  readonly allowedBy: 'before' | 'after';
  /** Words that differ, ascending. */
  readonly words: readonly WitnessWord[];
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
      .filter(
        (word) => !sameBytes(word.before, word.after) && countsWord(comparison, pair.index, word.address),
      )
      .sort((left, right) => left.address - right.address);
    if (words.length === 0) continue;
    const isOtherData = words.some(
      ({ address }) => !sameBytes(newestContent(sets[0], address), newestContent(sets[1], address)),
    );
    return { allowedBy: side === 1 ? 'after' : 'before', words, isOtherData };
  }
  return undefined;
}

const openOf = (side: StepSide, { index }: LinePair): readonly number[] => side.line(index)?.open ?? [];

function countsWord({ bytes }: StepComparison, index: number, address: number): boolean {
  const start = address - index * LINE_SIZE_BYTES;
  return Array.from({ length: WORD_SIZE_BYTES }, (_, byte) => bytes.countsByte(index, start + byte)).includes(
    true,
  );
}

/** The content of the other side that differs in fewest words; of several the one with most stored. */
function nearest(
  keyed: KeyedGroup,
  sets: readonly [ImageSet, ImageSet],
  side: 0 | 1,
  wanted: GroupContent,
): GroupContent | undefined {
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

function wordOf(
  address: number,
  sets: readonly [ImageSet, ImageSet],
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

function writerOf(set: ImageSet, choices: GroupContent['choices'], address: number): number | undefined {
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
