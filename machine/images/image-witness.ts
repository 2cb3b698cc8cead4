/**
 * One image that tells two image sets apart, with the store behind each byte, so that a report can print which
 * operation's bytes are there and which are missing. Only the words that matter are listed: those that decide the
 * difference and those that differ from the least image of the set.
 */
import type { GroupContent } from './image-set-groups.ts';
import { type ImageSet, type SparseImage, writersOf } from './image-set.ts';
import { requiredFrom } from '../order/crash-view.ts';
import { cellsOf } from './line-cells.ts';
import { undecidedLines } from '../order/open-lines.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** One byte of a witness image. */
export interface WitnessByte {
  readonly address: number;
  readonly value: number;
  /** The record entry that stored it in the run that allows the image; undefined: there before the run. */
  readonly entry: number | undefined;
  /** What the least image of the other set holds there. */
  readonly otherValue: number;
  /** Whether the byte's word is one of those that make the image impossible in the other set. */
  readonly isDecisive: boolean;
}

export interface Witness {
  /** Ascending by address; whole words. */
  readonly bytes: readonly WitnessByte[];
  /** The words of `bytes`, over the least image of the set. */
  readonly words: SparseImage;
  /** The complete image: every word that the run touched. */
  readonly image: () => SparseImage;
}

/** The least image of `set` at `at.level` with the given contents; `decided` are further words to list. */
export function makeWitness(
  set: ImageSet,
  other: ImageSet,
  at: { readonly level: number; readonly contents: readonly GroupContent[] },
  decided: readonly number[],
): Witness {
  const choices = at.contents.flatMap((content) => content.choices);
  const members = at.contents.flatMap((content) => content.members ?? []);
  const decisive = new Set([...decided, ...at.contents.flatMap((content) => content.group.addresses)]);
  for (const { group, members: own } of at.contents) {
    // A word that was told alone decides together with the other words of its cell.
    if (own === undefined) continue;
    const line = roundDown(group.addresses[0] ?? 0, LINE_SIZE_BYTES);
    for (const cell of cellsOf(set.view, set.openLines.piecesAt(line)))
      if (cell.words.some(({ address }) => group.addresses.includes(address)))
        for (const { address } of cell.words) decisive.add(address);
  }
  const words = new Map<number, Uint8Array>();
  const bytes: WitnessByte[] = [];
  const list = (address: number, content: Uint8Array, writers: readonly (number | undefined)[]): void => {
    const required = set.requiredContent(address);
    const isDecisive = decisive.has(address);
    if (!isDecisive && content.every((byte, index) => byte === required[index])) return;
    words.set(address, content);
    const others = other.requiredContent(address);
    for (const [index, value] of content.entries())
      bytes.push({
        address: address + index,
        value,
        entry: writers[index],
        otherValue: others[index] ?? 0,
        isDecisive,
      });
  };
  const decisiveLines = new Set([...decisive].map((address) => roundDown(address, LINE_SIZE_BYTES)));
  for (const line of undecidedLines(set.openLines)) {
    const pieces = set.openLines.piecesAt(line);
    const isLeast = pieces.every((piece) => requiredFrom(set.view, piece) > at.level);
    if (isLeast && !decisiveLines.has(line)) continue;
    for (const cell of cellsOf(set.view, pieces)) {
      const address = cell.words[0]?.address;
      const content =
        choices.find((choice) => choice.cell.words[0]?.address === address)?.content ??
        cell.leastWith(members, at.level);
      for (const [index, word] of cell.words.entries()) {
        const wordBytes = content.bytes.slice(index * WORD_SIZE_BYTES, (index + 1) * WORD_SIZE_BYTES);
        list(word.address, wordBytes, writersOf(cell, content, index));
      }
    }
  }
  for (const address of decisive)
    if (!words.has(address)) list(address, set.requiredContent(address), set.requiredWriters(address));
  bytes.sort((left, right) => left.address - right.address);
  return { bytes, words, image: () => new Map([...set.minimalImage(), ...words]) };
}
