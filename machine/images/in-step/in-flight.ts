/**
 * How two sets compare while a segment of two runs is under way. Lines that nothing happened to are factors without levels
 * and compare as they did before; the others are compared with the levels at which their contents are possible.
 */
import { at, LINE_WORDS } from '../../order/store-pieces.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../../hardware/units.ts';
import { addSpan } from '../cell-contents.ts';
import type { GroupContent } from '../image-set-groups.ts';
import { Inclusion } from '../image-set-inclusion.ts';
import { findTogether } from '../image-set-relation.ts';
import type { LevelSpan } from '../line-cells.ts';
import { keyedGroups, type KeyedGroup, lineSets } from './line-groups.ts';
import { baseOf, isChainLine, type LinePair } from './pair.ts';
import type { ComparedBytes } from './region.ts';
import { spansOfSameStores, type SpansOfContent } from './same-stores.ts';
import type { StepSide } from './side.ts';

type Sides = readonly [StepSide, StepSide];

/**
 * Whether, while the segment is under way, the first run allows an image that the second does not, and the reverse, as far
 * as its lines go. To be called when both sides have advanced and not yet settled.
 */
export function comparesInFlight(
  pairs: readonly LinePair[],
  sides: Sides,
  bytes: ComparedBytes,
): readonly [boolean, boolean] {
  if (isSameSegment(pairs, sides)) return [false, false];
  const inclusions = inclusionsOf(pairs, sides, bytes);
  return [decidingContents(inclusions[0]) !== undefined, decidingContents(inclusions[1]) !== undefined];
}

/** Those of `pairs` by which `side` allows, while the segment is under way, what the other does not; `undefined` for none. */
export function decidingPairs(
  pairs: readonly LinePair[],
  sides: Sides,
  bytes: ComparedBytes,
  side: 0 | 1,
): LinePair[] | undefined {
  const contents = decidingContents(inclusionsOf(pairs, sides, bytes)[side]);
  if (contents === undefined) return undefined;
  const lines = new Set(contents.map(({ group }) => Math.floor((group.addresses[0] ?? 0) / LINE_SIZE_BYTES)));
  return pairs.filter(({ index }) => lines.has(index));
}

/** Contents that one set allows and the other does not, alone or together; `undefined` for none. */
export function decidingContents(inclusion: Inclusion): readonly GroupContent[] | undefined {
  return inclusion.impossible ?? findTogether(inclusion.contents, inclusion.set, inclusion.other);
}

function inclusionsOf(
  pairs: readonly LinePair[],
  sides: Sides,
  bytes: ComparedBytes,
): readonly [Inclusion, Inclusion] {
  const [left, right] = lineSets(sides, [levelsOf(sides[0]), levelsOf(sides[1])], [[], []]);
  const inclusions = [new Inclusion(left, right), new Inclusion(right, left)] as const;
  for (const pair of pairs) {
    const same = spansOfSameStores(pair, sides, bytes);
    if (same !== undefined) {
      for (const side of [0, 1] as const) inclusions[side].addGroup(contentsOfSame(pair, same, side));
      continue;
    }
    const chains = chainGroup(pair, sides, bytes);
    for (const group of chains ?? generalGroups(pair, sides, bytes))
      for (const side of [0, 1] as const) inclusions[side].addGroup(contentsOf(group, side));
  }
  return inclusions;
}

/** The levels of the segment. */
export const levelsOf = (side: StepSide): LevelSpan => ({ from: side.from.level, to: side.point.level });

/** Contents of a group on one side with the spans of the other. */
interface SpannedGroup {
  readonly addresses: readonly number[];
  readonly contents: readonly [
    ReadonlyMap<string, readonly LevelSpan[]>,
    ReadonlyMap<string, readonly LevelSpan[]>,
  ];
  /** Contents possible throughout on a side, which are not listed. */
  readonly always: readonly [(key: string) => boolean, (key: string) => boolean];
  readonly levels: readonly [LevelSpan, LevelSpan];
  /** Whether a side has contents that are not listed and that the other never has. */
  readonly isOnly: readonly [boolean, boolean];
}

