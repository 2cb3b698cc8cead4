/**
 * Lines up the undecided cells of two image sets so that their contents can be compared. Two runs may cut the same
 * line differently (eight independent words here, one chain of eight there), so cells that share a word are put in
 * one group, and a content of a group is a choice of contents for all cells of one set in it.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import { contentIn, type ImageSet, intersectSpans } from './image-set.ts';
import type { CellContent } from './cell-contents.ts';
import type { LevelSpan } from '../order/crash-view.ts';
import { type Cell, cellsOf } from './line-cells.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** How many combined contents of one group are compared before giving up. */
export const GROUP_CONTENTS_MAX = 1 << 18;

/** Words of one line, by address, whose contents hang together in one set or the other. */
export interface WordGroup {
  readonly addresses: readonly number[];
  /** Address of the line, when other groups of it have been held against this one. */
  readonly line?: number;
}

/** Whether what two groups decide of each other has been looked at already. */
export const areTogether = (one: WordGroup, other: WordGroup): boolean =>
  one === other || (one.line !== undefined && one.line === other.line);

/** One content of a group in one set, and what the other set makes of it. */
export interface GroupContent {
  readonly group: WordGroup;
  readonly choices: readonly { readonly cell: Cell; readonly content: CellContent }[];
  /** Open pieces that have persisted, where a word of a cell is told without the others. */
  readonly members?: readonly number[];
  /** When it is possible in the set it comes from. */
  readonly spans: readonly LevelSpan[];
  /** When it is possible in the other set; empty: never. */
  readonly otherSpans: readonly LevelSpan[];
}

/** The undecided cells of one line of a set. */
export class LineOfSet {
  readonly set: ImageSet;
  readonly cells: readonly Cell[];

  constructor(set: ImageSet, pieces: Int32Array) {
    this.set = set;
    this.cells = cellsOf(set.view, pieces);
  }

  /** The cell that holds the word at `address`, if its content is undecided. */
  cellOfWord(address: number): Cell | undefined {
    return this.cells.find((cell) => cell.words.some((word) => word.address === address));
  }
}

/** The words of one line that are undecided in either set, grouped, in order of address. */
export function groupsOf(left: LineOfSet, right: LineOfSet): WordGroup[] {
  const addresses = new Set<number>();
  for (const { cells } of [left, right])
    for (const cell of cells) for (const word of cell.words) addresses.add(word.address);
  const groups: WordGroup[] = [];
  const placed = new Set<number>();
  for (const address of [...addresses].sort((one, other) => one - other)) {
    if (placed.has(address)) continue;
    const members = closure(address, left, right);
    for (const member of members) placed.add(member);
    groups.push({ addresses: members });
  }
  return groups;
}

function closure(address: number, left: LineOfSet, right: LineOfSet): number[] {
  const members = new Set([address]);
  for (const member of members)
    for (const line of [left, right])
      for (const word of line.cellOfWord(member)?.words ?? []) members.add(word.address);
  return [...members].sort((one, other) => one - other);
}

/** Every content of `group` in `line`, with the levels at which `other` allows the same bytes. */
export function* groupContents(line: LineOfSet, other: LineOfSet, group: WordGroup): Generator<GroupContent> {
  const cells = cellsIn(line, group);
  const choices: { readonly cell: Cell; readonly content: CellContent }[] = [];
  let left = GROUP_CONTENTS_MAX;
  function* choose(index: number, spans: readonly LevelSpan[]): Generator<GroupContent> {
    const cell = cells[index];
    if (cell === undefined) {
      if (left-- === 0) throw tooManyContents(group);
      const otherSpans = spansOf(other, group, (address) => chosenBytes(line.set, choices, address));
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
  yield* choose(0, [line.set.view.levels]);
}

function cellsIn(line: LineOfSet, group: WordGroup): Cell[] {
  const cells = new Set<Cell>();
  for (const address of group.addresses) {
    const cell = line.cellOfWord(address);
    if (cell !== undefined) cells.add(cell);
  }
  return [...cells];
}

/** The bytes of the word at `address` under `choices`; words without a choice hold what they must. */
export function chosenBytes(
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
  line: LineOfSet,
  group: WordGroup,
  read: (address: number) => Uint8Array,
): readonly LevelSpan[] {
  for (const address of group.addresses) {
    if (line.cellOfWord(address) !== undefined) continue;
    const required = line.set.requiredContent(address);
    const wanted = read(address);
    if (!required.every((byte, index) => byte === wanted[index])) return [];
  }
  let spans: readonly LevelSpan[] = [line.set.view.levels];
  for (const cell of cellsIn(line, group)) {
    spans = intersectSpans(spans, contentIn(cell, read)?.spans ?? []);
    if (spans.length === 0) break;
  }
  return spans;
}

function tooManyContents(group: WordGroup): TooManyImagesError {
  const address = roundDown(group.addresses[0] ?? 0, LINE_SIZE_BYTES);
  return new TooManyImagesError(
    `the line at 0x${address.toString(16)} has more than ${GROUP_CONTENTS_MAX} contents to compare: acknowledge or ` +
      `flush more often, or raise GROUP_CONTENTS_MAX`,
  );
}
