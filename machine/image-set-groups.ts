/**
 * Lines up the undecided cells of two image sets so that their contents can be compared. Two runs may cut the same
 * line differently (eight independent words here, one chain of eight there), so cells that share a word are put in
 * one group, and a content of a group is a choice of contents for all cells of one set in it.
 */
import { contentIn, type ImageSet, intersectSpans } from './image-set.ts';
import type { CellContent } from './cell-contents.ts';
import type { LevelSpan } from './crash-view.ts';
import type { Cell } from './line-cells.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from './units.ts';

/** How many combined contents of one group are compared before giving up. */
export const GROUP_CONTENTS_MAX = 1 << 18;

/** Words, by address, whose contents hang together in one set or the other. */
export interface WordGroup {
  readonly index: number;
  readonly addresses: readonly number[];
}

/** One content of a group in one set, and what the other set makes of it. */
export interface GroupContent {
  readonly group: WordGroup;
  readonly choices: readonly { readonly cell: Cell; readonly content: CellContent }[];
  /** When it is possible in the set it comes from. */
  readonly spans: readonly LevelSpan[];
  /** When it is possible in the other set; empty: never. */
  readonly otherSpans: readonly LevelSpan[];
}

/** The words that are undecided in either set, grouped, in order of address. */
export function groupsOf(left: ImageSet, right: ImageSet): WordGroup[] {
  const addresses = new Set<number>();
  for (const set of [left, right])
    for (const cell of set.cells) for (const word of cell.words) addresses.add(word.address);
  const groups: WordGroup[] = [];
  const placed = new Set<number>();
  for (const address of [...addresses].sort((one, other) => one - other)) {
    if (placed.has(address)) continue;
    const members = closure(address, left, right);
    for (const member of members) placed.add(member);
    groups.push({ index: groups.length, addresses: members });
  }
  return groups;
}

function closure(address: number, left: ImageSet, right: ImageSet): number[] {
  const members = new Set([address]);
  // Cells stay within a line, so this ends after at most eight words.
  for (const member of members)
    for (const set of [left, right])
      for (const word of set.cellOfWord(member)?.words ?? []) members.add(word.address);
  return [...members].sort((one, other) => one - other);
}

/** Every content of `group` in `set`, with the levels at which `other` allows the same bytes. */
export function* groupContents(set: ImageSet, other: ImageSet, group: WordGroup): Generator<GroupContent> {
  const cells = cellsIn(set, group);
  const choices: { readonly cell: Cell; readonly content: CellContent }[] = [];
  let left = GROUP_CONTENTS_MAX;
  function* choose(index: number, spans: readonly LevelSpan[]): Generator<GroupContent> {
    const cell = cells[index];
    if (cell === undefined) {
      if (left-- === 0) throw tooManyContents(group);
      const otherSpans = spansOf(other, group, (address) => chosenBytes(set, choices, address));
      yield { group, choices: [...choices], spans, otherSpans };
      return;
    }
    for (const content of cell.contents()) {
      const both = intersectSpans(spans, content.spans);
      if (both.length === 0) continue;
      choices.push({ cell, content });
      yield* choose(index + 1, both);
      choices.pop();
    }
  }
  yield* choose(0, [set.view.levels]);
}

function cellsIn(set: ImageSet, group: WordGroup): Cell[] {
  const cells = new Set<Cell>();
  for (const address of group.addresses) {
    const cell = set.cellOfWord(address);
    if (cell !== undefined) cells.add(cell);
  }
  return [...cells];
}

/** The bytes of the word at `address` under `choices`; words without a choice hold what they must. */
function chosenBytes(
  set: ImageSet,
  choices: readonly { readonly cell: Cell; readonly content: CellContent }[],
  address: number,
): Uint8Array {
  for (const { cell, content } of choices) {
    const index = cell.words.findIndex((word) => word.address === address);
    if (index >= 0) return content.bytes.subarray(index * WORD_SIZE_BYTES, (index + 1) * WORD_SIZE_BYTES);
  }
  return set.requiredContent(address);
}

function spansOf(
  set: ImageSet,
  group: WordGroup,
  read: (address: number) => Uint8Array,
): readonly LevelSpan[] {
  for (const address of group.addresses) {
    if (set.cellOfWord(address) !== undefined) continue;
    const required = set.requiredContent(address);
    const wanted = read(address);
    if (!required.every((byte, index) => byte === wanted[index])) return [];
  }
  let spans: readonly LevelSpan[] = [set.view.levels];
  for (const cell of cellsIn(set, group)) spans = intersectSpans(spans, contentIn(cell, read)?.spans ?? []);
  return spans;
}

function tooManyContents(group: WordGroup): RangeError {
  const line = roundDown(group.addresses[0] ?? 0, LINE_SIZE_BYTES);
  return new RangeError(
    `the line at 0x${line.toString(16)} has more than ${GROUP_CONTENTS_MAX} contents to compare: acknowledge or ` +
      `flush more often, or raise GROUP_CONTENTS_MAX`,
  );
}
