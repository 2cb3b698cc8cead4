/**
 * One line of two runs and how the sets of its contents compare at an acknowledgement. There is one level then, so the
 * images of a run are a product over lines, and each line is compared by itself. Cached stores of a line are a chain: its
 * contents are kept as counts of each content on either side and how many only one side has, updated as stores come, so
 * that a line which is never written back costs no more than its stores.
 */
import { at, LINE_WORDS } from '../../order/store-pieces.ts';
import { WORD_SIZE_BYTES } from '../../hardware/units.ts';
import { compareByGroups } from './line-groups.ts';
import type { ComparedBytes } from './region.ts';
import type { SideLine, StepSide } from './side.ts';

/** Contents after each prefix of the open pieces of a chain, oldest first. */
class ChainKeys {
  /** From `head` on: the content of the base and after each open piece. */
  keys: string[] = [];
  head = 0;
  readonly counts = new Map<string, number>();
  /** What the line holds with all its pieces. */
  newest: Uint8Array = new Uint8Array(0);
}

export const NO_LINES: readonly [SideLine | undefined, SideLine | undefined] = [undefined, undefined];

/** What nearly all lines have, so they share it. */
const NONE_EACH: readonly [number, number] = [0, 0];
const ONE_EACH: readonly [number, number] = [1, 1];

/** Chains of no more contents are listed anew when something happens to them again, and not kept. */
const CONTENTS_NOT_KEPT_MAX = 16;

export class LinePair {
  readonly index: number;
  /** The line on either side, while the runs advance. */
  lines = NO_LINES;
  /** How many contents only the first run allows, and only the second. */
  only = NONE_EACH;
  /** Distinct contents on either side. */
  contentCounts = ONE_EACH;
  /** The contents of a chain by side, when both sides are chains, one is undecided and listing them anew would take long. */
  chains: readonly [ChainKeys, ChainKeys] | undefined;

  constructor(index: number) {
    this.index = index;
  }

  /** Whether both sides allow one content, the same: then nothing need be known of it. */
  get isSettled(): boolean {
    const [left, right] = this.contentCounts;
    return this.only[0] + this.only[1] === 0 && left === 1 && right === 1 && this.chains === undefined;
  }
}

/** Whether all open pieces of a line are cached, ordered, and with nothing newer required over them. */
export function isChainLine(side: StepSide, line: SideLine | undefined, pieces = line?.open ?? []): boolean {
  if (line === undefined || pieces.length === 0) return true;
  const { pieces: table } = side.order;
  return pieces.every(
    (piece) =>
      !table.isNonTemporal(piece) &&
      !table.isUnordered(piece) &&
      piece > at(line.newestRequired, at(table.words, piece) % LINE_WORDS),
  );
}

/** Compares `pair` at the end of a segment, after both sides have settled. */
export function comparePair(
  pair: LinePair,
  sides: readonly [StepSide, StepSide],
  bytes: ComparedBytes,
): void {
  const [left, right] = pair.lines;
  const isDecided = (left?.open.length ?? 0) === 0 && (right?.open.length ?? 0) === 0;
  if (isDecided) {
    pair.chains = undefined;
    pair.contentCounts = ONE_EACH;
    pair.only = bytes.areSame(pair.index, baseOf(pair, 0, sides), baseOf(pair, 1, sides))
      ? NONE_EACH
      : ONE_EACH;
  } else if (isChainLine(sides[0], left) && isChainLine(sides[1], right)) {
    compareChains(pair, sides, bytes);
  } else {
    pair.chains = undefined;
    const { only, counts } = compareByGroups(pair.index, pair.lines, sides, bytes);
    pair.only = only;
    pair.contentCounts = counts;
  }
}

function compareChains(pair: LinePair, sides: readonly [StepSide, StepSide], bytes: ComparedBytes): void {
  const known = pair.chains;
  const chains = (pair.chains = known ?? [new ChainKeys(), new ChainKeys()]);
  const only: [number, number] = known === undefined ? [0, 0] : [...pair.only];
  const change = (side: 0 | 1, key: string, by: 1 | -1): void => {
    const own = chains[side].counts;
    const count = (own.get(key) ?? 0) + by;
    if (count === 0) own.delete(key);
    else own.set(key, count);
    const isNew = by === 1 ? count === 1 : count === 0;
    if (!isNew) return;
    const otherHas = chains[side === 0 ? 1 : 0].counts.has(key);
    if (otherHas) only[side === 0 ? 1 : 0] -= by;
    else only[side] += by;
  };
  for (const side of [0, 1] as const) updateChain(pair, side, sides, bytes, change);
  pair.only = only;
  pair.contentCounts = [chains[0].counts.size, chains[1].counts.size];
  if (chains.every(({ keys, head }) => keys.length - head <= CONTENTS_NOT_KEPT_MAX)) pair.chains = undefined;
}

/** Brings the contents of one side up to date. */
function updateChain(
  pair: LinePair,
  side: 0 | 1,
  sides: readonly [StepSide, StepSide],
  bytes: ComparedBytes,
  change: (side: 0 | 1, key: string, by: 1 | -1) => void,
): void {
  const chain = pair.chains?.[side];
  const line = pair.lines[side];
  if (chain === undefined) return;
  const isTouched = line !== undefined && (line.stored.length > 0 || line.required.length > 0);
  if (chain.keys.length > 0 && !isTouched) return;
  const open = line?.open ?? [];
  const { pieces } = sides[side].order;
  // Old pieces that are still open follow those that went; without any, or where the base has changed by more than those
  // that went, the contents start anew from the base.
  const keptCount = chain.keys.length - chain.head - 1 - (line?.goneCount ?? 0);
  const isNewBase = (line?.required.length ?? 0) > (line?.goneCount ?? 0);
  if (chain.keys.length === 0 || keptCount <= 0 || isNewBase) {
    for (let index = chain.head; index < chain.keys.length; index++)
      change(side, chain.keys[index] ?? '', -1);
    chain.head = 0;
    chain.keys = [keyOfBase(pair, side, sides, bytes)];
    chain.newest = (line?.base ?? baseOf(pair, side, sides)).slice();
    change(side, chain.keys[0] ?? '', 1);
  } else {
    for (let gone = 0; gone < (line?.goneCount ?? 0); gone++)
      change(side, chain.keys[chain.head++] ?? '', -1);
  }
  for (let index = chain.keys.length - chain.head - 1; index < open.length; index++) {
    const piece = open[index] ?? 0;
    pieces.overlay(piece, chain.newest, (at(pieces.words, piece) % LINE_WORDS) * WORD_SIZE_BYTES);
    const key = bytes.keyOf(pair.index, chain.newest);
    chain.keys.push(key);
    change(side, key, 1);
  }
}

function keyOfBase(
  pair: LinePair,
  side: 0 | 1,
  sides: readonly [StepSide, StepSide],
  bytes: ComparedBytes,
): string {
  return bytes.keyOf(pair.index, baseOf(pair, side, sides));
}

const ZEROS = new Uint8Array(64);

/** What a line of one run must hold; one that it never stored to holds what was there before. */
export function baseOf(pair: LinePair, side: 0 | 1, sides: readonly [StepSide, StepSide]): Uint8Array {
  const line = pair.lines[side];
  if (line !== undefined) return line.base;
  const page = sides[side].order.source.initialMedia.get(Math.floor(pair.index / 64));
  return page?.subarray((pair.index % 64) * 64, (pair.index % 64) * 64 + 64) ?? ZEROS;
}
