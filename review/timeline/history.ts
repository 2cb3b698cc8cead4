/** A timeline as one asks it: what a word or a line may hold at any crash point. Nothing here knows of persistency. */
import type { Timeline, TimelineSide, WordChange, WordChoice } from '#base/timeline.ts';

/**
 * What becomes of a byte in a power failure: `p` it is durable, `w` in flight, `c` only in a cache, `L` it was promised and may
 * be lost all the same; `.` nothing was stored to it.
 */
export type ByteKind = 'p' | 'w' | 'c' | 'L' | '.';

/** Changes of something, by the instant of the side at which they happen, ascending. */
interface Changes<Value> {
  readonly instants: number[];
  readonly values: Value[];
}

/** One side of a timeline. */
export class SideHistory {
  readonly side: TimelineSide;
  /** For each crash point of the axis the number of this side's instructions before it. */
  readonly instantAt: readonly number[];
  /** For each instant the column whose instruction leads to it; -1 for the first. */
  readonly columnOf: readonly number[];
  /** The words that this side ever stored to, ascending. */
  readonly words: readonly number[];
  readonly #words: (Changes<WordChange> | undefined)[] = [];
  readonly #lines = new Map<string, Changes<readonly WordChoice[]>>();
  readonly #broken = new Map<number, { readonly instant: number; readonly bytes: number }[]>();

  constructor(timeline: Timeline, index: number) {
    const side = timeline.sides[index];
    if (side === undefined) throw new RangeError(`a timeline has no side ${index}`);
    this.side = side;
    const [instantAt, columnOf] = [[0], [-1]];
    for (const [column, { instructions }] of timeline.columns.entries()) {
      const isOwn = (instructions[index] ?? -1) >= 0;
      if (isOwn) columnOf.push(column);
      instantAt.push((instantAt.at(-1) ?? 0) + (isOwn ? 1 : 0));
    }
    this.instantAt = instantAt;
    this.columnOf = columnOf;
    for (const [instant, { words, lines }] of side.instants.entries()) {
      for (const change of words) note((this.#words[change.word] ??= none()), instant, change);
      for (const line of lines ?? []) {
        const key = `${line.place} ${line.offset}`;
        const known = this.#lines.get(key) ?? none<readonly WordChoice[]>();
        this.#lines.set(key, known);
        note(known, instant, line.choices);
      }
    }
    this.words = [...this.#words.keys()].filter((word) => this.#words[word] !== undefined);
    for (const { word, instant, bytes } of side.broken)
      this.#broken.set(word, [...(this.#broken.get(word) ?? []), { instant, bytes }]);
  }

  /** The words with bytes that were promised and may be lost at an instant. */
  brokenWords(instant: number): number[] {
    return [...this.#broken.keys()].filter((word) => this.kindsAt(word, instant).includes('L'));
  }

  /** What a word may hold at an instant; nothing before the first store to it. */
  word(word: number, instant: number): WordChange | undefined {
    return valueAt(this.#words[word], instant);
  }

  /** The choices of all lines at an instant. */
  choices(instant: number): WordChoice[] {
    return [...this.#lines.values()].flatMap((changes) => valueAt(changes, instant) ?? []);
  }

  /** Eight letters, one a byte, at each instant at which any of them changes. */
  kinds(word: number): { readonly instant: number; readonly kinds: string }[] {
    const changes = this.#words[word] ?? none<WordChange>();
    const broken = (this.#broken.get(word) ?? []).map(({ instant }) => instant);
    const instants = [...new Set([...changes.instants, ...broken])].sort((left, right) => left - right);
    return instants.map((instant) => ({ instant, kinds: this.kindsAt(word, instant) }));
  }

  /** What becomes of each byte of a word: eight letters. */
  kindsAt(word: number, instant: number): string {
    const change = this.word(word, instant) ?? UNTOUCHED;
    let kinds = '';
    for (let byte = 0; byte < 8; byte++)
      kinds += kindOf(change, byte, this.#isLost(word, byte, instant, change));
    return kinds;
  }

  /**
   * Whether a byte was promised and may be lost. One that is surely lost, because what was promised never got there, stays so
   * until something is stored to it; one that only may be lost is not any more once it is the same in all images.
   */
  #isLost(word: number, byte: number, instant: number, change: WordChange): boolean {
    const bit = 1 << byte;
    return (this.#broken.get(word) ?? []).some((one) => {
      if (one.instant > instant || (one.bytes & bit) === 0) return false;
      if (writerOf(change.largestBy, byte) >= one.instant) return false;
      const then = this.word(word, one.instant) ?? UNTOUCHED;
      return (change.uncertain & bit) !== 0 || (then.uncertain & bit) === 0;
    });
  }
}

/** A word that nothing was stored to. */
const UNTOUCHED: WordChange = {
  word: -1,
  uncertain: 0,
  inFlight: 0,
  smallest: '',
  largest: '',
  smallestBy: -1,
  largestBy: -1,
};

function kindOf(change: WordChange, byte: number, isLost: boolean): ByteKind {
  const bit = 1 << byte;
  if (isLost) return 'L';
  if ((change.uncertain & bit) === 0) return writerOf(change.largestBy, byte) < 0 ? '.' : 'p';
  return (change.inFlight & bit) === 0 ? 'c' : 'w';
}

/** The instruction that stored a byte, -1 for none. */
export function writerOf(by: WordChange['largestBy'], byte: number): number {
  return typeof by === 'number' ? by : (by[byte] ?? -1);
}

const none = <Value>(): Changes<Value> => ({ instants: [], values: [] });

function note<Value>(changes: Changes<Value>, instant: number, value: Value): void {
  changes.instants.push(instant);
  changes.values.push(value);
}

function valueAt<Value>(changes: Changes<Value> | undefined, instant: number): Value | undefined {
  if (changes === undefined) return undefined;
  return changes.values[lastAtMost(changes.instants, instant)];
}

/** The index of the last of ascending `numbers` that is at most `limit`; -1 for none. */
export function lastAtMost(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
