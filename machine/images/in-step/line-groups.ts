/**
 * The contents of one line of two runs in the general case, group by group of words that hang together in either: lines with
 * non-temporal stores, unordered strings, or something newer required over something open.
 */
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../../hardware/units.ts';
import { addSpan } from '../cell-contents.ts';
import {
  chosenBytes,
  groupContents,
  type GroupContent,
  groupsOf,
  LineOfSet,
  type WordGroup,
} from '../image-set-groups.ts';
import { ImageSet } from '../image-set.ts';
import type { LevelSpan } from '../line-cells.ts';
import type { ComparedBytes } from './region.ts';
import type { SideLine, StepSide } from './side.ts';

/** A content of a group on one side, restricted to the bytes that count. */
export interface KeyedContent {
  readonly content: GroupContent;
  readonly spans: LevelSpan[];
}

/** A group of words of a line with the contents of both sides by key. */
export interface KeyedGroup {
  readonly group: WordGroup;
  readonly contents: readonly [ReadonlyMap<string, KeyedContent>, ReadonlyMap<string, KeyedContent>];
}

/** The image sets of one line on both sides; `pieces` of each that may or may not have persisted. */
export function lineSets(
  sides: readonly [StepSide, StepSide],
  levels: readonly [LevelSpan, LevelSpan],
  pieces: readonly [readonly number[], readonly number[]],
): readonly [ImageSet, ImageSet] {
  return [
    new ImageSet(sides[0].view(levels[0], Int32Array.from(pieces[0]))),
    new ImageSet(sides[1].view(levels[1], Int32Array.from(pieces[1]))),
  ];
}

/** Every word of the line on both sides: those undecided in neither are groups of their own. */
export function keyedGroups(
  index: number,
  sets: readonly [ImageSet, ImageSet],
  bytes: ComparedBytes,
): KeyedGroup[] {
  const lines = sets.map((set) => new LineOfSet(set, set.view.openPieces));
  const [left, right] = lines;
  if (left === undefined || right === undefined) return [];
  const groups = groupsOf(left, right);
  const grouped = new Set(groups.flatMap(({ addresses }) => addresses));
  const start = index * LINE_SIZE_BYTES;
  for (let address = start; address < start + LINE_SIZE_BYTES; address += WORD_SIZE_BYTES)
    if (!grouped.has(address)) groups.push({ addresses: [address] });
  return groups.map((group) => ({
    group,
    contents: [keyed(left, right, group, index, bytes), keyed(right, left, group, index, bytes)],
  }));
}

function keyed(
  line: LineOfSet,
  other: LineOfSet,
  group: WordGroup,
  index: number,
  bytes: ComparedBytes,
): Map<string, KeyedContent> {
  const found = new Map<string, KeyedContent>();
  const scratch = new Uint8Array(LINE_SIZE_BYTES);
  for (const content of groupContents(line, other, group)) {
    for (const address of group.addresses)
      scratch.set(chosenBytes(line.set, content.choices, address), address - index * LINE_SIZE_BYTES);
    const key = bytes.keyOf(index, scratch);
    const known = found.get(key);
    if (known === undefined) found.set(key, { content, spans: [...content.spans] });
    else for (const span of content.spans) addSpan(known.spans, span);
  }
  return found;
}

/** How one line compares at the end of a segment: whether either side allows what the other does not, and how many contents. */
export function compareByGroups(
  index: number,
  lines: readonly [SideLine | undefined, SideLine | undefined],
  sides: readonly [StepSide, StepSide],
  bytes: ComparedBytes,
): { readonly only: readonly [number, number]; readonly counts: readonly [number, number] } {
  const levels = [levelOf(sides[0]), levelOf(sides[1])] as const;
  const sets = lineSets(sides, levels, [lines[0]?.open ?? [], lines[1]?.open ?? []]);
  const only: [number, number] = [0, 0];
  const counts: [number, number] = [1, 1];
  for (const { contents } of keyedGroups(index, sets, bytes))
    for (const side of [0, 1] as const) {
      const [own, other] = [contents[side], contents[side === 0 ? 1 : 0]];
      counts[side] *= own.size;
      if ([...own.keys()].some((key) => !other.has(key))) only[side] = 1;
    }
  return { only, counts };
}

const levelOf = ({ point }: StepSide): LevelSpan => ({ from: point.level, to: point.level });
