/**
 * The line that most segments are full of: it held the same in both runs, with nothing open, and both stored the same to it, each
 * store to a word of its own. Its contents are then one and the same list, each content different from the others, so none needs to
 * be written down: what may differ is when each is possible.
 */
import { WORD_SIZE_BYTES } from '../../hardware/units.ts';
import {
  at,
  LINE_WORDS,
  SHAPE_NON_TEMPORAL,
  SHAPE_UNORDERED,
  type StorePieces,
} from '../../order/store-pieces.ts';
import type { LevelSpan } from '../line-cells.ts';
import type { LinePair } from './pair.ts';
import type { ComparedBytes } from './region.ts';
import type { SideLine, StepSide } from './side.ts';

/** When a content is possible on either side; undefined: never. */
export type SpansOfContent = readonly [LevelSpan | undefined, LevelSpan | undefined];

/** When the contents of such a line are possible, alike ones once; `undefined` for a line that is not one. */
export function spansOfSameStores(
  pair: LinePair,
  sides: readonly [StepSide, StepSide],
  bytes: ComparedBytes,
): SpansOfContent[] | undefined {
  const [left, right] = pair.lines;
  if (left === undefined || right === undefined || left.open.length + right.open.length > 0) return undefined;
  if (pair.only[0] + pair.only[1] > 0 || pair.chains !== undefined || !bytes.isWhole(pair.index))
    return undefined;
  if (!storedSame(left, right, sides)) return undefined;
  const found: SpansOfContent[] = [];
  for (let count = 0; count <= left.stored.length; count++) {
    const spans: SpansOfContent = [spanOf(left, count, sides[0]), spanOf(right, count, sides[1])];
    const last = found[found.length - 1];
    if (last === undefined || !isSameSpan(last[0], spans[0]) || !isSameSpan(last[1], spans[1]))
      found.push(spans);
  }
  return found;
}

const isSameSpan = (one: LevelSpan | undefined, other: LevelSpan | undefined): boolean =>
  one?.from === other?.from && one?.to === other?.to;

/** Whether both stored the same in the same order, each piece to another word and each changing what was there. */
function storedSame(left: SideLine, right: SideLine, sides: readonly [StepSide, StepSide]): boolean {
  const [one, other] = [sides[0].order.pieces, sides[1].order.pieces];
  if (left.stored.length !== right.stored.length) return false;
  let seen = 0;
  for (let index = 0; index < left.stored.length; index++) {
    const [piece, twin] = [left.stored[index] ?? 0, right.stored[index] ?? 0];
    const shape = at(one.shapes, piece);
    const word = at(one.words, piece) % LINE_WORDS;
    if (shape !== at(other.shapes, twin) || word !== at(other.words, twin) % LINE_WORDS) return false;
    if ((shape & (SHAPE_NON_TEMPORAL | SHAPE_UNORDERED)) !== 0 || ((seen >> word) & 1) === 1) return false;
    if (!changesSame(left, one, piece, other, twin)) return false;
    seen |= 1 << word;
  }
  return true;
}

/** Whether two pieces hold the same bytes, and not those that the line holds. */
function changesSame(
  line: SideLine,
  one: StorePieces,
  piece: number,
  other: StorePieces,
  twin: number,
): boolean {
  const [from, twinFrom] = [at(one.dataPositions, piece), at(other.dataPositions, twin)];
  const [data, twinData] = [one.record.data, other.record.data];
  const word = at(one.words, piece) % LINE_WORDS;
  const start = word * WORD_SIZE_BYTES + one.offsetInWord(piece);
  let isChange = false;
  for (let byte = one.sizeBytes(piece) - 1; byte >= 0; byte--) {
    if (data[from + byte] !== twinData[twinFrom + byte]) return false;
    isChange ||= data[from + byte] !== line.base[start + byte];
  }
  return isChange;
}

/** When the content after the first `count` pieces is possible. */
function spanOf({ stored }: SideLine, count: number, side: StepSide): LevelSpan | undefined {
  const { levels, requiredFrom } = side.order.pieces;
  const from = count === 0 ? 0 : at(levels, stored[count - 1] ?? 0);
  const to = count === stored.length ? Infinity : at(requiredFrom, stored[count] ?? 0) - 1;
  const span = { from: Math.max(from, side.from.level), to: Math.min(to, side.point.level) };
  return span.from > span.to ? undefined : span;
}
