/** Puts the sides of a timeline together: numbers their words in one order and lines up their instructions. */
import type {
  BrokenBytes,
  Timeline,
  TimelineInstant,
  TimelineInstruction,
  TimelineSide,
  TimelineWord,
} from '#base/timeline.ts';
import { alignedColumns } from './columns.ts';

/** A side whose words are named by byte addresses. */
export interface SideParts {
  readonly name: string;
  readonly instructions: readonly TimelineInstruction[];
  /** The operation of each instruction. */
  readonly operations: readonly number[];
  readonly instants: readonly TimelineInstant[];
  readonly broken: readonly BrokenBytes[];
  readonly results: readonly string[];
  readonly placeOf: (address: number) => TimelineWord;
}

/** What sides share. */
export type SharedParts = Pick<Timeline, 'title' | 'operations' | 'frames' | 'notes'>;

/** The timeline of one or two sides. */
export function assembleTimeline(shared: SharedParts, sides: readonly SideParts[]): Timeline {
  const { title, operations, frames, notes } = shared;
  const words = new Words(sides);
  return {
    version: 1,
    title,
    operations,
    columns: alignedColumns(sides, operations.length),
    words: words.places,
    frames,
    sides: sides.map((side) => sideOf(side, words)),
    notes,
  };
}

function sideOf(side: SideParts, words: Words): TimelineSide {
  const { name, instructions, instants, broken, results } = side;
  const numberOf = (address: number): number => words.numberOf(side, address);
  return {
    name,
    instructions,
    instants: instants.map(({ images, words: changes, lines }) => ({
      images,
      words: changes.map((change) => ({ ...change, word: numberOf(change.word) })),
      ...(lines !== undefined && {
        lines: lines.map((line) => ({
          ...line,
          choices: line.choices.map((choice) => ({ ...choice, words: choice.words.map(numberOf) })),
        })),
      }),
    })),
    broken: broken.map((one) => ({ ...one, word: numberOf(one.word) })),
    results,
  };
}

/** The words that any side stored to or promised, by place in the order in which places are first stored to, then by offset. */
class Words {
  readonly places: readonly TimelineWord[];
  readonly #numbers = new Map<string, number>();

  constructor(sides: readonly SideParts[]) {
    const byPlace = new Map<string, Map<number, TimelineWord>>();
    for (const { instants, placeOf, broken } of sides)
      // What was promised may have been stored elsewhere, or nowhere.
      for (const address of new Set(
        [...instants.flatMap(({ words }) => words), ...broken].map(({ word }) => word),
      )) {
        const word = placeOf(address);
        const own = byPlace.get(word.place) ?? new Map<number, TimelineWord>();
        byPlace.set(word.place, own.set(word.offset, word));
      }
    this.places = [...byPlace.values()].flatMap((words) =>
      [...words.values()].sort((left, right) => left.offset - right.offset),
    );
    for (const [number, { place, offset }] of this.places.entries())
      this.#numbers.set(`${place} ${offset}`, number);
  }

  numberOf({ placeOf }: SideParts, address: number): number {
    const { place, offset } = placeOf(address);
    return this.#numbers.get(`${place} ${offset}`) ?? -1;
  }
}