function* contentsOf(spanned: SpannedGroup, side: 0 | 1): Generator<GroupContent> {
  const other = side === 0 ? 1 : 0;
  const group = { addresses: spanned.addresses };
  if (spanned.isOnly[side]) yield { group, choices: [], spans: [spanned.levels[side]], otherSpans: [] };
  // What is possible throughout here matters where it is only possible at times there.
  const keys = new Set(spanned.contents[side].keys());
  for (const key of spanned.contents[other].keys()) if (spanned.always[side](key)) keys.add(key);
  const spansIn = (one: 0 | 1, key: string): readonly LevelSpan[] =>
    spanned.always[one](key) ? [spanned.levels[one]] : (spanned.contents[one].get(key) ?? []);
  for (const key of keys)
    yield { group, choices: [], spans: spansIn(side, key), otherSpans: spansIn(other, key) };
}

/** Contents of a line to which both stored the same, as one side has them. */
function contentsOfSame(pair: LinePair, spans: readonly SpansOfContent[], side: 0 | 1): GroupContent[] {
  const group = { addresses: [pair.index * LINE_SIZE_BYTES] };
  return spans.flatMap((content) => {
    const [own, other] = [content[side], content[side === 0 ? 1 : 0]];
    const otherSpans = other === undefined ? [] : [other];
    return own === undefined ? [] : [{ group, choices: [], spans: [own], otherSpans }];
  });
}

const NEVER = (): boolean => false;

const spansOf = (group: KeyedGroup, side: 0 | 1): Map<string, readonly LevelSpan[]> =>
  new Map([...group.contents[side]].map(([key, { spans }]) => [key, spans]));

function generalGroups(pair: LinePair, sides: Sides, bytes: ComparedBytes): SpannedGroup[] {
  const pieces = [piecesOf(pair, 0), piecesOf(pair, 1)] as const;
  const levels = [levelsOf(sides[0]), levelsOf(sides[1])] as const;
  const groups = keyedGroups(pair.index, lineSets(sides, levels, pieces), bytes);
  return groups.map((group) => ({
    addresses: group.group.addresses,
    contents: [spansOf(group, 0), spansOf(group, 1)],
    always: [NEVER, NEVER],
    levels,
    isOnly: [false, false],
  }));
}

/** Pieces of a line that may or may not have persisted while the segment is under way. */
export const piecesOf = (pair: LinePair, side: 0 | 1): readonly number[] => {
  const line = pair.lines[side];
  return line === undefined ? [] : [...line.open, ...line.stored];
};

/** The line as one group when it is a chain on both sides; `undefined` when it is not. */
function chainGroup(pair: LinePair, sides: Sides, bytes: ComparedBytes): SpannedGroup[] | undefined {
  for (const side of [0, 1] as const)
    if (!isChainLine(sides[side], pair.lines[side], [...piecesOf(pair, side)])) return undefined;
  const { chains } = pair;
  // Old contents need no listing where all of them stay possible throughout.
  const isKept = chains !== undefined && pair.lines.every((line) => (line?.required.length ?? 0) === 0);
  const listed = [0, 1].map((side) => chainContents(pair, side as 0 | 1, sides, bytes, isKept));
  const always = ([0, 1] as const).map((side) =>
    isKept ? (key: string): boolean => chains[side].counts.has(key) : NEVER,
  );
  return [
    {
      addresses: [pair.index * LINE_SIZE_BYTES],
      contents: listed as [Map<string, LevelSpan[]>, Map<string, LevelSpan[]>],
      always: always as [typeof NEVER, typeof NEVER],
      levels: [levelsOf(sides[0]), levelsOf(sides[1])],
      isOnly: isKept ? [isOldMissing(pair, 0, listed[1]), isOldMissing(pair, 1, listed[0])] : [false, false],
    },
  ];
}

