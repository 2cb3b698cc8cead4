/** Which image of the possible ones is shown: what each word that may hold several contents holds in it. */
import type { WordChoice } from '#base/timeline.ts';
import type { SideHistory } from './history.ts';

/** Words that are chosen together, what they may hold, and which of it is chosen. */
export interface Pick {
  /** Equal for the same words at another crash point. */
  readonly key: string;
  readonly words: readonly number[];
  /** Contents of these words one after another, the smallest first. */
  readonly contents: readonly string[];
  /** How many contents there are, listed or not. */
  readonly count: number;
  readonly levels?: WordChoice['levels'];
  readonly chosen: number;
}

/** What is wanted: `smallest` or `largest` of everything, but for some words the content of a number. */
export interface Wish {
  readonly base: 'smallest' | 'largest';
  readonly own: ReadonlyMap<string, number>;
}

export const SMALLEST: Wish = { base: 'smallest', own: new Map() };

/**
 * The image that comes nearest to a wish, as picks in order of words. What is wished for last of `own` is given; others give way
 * where they do not go together with it.
 */
export function picksAt(history: SideHistory, instant: number, wish: Wish): Pick[] {
  const choices = history.choices(instant);
  const told = new Set(choices.flatMap(({ words }) => words));
  const plain = history.words.flatMap((word): WordChoice[] => {
    const change = history.word(word, instant);
    if (change === undefined || change.uncertain === 0 || told.has(word)) return [];
    return [{ words: [word], contents: [change.smallest, change.largest], count: 2 }];
  });
  const all = [...choices, ...plain].sort((left, right) => (left.words[0] ?? 0) - (right.words[0] ?? 0));
  const wished = all.map((choice) => pickOf(choice, wish));
  return all.some(({ levels }) => levels !== undefined) ? reconciled(wished, wish) : wished;
}

function pickOf({ words, contents, count, levels }: WordChoice, { base, own }: Wish): Pick {
  const key = words.join();
  const last = contents.length - 1;
  const chosen = Math.min(own.get(key) ?? (base === 'smallest' ? 0 : last), last);
  return { key, words, contents, count, ...(levels !== undefined && { levels }), chosen };
}

type Spans = readonly (readonly [number, number])[];

/** Makes contents of one level of all picks: they go together only there. */
function reconciled(picks: readonly Pick[], { own }: Wish): Pick[] {
  const lastWished = [...own.keys()].at(-1);
  const first = picks.find(({ key }) => key === lastWished);
  const order = [...(first === undefined ? [] : [first]), ...picks.filter((pick) => pick !== first)];
  let allowed: Spans | undefined;
  const settled = new Map<string, Pick>();
  for (const pick of order) {
    const chosen = nearest(pick, allowed);
    const spans = pick.levels?.[chosen];
    if (spans !== undefined) allowed = allowed === undefined ? spans : shared(allowed, spans);
    settled.set(pick.key, { ...pick, chosen });
  }
  return picks.map((pick) => settled.get(pick.key) ?? pick);
}

/** The content nearest to the chosen one that is possible at a level of `allowed`. */
function nearest({ contents, chosen, levels }: Pick, allowed: Spans | undefined): number {
  if (levels === undefined || allowed === undefined) return chosen;
  const fitting = contents
    .map((_, index) => index)
    .filter((index) => shared(levels[index] ?? [], allowed).length > 0)
    .sort((left, right) => Math.abs(left - chosen) - Math.abs(right - chosen));
  return fitting[0] ?? chosen;
}

function shared(left: Spans, right: Spans): Spans {
  return left.flatMap((one) =>
    right.flatMap((other): Spans => {
      const [from, to] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
      return from <= to ? [[from, to]] : [];
    }),
  );
}

/** The next wish when somebody asks for the next content of a pick. */
export function nextOf(wish: Wish, { key, contents, chosen }: Pick): Wish {
  const own = new Map(wish.own);
  own.delete(key);
  own.set(key, (chosen + 1) % contents.length);
  return { ...wish, own };
}
