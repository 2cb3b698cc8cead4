/**
 * Compares two image sets: equal, one within the other, or neither. Digests decide most cases; otherwise a set lies
 * within another iff each content of each group of words is possible there and any two contents of different groups
 * that can occur together here can occur together there. Two suffice: a content is possible in one span of levels,
 * and spans that overlap pairwise have a level in common. Where a content comes back and its levels form several
 * spans, sets of levels are followed instead (`image-set-level-sets.ts`). Every "no" comes with a witness image.
 */
import type { DecidedWords } from './decided-words.ts';
import { Heap } from './heap.ts';
import { areTogether, type GroupContent } from './image-set-groups.ts';
import { Inclusion } from './image-set-inclusion.ts';
import { findByLevelSets } from './image-set-level-sets.ts';
import { walkLines } from './image-set-lines.ts';
import { type ImageSet, sameBytes } from './image-set.ts';
import { makeWitness, type Witness } from './image-witness.ts';
import { sameMedia } from '../order/same-record.ts';
import type { Relation } from '#base/relation.ts';
import { PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';

export interface Comparison {
  readonly relation: Relation;
  /** An image that only `before` allows; present when the relation is `stronger` or `incomparable`. */
  readonly onlyBefore?: Witness | undefined;
  /** An image that only `after` allows; present when the relation is `weaker` or `incomparable`. */
  readonly onlyAfter?: Witness | undefined;
}

/** How the images of `after` compare with those of `before`. */
export function relate(before: ImageSet, after: ImageSet): Comparison {
  if (startAlike(before, after) && before.digest === after.digest) return { relation: 'equal' };
  const { inclusions, decided } = walk(before, after, () => [
    new Inclusion(before, after),
    new Inclusion(after, before),
  ]);
  const [onlyBefore, onlyAfter] = inclusions.map((inclusion) => witnessOf(inclusion, decided));
  if (onlyBefore === undefined)
    return onlyAfter === undefined ? { relation: 'equal' } : new Told('weaker', undefined, onlyAfter);
  return onlyAfter === undefined
    ? new Told('stronger', onlyBefore, undefined)
    : new Told('incomparable', onlyBefore, onlyAfter);
}

/** A comparison whose witnesses are made when somebody asks for them. */
class Told implements Comparison {
  readonly relation: Relation;
  readonly #makeBefore: MakeWitness | undefined;
  readonly #makeAfter: MakeWitness | undefined;
  #before: Witness | undefined;
  #after: Witness | undefined;

  constructor(relation: Relation, makeBefore: MakeWitness | undefined, makeAfter: MakeWitness | undefined) {
    this.relation = relation;
    this.#makeBefore = makeBefore;
    this.#makeAfter = makeAfter;
  }

  get onlyBefore(): Witness | undefined {
    return (this.#before ??= this.#makeBefore?.());
  }

  get onlyAfter(): Witness | undefined {
    return (this.#after ??= this.#makeAfter?.());
  }
}

type MakeWitness = () => Witness;

/** Whether every image of `inner` is one of `outer`. */
export function isWithin(inner: ImageSet, outer: ImageSet): boolean {
  const { inclusions, decided } = walk(inner, outer, () => [new Inclusion(inner, outer)]);
  return inclusions.every((inclusion) => witnessOf(inclusion, decided) === undefined);
}

/** Walks the lines word by word where that tells all, and cell by cell where a content comes back. */
function walk(
  left: ImageSet,
  right: ImageSet,
  start: () => readonly Inclusion[],
): { readonly inclusions: readonly Inclusion[]; readonly decided: DecidedWords } {
  const inclusions = start();
  const { decided, hasStates } = walkLines(left, right, inclusions, true);
  if (!hasStates || !inclusions.some(({ isBroken }) => isBroken)) return { inclusions, decided };
  const again = start();
  return { inclusions: again, decided: walkLines(left, right, again, false).decided };
}

/** How to make a small image of the one set that the other does not allow, if there is one. */
function witnessOf(inclusion: Inclusion, decided: DecidedWords): MakeWitness | undefined {
  const { set, other, impossible, contents } = inclusion;
  const differing = differingWord(set, other, decided);
  if (differing !== undefined)
    return () => makeWitness(set, other, { level: set.view.levels.from, contents: [] }, [differing]);
  if (impossible !== undefined) return () => witnessWith(set, other, impossible);
  const together = findTogether(contents, set, other);
  return together === undefined ? undefined : () => witnessWith(set, other, together);
}

/** Contents of different groups that share a level of `set` and none of `other`. */
export function findTogether(
  contents: readonly GroupContent[],
  set: ImageSet,
  other: ImageSet,
): GroupContent[] | undefined {
  const isBroken = contents.some((content) => content.otherSpans.length > 1);
  return isBroken ? findByLevelSets(contents, set, other) : findPair(contents);
}

function witnessWith(set: ImageSet, other: ImageSet, contents: readonly GroupContent[]): Witness {
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
function differingWord(set: ImageSet, other: ImageSet, decided: DecidedWords): number | undefined {
  if (decided.areEqual && startAlike(set, other)) return undefined;
  for (const address of candidateWords(set, other)) {
    if (set.isOpen(address) || other.isOpen(address)) continue;
    if (!sameBytes(set.requiredContent(address), other.requiredContent(address))) return address;
  }
  return undefined;
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
  return sameMedia(set.view.order.source.initialMedia, other.view.order.source.initialMedia);
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
  while (
    top !== undefined &&
    (top.to < occurrence.from || areTogether(top.content.group, occurrence.content.group))
  ) {
    if (top.to >= occurrence.from) aside.push(top);
    heap.pop();
    top = heap.top;
  }
  for (const item of aside) heap.push(item);
  return top;
}