/** Whether an old content of one side is none of the other, whose new contents are `others`. */
function isOldMissing(
  pair: LinePair,
  side: 0 | 1,
  others: ReadonlyMap<string, readonly LevelSpan[]> | undefined,
): boolean {
  let missing = pair.only[side];
  if (missing === 0 || pair.chains === undefined) return false;
  const [own, other] = [pair.chains[side].counts, pair.chains[side === 0 ? 1 : 0].counts];
  for (const key of others?.keys() ?? []) if (own.has(key) && !other.has(key)) missing--;
  return missing > 0;
}

/** Contents of a chain with the levels at which each is possible. */
function chainContents(
  pair: LinePair,
  side: 0 | 1,
  sides: Sides,
  bytes: ComparedBytes,
  isKept: boolean,
): Map<string, LevelSpan[]> {
  const { pieces } = sides[side].order;
  const levels = levelsOf(sides[side]);
  const line = pair.lines[side];
  const found = new Map<string, LevelSpan[]>();
  const open = isKept ? (line?.stored ?? []) : piecesOf(pair, side);
  const known = isKept ? pair.chains?.[side].newest : undefined;
  const content = (known ?? baseOf(pair, side, sides)).slice();
  for (let count = 0; count <= open.length; count++) {
    const newest = open[count - 1];
    const next = open[count];
    if (newest !== undefined)
      pieces.overlay(newest, content, (at(pieces.words, newest) % LINE_WORDS) * WORD_SIZE_BYTES);
    if (newest === undefined && isKept) continue;
    const from = Math.max(newest === undefined ? 0 : at(pieces.levels, newest), levels.from);
    const to = Math.min(next === undefined ? Infinity : at(pieces.requiredFrom, next) - 1, levels.to);
    if (from > to) continue;
    const key = bytes.keyOf(pair.index, content);
    const spans = found.get(key);
    if (spans === undefined) found.set(key, [{ from, to }]);
    else addSpan(spans, { from, to });
  }
  return found;
}

/**
 * Whether both sides did the same in the segment, at the same levels counted from its start, to lines with nothing open:
 * what is possible then is the same on both.
 */
function isSameSegment(pairs: readonly LinePair[], [left, right]: Sides): boolean {
  const count = left.point.pieceCount - left.from.pieceCount;
  if (count !== right.point.pieceCount - right.from.pieceCount) return false;
  if (pairs.some(({ lines }) => lines.some((line) => line !== undefined && line.open.length > 0)))
    return false;
  if (pairs.some(({ only }) => only[0] + only[1] > 0)) return false;
  for (let index = 0; index < count; index++)
    if (!isSamePiece(left, left.from.pieceCount + index, right, right.from.pieceCount + index)) return false;
  return true;
}

function isSamePiece(left: StepSide, one: number, right: StepSide, other: number): boolean {
  const [a, b] = [left.order.pieces, right.order.pieces];
  if (
    a.shapes[one] !== b.shapes[other] ||
    a.addressOfWord(at(a.words, one)) !== b.addressOfWord(at(b.words, other))
  )
    return false;
  if (relativeLevel(left, at(a.levels, one)) !== relativeLevel(right, at(b.levels, other))) return false;
  if (relativeRequired(left, at(a.requiredFrom, one)) !== relativeRequired(right, at(b.requiredFrom, other)))
    return false;
  const [from, otherFrom] = [at(a.dataPositions, one), at(b.dataPositions, other)];
  for (let byte = 0; byte < a.sizeBytes(one); byte++)
    if (a.record.data[from + byte] !== b.record.data[otherFrom + byte]) return false;
  return true;
}

const relativeLevel = ({ from }: StepSide, level: number): number => Math.max(0, level - from.level);

const relativeRequired = ({ from, point }: StepSide, level: number): number =>
  level > point.level ? -1 : level - from.level;
