/**
 * Compares two image sets: equal, one within the other, or neither. Digests decide most cases; otherwise a set lies
 * within another iff each content of each group of words is possible there and any two contents of different groups
 * that can occur together here can occur together there. Two suffice: a content is possible in one span of levels,
 * and spans that overlap pairwise have a level in common. Where a content comes back and its levels form several
 * spans, sets of levels are followed instead (`image-set-level-sets.ts`). Every "no" comes with a witness image.
 */
import { Heap } from './heap.ts';
import { requiredHash } from './image-digest.ts';
import { addBytes, type HashSum, pagePlace, wordPlace } from './image-hash.ts';
import { findByLevelSets } from './image-set-level-sets.ts';
import { type GroupContent, groupContents, groupsOf, type WordGroup } from './image-set-groups.ts';
import { type ImageSet, sameBytes } from './image-set.ts';
import { makeWitness, type Witness } from './image-witness.ts';
import type { MediaImage } from './memory.ts';
import { PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from './units.ts';

/** `stronger`: after is a proper subset of before, fewer ways to lose; `weaker`: the reverse. */
export type Relation = 'equal' | 'stronger' | 'weaker' | 'incomparable';

export interface Comparison {
  readonly relation: Relation;
  /** An image that only `before` allows; present when the relation is `stronger` or `incomparable`. */
  readonly onlyBefore?: Witness;
  /** An image that only `after` allows; present when the relation is `weaker` or `incomparable`. */
  readonly onlyAfter?: Witness;
}

/** How the images of `after` compare with those of `before`. */
export function relate(before: ImageSet, after: ImageSet): Comparison {
  if (startAlike(before, after) && before.digest === after.digest) return { relation: 'equal' };
  const onlyBefore = findOutside(before, after);
  const onlyAfter = findOutside(after, before);
  if (onlyBefore === undefined)
    return onlyAfter === undefined ? { relation: 'equal' } : { relation: 'weaker', onlyAfter };
  return onlyAfter === undefined
    ? { relation: 'stronger', onlyBefore }
    : { relation: 'incomparable', onlyBefore, onlyAfter };
}

/** Whether every image of `inner` is one of `outer`. */
export function isWithin(inner: ImageSet, outer: ImageSet): boolean {
  return findOutside(inner, outer) === undefined;
}

/** A small image of `set` that `other` does not allow, if there is one. */
export function findOutside(set: ImageSet, other: ImageSet): Witness | undefined {
  const groups = groupsOf(set, other);
  const differing = differingWord(set, other, groups);
  if (differing !== undefined)
    return makeWitness(set, other, { level: set.view.levels.from, contents: [] }, [differing]);
  const contents: GroupContent[] = [];
  for (const group of groups) {
    for (const content of groupContents(set, other, group)) {
      if (content.otherSpans.length === 0) return witnessOf(set, other, [content]);
      contents.push(content);
    }
  }
  const isBroken = contents.some((content) => content.otherSpans.length > 1);
  const together = isBroken ? findByLevelSets(contents, set, other) : findPair(contents);
  return together === undefined ? undefined : witnessOf(set, other, together);
}

function witnessOf(set: ImageSet, other: ImageSet, contents: readonly GroupContent[]): Witness {
  let level = set.view.levels.from;
  // The contents occur together somewhere, so the first level they share is the start of one of their spans.
  const starts = contents.flatMap((content) => content.spans.map((span) => span.from));
  for (const start of starts.sort((left, right) => right - left))
    if (contents.every((content) => content.spans.some((span) => span.from <= start && start <= span.to)))
      level = start;
  return makeWitness(set, other, { level, contents }, []);
}

// ---- words that are decided in both sets

/** The address of a word that each set holds to one content, but not the same one. */
function differingWord(set: ImageSet, other: ImageSet, groups: readonly WordGroup[]): number | undefined {
  const undecided = new Set(groups.flatMap((group) => group.addresses));
  if (startAlike(set, other) && decidedHash(set, undecided).equals(decidedHash(other, undecided)))
    return undefined;
  for (const address of candidateWords(set, other)) {
    if (!undecided.has(address) && !sameBytes(set.requiredContent(address), other.requiredContent(address)))
      return address;
  }
  return undefined;
}

function decidedHash(set: ImageSet, undecided: ReadonlySet<number>): HashSum {
  const sum = requiredHash(set.view);
  for (const address of undecided) {
    const place = wordPlace(
      pagePlace(Math.floor(address / PAGE_SIZE_BYTES)),
      (address % PAGE_SIZE_BYTES) / WORD_SIZE_BYTES,
    );
    addBytes(sum, place, set.requiredContent(address), 0, 0, -1);
    addBytes(sum, place, set.initialContent(address), 0, 0, 1);
  }
  return sum;
}

function* candidateWords(set: ImageSet, other: ImageSet): Generator<number> {
  for (const one of [set, other])
    for (const word of one.touchedWords()) yield one.view.order.pieces.addressOfWord(word);
  if (startAlike(set, other)) return;
  for (const one of [set, other])
    for (const pageIndex of one.view.order.source.initialMedia.keys())
      for (let offset = 0; offset < PAGE_SIZE_BYTES; offset += WORD_SIZE_BYTES)
        yield pageIndex * PAGE_SIZE_BYTES + offset;
}

function startAlike(set: ImageSet, other: ImageSet): boolean {
  const left = set.view.order.source.initialMedia;
  const right = other.view.order.source.initialMedia;
  return left === right || (holdsSame(left, right) && holdsSame(right, left));
}

function holdsSame(left: MediaImage, right: MediaImage): boolean {
  for (const [index, page] of left) {
    const counterpart = right.get(index);
    if (counterpart === page) continue;
    if (counterpart === undefined ? page.some((byte) => byte !== 0) : !sameBytes(page, counterpart))
      return false;
  }
  return true;
}

// ---- pairs of contents

interface Occurrence {
  readonly content: GroupContent;
  /** Levels here. */
  readonly from: number;
  readonly to: number;
  /** Levels there. */
  readonly otherFrom: number;
  readonly otherTo: number;
}

/** Two contents of different groups that share a level here and none there. */
function findPair(contents: readonly GroupContent[]): GroupContent[] | undefined {
  const latest = new Heap<Occurrence>((left, right) => left.otherFrom > right.otherFrom);
  const earliest = new Heap<Occurrence>((left, right) => left.otherTo < right.otherTo);
  for (const occurrence of occurrencesByLevel(contents)) {
    const later = topOfOtherGroup(latest, occurrence);
    if (later !== undefined && later.otherFrom > occurrence.otherTo)
      return [later.content, occurrence.content];
    const earlier = topOfOtherGroup(earliest, occurrence);
    if (earlier !== undefined && earlier.otherTo < occurrence.otherFrom)
      return [earlier.content, occurrence.content];
    latest.push(occurrence);
    earliest.push(occurrence);
  }
  return undefined;
}

function occurrencesByLevel(contents: readonly GroupContent[]): Occurrence[] {
  const found: Occurrence[] = [];
  for (const content of contents) {
    const otherSpan = content.otherSpans[0];
    if (otherSpan === undefined) continue;
    for (const span of content.spans)
      found.push({ content, ...span, otherFrom: otherSpan.from, otherTo: otherSpan.to });
  }
  return found.sort((left, right) => left.from - right.from);
}

/** The top among those of another group that are still possible when `occurrence` starts. */
function topOfOtherGroup(heap: Heap<Occurrence>, occurrence: Occurrence): Occurrence | undefined {
  const aside: Occurrence[] = [];
  let { top } = heap;
  while (top !== undefined && (top.to < occurrence.from || top.content.group === occurrence.content.group)) {
    if (top.to >= occurrence.from) aside.push(top);
    heap.pop();
    top = heap.top;
  }
  for (const item of aside) heap.push(item);
  return top;
}
