/**
 * A smallest image that only one of two runs allows while something is in flight, beside the nearest one that the other allows.
 * What is in flight is decided by what can be there together: words that hold the same in both images are told too where the
 * image is impossible because of them.
 */
import { sameBytes } from '#machine/images/image-set.ts';
import { chosenBytes, type GroupContent } from '#machine/images/image-set-groups.ts';
import { Inclusion } from '#machine/images/image-set-inclusion.ts';
import type { StepComparison } from '#machine/images/in-step/compare-in-step.ts';
import { decidingContents, levelsOf, piecesOf } from '#machine/images/in-step/in-flight.ts';
import { type KeyedGroup, keyedGroups, lineSets } from '#machine/images/in-step/line-groups.ts';
import type { LinePair } from '#machine/images/in-step/pair.ts';
import { newestContent } from './newest-content.ts';
import {
  type AlikeWord,
  differs,
  isCounted,
  type LineWitness,
  type Sets,
  type WitnessWord,
  wordOf,
  writerOf,
} from './witness.ts';

/** A content of one group that decides, with all that the other run may hold there. */
interface Deciding {
  readonly keyed: KeyedGroup;
  readonly own: GroupContent;
  near: GroupContent | undefined;
}

/** A witness by `pairs`, lines by which `side` allows what the other does not in the segment that `comparison` has entered. */
export function flightWitness(
  comparison: StepComparison,
  pairs: readonly LinePair[],
  side: 0 | 1,
): LineWitness | undefined {
  const { sides, bytes } = comparison;
  const levels = [levelsOf(sides[0]), levelsOf(sides[1])] as const;
  const pieces = ([0, 1] as const).map((one) =>
    pairs.flatMap((pair) => [...piecesOf(pair, one)]).sort((left, right) => left - right),
  );
  const sets = lineSets(sides, levels, [pieces[0] ?? [], pieces[1] ?? []]);
  const other = side === 0 ? 1 : 0;
  const inclusion = new Inclusion(sets[side], sets[other]);
  const groupOf = new Map<GroupContent['group'], KeyedGroup>();
  for (const pair of pairs) {
    const line = lineSets(sides, levels, [piecesOf(pair, 0), piecesOf(pair, 1)]);
    for (const keyed of keyedGroups(pair.index, line, bytes)) {
      groupOf.set(keyed.group, keyed);
      inclusion.addGroup(contentsOf(keyed, side));
    }
  }
  const found = (decidingContents(inclusion) ?? []).flatMap((own): Deciding[] => {
    const keyed = groupOf.get(own.group);
    return keyed === undefined ? [] : [{ keyed, own, near: undefined }];
  });
  if (found.length === 0) return undefined;
  takeNearest(comparison, found, sets, side);
  return witnessOf(comparison, found, sets, side);
}

/** The contents of one side with the levels at which either allows them. */
const contentsOf = ({ group, contents }: KeyedGroup, side: 0 | 1): GroupContent[] =>
  [...contents[side]].map(([key, { content, spans }]) => ({
    group,
    choices: content.choices,
    spans,
    otherSpans: contents[side === 0 ? 1 : 0].get(key)?.spans ?? [],
  }));

/** Of what the other side may hold at one level, what differs in fewest words; of several the one with most stored. */
function takeNearest(comparison: StepComparison, found: readonly Deciding[], sets: Sets, side: 0 | 1): void {
  const other = side === 0 ? 1 : 0;
  const starts = found.flatMap(({ keyed }) =>
    [...keyed.contents[other].values()].flatMap(({ spans }) => spans.map(({ from }) => from)),
  );
  const levels = [...new Set(starts)].sort((left, right) => left - right);
  const near = found.map((one) => nearestByLevel(comparison, one, levels, sets, side));
  let least = Infinity;
  for (let at = 0; at < levels.length; at++) {
    const distance = near.reduce((sum, all) => sum + (all[at]?.distance ?? Infinity), 0);
    if (distance > least || distance === Infinity) continue;
    least = distance;
    for (const [index, one] of found.entries()) one.near = near[index]?.[at]?.content;
  }
}

interface Near {
  readonly content: GroupContent;
  /** Words that differ. */
  readonly distance: number;
}

/** For each of `levels` (ascending) the nearest content: nearest ones first, each takes the levels that no nearer one has. */
function nearestByLevel(
  comparison: StepComparison,
  { keyed, own }: Deciding,
  levels: readonly number[],
  sets: Sets,
  side: 0 | 1,
): (Near | undefined)[] {
  const other = side === 0 ? 1 : 0;
  const wanted = new Map(
    keyed.group.addresses.map((address) => [address, chosenBytes(sets[side], own.choices, address)]),
  );
  const options = [...keyed.contents[other].values()].map(({ content, spans }) => ({
    content,
    spans,
    distance: [...wanted].filter(([address, bytes]) =>
      differs(comparison, address, bytes, chosenBytes(sets[other], content.choices, address)),
    ).length,
  }));
  const positions = new Map(levels.map((level, index) => [level, index]));
  const found = levels.map((): Near | undefined => undefined);
  // From each position, the next that nothing has taken.
  const next = levels.map((_, index) => index);
  next.push(levels.length);
  const free = (position: number): number => {
    let at = position;
    while (next[at] !== at) at = next[at] = next[next[at] ?? at] ?? at;
    return at;
  };
  for (const { content, spans, distance } of options
    .reverse()
    .sort((one, two) => one.distance - two.distance))
    for (const { from, to } of spans)
      for (
        let at = free(positions.get(from) ?? levels.length);
        (levels[at] ?? Infinity) <= to;
        at = free(at)
      ) {
        found[at] = { content, distance };
        next[at] = at + 1;
      }
  return found;
}

function witnessOf(
  comparison: StepComparison,
  found: readonly Deciding[],
  sets: Sets,
  side: 0 | 1,
): LineWitness | undefined {
  const words: WitnessWord[] = [];
  const alike: AlikeWord[] = [];
  for (const { keyed, own, near } of found)
    for (const address of keyed.group.addresses) {
      const word = wordOf(address, sets, side, own, near);
      if (differs(comparison, address, word.before, word.after)) words.push(word);
      else if (isCounted(comparison, address)) alike.push(...alikeWord(address, sets, side, own));
    }
  if (words.length === 0) return undefined;
  words.sort((left, right) => left.address - right.address);
  alike.sort((left, right) => left.address - right.address);
  const isOtherData = words.some(({ address }) =>
    differs(comparison, address, newestContent(sets[0], address), newestContent(sets[1], address)),
  );
  return { allowedBy: side === 1 ? 'after' : 'before', words, alike, isOtherData };
}

/** A word that is the same in both images, where that matters: it could hold something else. */
function alikeWord(address: number, sets: Sets, side: 0 | 1, own: GroupContent): AlikeWord[] {
  const set = sets[side];
  const bytes = chosenBytes(set, own.choices, address);
  const newest = newestContent(set, address);
  const isLacking = !sameBytes(bytes, newest);
  if (!isLacking && sameBytes(bytes, set.requiredContent(address))) return [];
  const word = wordOf(address, sets, side, own, undefined);
  const stored = side === 0 ? word.beforeStored : word.afterStored;
  return [
    {
      address,
      bytes: bytes.slice(),
      isLacking,
      entry: isLacking ? stored : writerOf(set, own.choices, address),
    },
  ];
}
