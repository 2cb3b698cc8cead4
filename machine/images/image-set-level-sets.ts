/**
 * The general test whether one image set lies within another, for words that take an old content again: then a
 * content is possible in several spans of levels and pairs do not decide. Group by group it keeps which levels both
 * sets still allow; an image that is left with a level here and none there is the answer.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import { levelBits } from './image-count.ts';
import type { GroupContent, WordGroup } from './image-set-groups.ts';
import type { ImageSet } from './image-set.ts';

/** How many different pairs of level sets are kept before giving up. */
export const LEVEL_SET_PAIRS_MAX = 1 << 17;

interface State {
  readonly here: bigint;
  readonly there: bigint;
  readonly content: GroupContent | undefined;
  readonly previous: State | undefined;
}

/** Contents, at most one per group, that share a level of `set` and none of `other`. */
export function findByLevelSets(
  contents: readonly GroupContent[],
  set: ImageSet,
  other: ImageSet,
): GroupContent[] | undefined {
  const here = levelBits(
    contents.map((content) => content.spans),
    set.view.levels,
  );
  const there = levelBits(
    contents.map((content) => content.otherSpans),
    other.view.levels,
  );
  let states: State[] = [{ here: here.all, there: there.all, content: undefined, previous: undefined }];
  for (const group of byGroup(contents)) {
    const next = new Map<string, State>();
    for (const content of group) {
      const masks = { here: here.of(content.spans), there: there.of(content.otherSpans) };
      for (const state of states) {
        const both = { here: state.here & masks.here, there: state.there & masks.there };
        if (both.here === 0n) continue;
        const reached: State = { ...both, content, previous: state };
        if (both.there === 0n) return contentsOf(reached);
        next.set(`${both.here} ${both.there}`, next.get(`${both.here} ${both.there}`) ?? reached);
      }
    }
    if (next.size > LEVEL_SET_PAIRS_MAX)
      throw new TooManyImagesError(
        `more than ${LEVEL_SET_PAIRS_MAX} pairs of level sets: store unique contents, acknowledge more often, or ` +
          `raise LEVEL_SET_PAIRS_MAX`,
      );
    states = [...next.values()];
  }
  return undefined;
}

function byGroup(contents: readonly GroupContent[]): GroupContent[][] {
  const groups = new Map<WordGroup, GroupContent[]>();
  for (const content of contents) {
    const known = groups.get(content.group);
    if (known === undefined) groups.set(content.group, [content]);
    else known.push(content);
  }
  return [...groups.values()];
}

function contentsOf(last: State): GroupContent[] {
  const found: GroupContent[] = [];
  for (let state: State | undefined = last; state !== undefined; state = state.previous)
    if (state.content !== undefined) found.push(state.content);
  return found.reverse();
}
