/**
 * Gathers, group by group, what decides whether one image set lies within another: a content that the other set never
 * allows, or else which contents are possible when. Groups whose contents are possible at the same levels in both
 * sets (they have one *pattern*) decide alike, so only a few of each are kept, however many words a set has.
 */
import type { LevelSpan } from '../order/crash-view.ts';
import { areTogether, type GroupContent, type WordGroup } from './image-set-groups.ts';
import type { ImageSet } from './image-set.ts';
import { at } from '../order/store-pieces.ts';
import type { WordChain } from './word-chain.ts';

/**
 * How many groups of one pattern matter when each content is possible in one span of levels here and one there: what
 * several contents share is decided here by the two whose spans start last and end first, and by two more there.
 */
const COPIES_OF_SPANS = 4;

export class Inclusion {
  readonly set: ImageSet;
  readonly other: ImageSet;
  /** Contents that occur together here, and never in the other set. */
  impossible: readonly GroupContent[] | undefined;
  /** Contents of enough groups of each pattern. */
  readonly contents: GroupContent[] = [];
  // By pattern: how many more of its groups are wanted, and the last one.
  readonly #wanted = new Map<string, { readonly count: number; readonly last: WordGroup }>();
  // The pattern of the last word, four numbers for each content, when no more of its groups are wanted.
  readonly #spent: number[] = [];

  constructor(set: ImageSet, other: ImageSet) {
    this.set = set;
    this.other = other;
  }

  /** Adds a group of one word, given as columns; `contents` lists the same contents in full. */
  addWord(here: WordChain, there: WordChain, contents: () => Iterable<GroupContent>): void {
    if (this.impossible !== undefined) return;
    let isSpent = this.#spent.length === here.count * 4;
    let pattern = '';
    for (let index = 0; index < here.count; index++) {
      const other = there.indexOf(here, index);
      if (other < 0) return this.addGroup(contents());
      isSpent &&= this.#isLast(index * 4, here, index) && this.#isLast(index * 4 + 2, there, other);
    }
    if (isSpent) return;
    this.#spent.length = 0;
    const spans: number[] = [];
    for (let index = 0; index < here.count; index++) {
      const other = there.indexOf(here, index);
      spans.push(at(here.from, index), at(here.to, index), at(there.from, other), at(there.to, other));
      pattern += patternOf([spanAt(here, index)], [spanAt(there, other)]);
    }
    if (this.#wanted.get(pattern)?.count === 0) this.#spent.push(...spans);
    else this.addGroup(contents());
  }

  /** Adds a group with all its contents. */
  addGroup(contents: Iterable<GroupContent>): void {
    if (this.impossible !== undefined) return;
    const found: GroupContent[] = [];
    let pattern = '';
    for (const content of contents) {
      if (content.otherSpans.length === 0) {
        this.impossible = [content];
        return;
      }
      found.push(content);
      pattern += patternOf(content.spans, content.otherSpans);
    }
    const [first] = found;
    if (first === undefined) return;
    const { count, last } = this.#wanted.get(pattern) ?? { count: copiesOf(found), last: undefined };
    // Of words that have been held against each other one is as good as all.
    if (count === 0 || (last !== undefined && last !== first.group && areTogether(last, first.group))) return;
    this.#wanted.set(pattern, { count: count - 1, last: first.group });
    for (const content of found) this.contents.push(content);
  }

  /** Whether some content is possible in several spans of levels, so that two contents do not decide. */
  get isBroken(): boolean {
    return this.impossible === undefined && this.contents.some(({ otherSpans }) => otherSpans.length > 1);
  }

  #isLast(position: number, chain: WordChain, index: number): boolean {
    return this.#spent[position] === chain.from[index] && this.#spent[position + 1] === chain.to[index];
  }
}

/**
 * How many groups with these contents matter: as many as there are contents always do, because each of them chosen
 * once shares what any number of them would.
 */
function copiesOf(contents: readonly GroupContent[]): number {
  const isBroken = contents.some(({ spans, otherSpans }) => spans.length > 1 || otherSpans.length > 1);
  return isBroken ? Math.max(COPIES_OF_SPANS, contents.length) : COPIES_OF_SPANS;
}

function patternOf(spans: readonly LevelSpan[], otherSpans: readonly LevelSpan[]): string {
  return `${textOf(spans)}/${textOf(otherSpans)};`;
}

function textOf(spans: readonly LevelSpan[]): string {
  return spans.map(({ from, to }) => `${from}-${to}`).join();
}

function spanAt(chain: WordChain, index: number): LevelSpan {
  return { from: at(chain.from, index), to: at(chain.to, index) };
}
