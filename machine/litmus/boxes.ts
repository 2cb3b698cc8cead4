/**
 * Programs of several CPUs as unions of boxes (persistency.md 4.5): evictions are not explored one by one. They change
 * nothing that an instruction can see, so they are taken only when a flush or fence waits for them; what else might
 * have been evicted is a box, any prefix of each line buffer. A box is noted only where every step on would lose some
 * of its images. Held to the explorer, with and without non-temporal stores, by `test/machine/litmus/boxes.test.ts`.
 */
import { Engine } from './engine.ts';
import { type Box, type Diagram, DiagramTable, projectionOf } from './image-union.ts';
import {
  type State,
  TooManyValues,
  ValueTable,
  isStore,
  valueOfEntry,
  wordOfEntry,
} from './machine-state.ts';
import type { LitmusMachine } from './machine-switches.ts';
import {
  DEFAULT_STATE_LIMIT,
  ExplorationLimit,
  type Outcomes,
  compareImages,
  finalObservation,
  satisfies,
  textOf,
  tooManyStates,
  tooManyValues,
  wordsIn,
} from './outcomes.ts';
import type { LitmusProgram, Observation, Question } from './program.ts';
import { Coverage } from './rules.ts';

/** Images looked at one by one for a question about power failures, at most. */
export const IMAGES_LISTED_MAX = 1 << 20;

/** What a program of several CPUs may leave, by what its volatile words (acknowledgements) then say. */
export interface BoxOutcomes extends Outcomes {
  readonly boxCount: number;
  /** Volatile words in the order of the keys' values. */
  readonly volatileWords: readonly string[];
  /** Key: values of the volatile words, joined by commas. */
  readonly byVolatile: ReadonlyMap<string, Diagram>;
  /** Whatever the volatile words say. */
  readonly all: Diagram;
  /** Words of each line of the diagrams, in the order of the values in a content (joined by commas). */
  readonly lines: readonly (readonly string[])[];
}

export interface BoxOptions {
  readonly machine: LitmusMachine;
  readonly stateLimit?: number | undefined;
  /** Diagrams of outcomes made with one table can be compared by identity. */
  readonly table?: DiagramTable;
}

/**
 * Whether `exploreBoxes` can do this. Not on poisoned media, where evictions can be noticed. Without ADR only where one queue
 * keeps the order and no volatile word tells the time: a power failure then leaves what one at an earlier moment would have
 * left with ADR (nothing of the queue may be lost, too), so over all moments both leave the same images.
 */
export function hasBoxes(program: LitmusProgram, machine: LitmusMachine): boolean {
  const isSound = program.words.every(({ poisonUnit }) => poisonUnit === undefined);
  if (machine.domain !== 'no-ADR') return isSound;
  const isTimeless = program.words.every(({ persistent }) => persistent);
  return isSound && machine.writePendingQueue === 'single' && isTimeless;
}

/** The machine whose boxes are those of `machine`, where `hasBoxes` says that there is one. */
const withoutQueue = (machine: LitmusMachine): LitmusMachine =>
  machine.domain === 'no-ADR' ? { ...machine, domain: 'ADR' } : machine;

/** Explores `program` by boxes. Throws `ExplorationLimit`, and `RangeError` where `hasBoxes` says no. */
export function exploreBoxes(program: LitmusProgram, options: BoxOptions): BoxOutcomes {
  if (!hasBoxes(program, options.machine))
    throw new RangeError('boxes need sound media, and ADR or eADR or a program that never tells the time');
  return new BoxExploration(program, options).run();
}

class BoxExploration {
  readonly #engine: Engine;
  readonly #options: BoxOptions;
  readonly #table: DiagramTable;
  readonly #lineQueues: readonly { readonly queue: number; readonly words: readonly number[] }[];
  readonly #seen = new Set<string>();
  readonly #stack: State[] = [];
  readonly #finals = new Set<string>();
  readonly #boxes = new Map<string, Map<string, Box>>();

  constructor(program: LitmusProgram, options: BoxOptions) {
    this.#options = options;
    this.#table = options.table ?? new DiagramTable();
    this.#engine = new Engine(program, withoutQueue(options.machine), new ValueTable(), new Coverage(), {});
    const { queueOfWord, queues } = this.#engine.layout;
    this.#lineQueues = queues.map((queue) => ({
      queue,
      words: queueOfWord.flatMap((other, word) => (other === queue ? [word] : [])),
    }));
  }

  run(): BoxOutcomes {
    try {
      this.#visit(this.#engine.initialStateAhead());
      for (let state = this.#stack.pop(); state !== undefined; state = this.#stack.pop()) this.#expand(state);
    } catch (error) {
      throw error instanceof TooManyValues ? tooManyValues() : error;
    }
    return this.#outcomes();
  }

  #outcomes(): BoxOutcomes {
    const { words, persistentWordCount } = this.#engine.program;
    const lineCount = this.#lineQueues.length;
    const groups = [...this.#boxes].map(([key, boxes]) => [key, [...boxes.values()]] as const);
    const everything = groups.flatMap(([, boxes]) => boxes);
    const all = this.#table.unionOf(everything, lineCount);
    const byVolatile = new Map(groups.map(([key, boxes]) => [key, this.#table.unionOf(boxes, lineCount)]));
    const list = (): Observation[][] =>
      this.#memories(all, '').map((memory) => memory.slice(0, persistentWordCount));
    return {
      stateCount: this.#seen.size,
      boxCount: everything.length,
      imageCount: Number(all.count),
      imageWords: words.slice(0, persistentWordCount).map(({ name }) => name),
      volatileWords: words.slice(persistentWordCount).map(({ name }) => name),
      byVolatile,
      all,
      lines: this.#lineQueues.map(({ words: members }) => members.map((word) => words[word]?.name ?? '')),
      get images() {
        return list().sort(compareImages);
      },
      answers: (question) =>
        question.kind === 'final' ? this.#isFinal(question) : this.#isLeft(question, byVolatile),
    };
  }

  #isFinal({ predicate }: Question): boolean {
    return [...this.#finals].some((key) => satisfies(predicate, key, this.#engine));
  }

  #isLeft({ predicate }: Question, byVolatile: ReadonlyMap<string, Diagram>): boolean {
    const { values, program } = this.#engine;
    const named = wordsIn(predicate);
    return [...byVolatile].some(([volatileKey, union]) =>
      this.#memories(union, volatileKey, (word) => named.has(program.words[word]?.name ?? '')).some(
        (memory) =>
          satisfies(
            predicate,
            String.fromCharCode(...memory.map((value) => values.indexOf(value))),
            this.#engine,
          ),
      ),
    );
  }

  /**
   * The images of a union as values of the words, volatile ones last; lines without a wanted word are left as they were at first, and
   * images that differ in nothing else are told once. Throws `ExplorationLimit` for too many.
   */
  #memories(
    union: Diagram,
    volatileKey: string,
    isWanted: (word: number) => boolean = () => true,
  ): Observation[][] {
    const lines = [...this.#lineQueues.keys()].filter((line) => this.#lineQueues[line]?.words.some(isWanted));
    const images = projectionOf(union, this.#lineQueues.length, new Set(lines), IMAGES_LISTED_MAX);
    if (images === undefined)
      throw new ExplorationLimit(
        `more than ${IMAGES_LISTED_MAX} images to look at one by one: shorten the program, or ask about fewer words`,
      );
    const { persistentWordCount } = this.#engine.program;
    const volatileValues = volatileKey === '' ? [] : volatileKey.split(',').map(Number);
    return images.map((contents) => {
      const memory: Observation[] = Array.from({ length: persistentWordCount }, () => 0);
      for (const [index, content] of contents.entries()) {
        const members = this.#lineQueues[lines[index] ?? 0]?.words ?? [];
        for (const [place, value] of content.split(',').entries())
          memory[members[place] ?? 0] = Number(value);
      }
      return [...memory, ...volatileValues];
    });
  }

  #visit(state: State): void {
    const key = textOf(state);
    if (this.#seen.has(key)) return;
    const limit = this.#options.stateLimit ?? DEFAULT_STATE_LIMIT;
    if (this.#seen.size === limit) throw tooManyStates(limit);
    this.#seen.add(key);
    this.#stack.push(state);
    if (this.#engine.isCompleted(state)) this.#finals.add(finalObservation(this.#engine, state));
  }

  #expand(state: State): void {
    let isKept = false;
    this.#engine.forEachSuccessorOnDemand(state, (next) => {
      isKept ||= this.#keepsImages(state, next);
      this.#visit(next);
    });
    if (!isKept) this.#note(state);
  }

  /** Whether every image of `state` is one of `next`: memory the same, line buffers the same or longer. */
  #keepsImages(state: State, next: State): boolean {
    const { memory } = this.#engine.layout;
    for (let at = memory; at < memory + this.#engine.program.words.length; at++)
      if (state[at] !== next[at]) return false;
    return this.#lineQueues.every(({ queue }) => {
      const before = storesIn(state, queue);
      const after = storesIn(next, queue);
      return before.every((entry, index) => entry === after[index]);
    });
  }

  #note(state: State): void {
    const { memory } = this.#engine.layout;
    const { words, persistentWordCount } = this.#engine.program;
    const volatileKey = words
      .slice(persistentWordCount)
      .map((_, index) => this.#text(state[memory + persistentWordCount + index]))
      .join(',');
    const box = this.#lineQueues.map(({ queue, words: members }) => this.#contentsOf(state, queue, members));
    let boxes = this.#boxes.get(volatileKey);
    if (boxes === undefined) this.#boxes.set(volatileKey, (boxes = new Map<string, Box>()));
    boxes.set(box.map((contents) => [...contents].join(' ')).join('|'), box);
  }

  /** What a line may hold: the media under any prefix of its buffer. */
  #contentsOf(state: State, queue: number, members: readonly number[]): Set<string> {
    const { memory } = this.#engine.layout;
    const values = new Map(members.map((word) => [word, this.#text(state[memory + word])]));
    const contents = new Set([[...values.values()].join(',')]);
    for (const entry of storesIn(state, queue)) {
      values.set(wordOfEntry(entry), this.#text(valueOfEntry(entry)));
      contents.add([...values.values()].join(','));
    }
    return contents;
  }

  #text(value: number | undefined): string {
    return String(this.#engine.values.valueOf(value ?? 0));
  }
}

function storesIn(state: State, queue: number): number[] {
  const length = state[queue] ?? 0;
  return [...state.subarray(queue + 1, queue + 1 + length)].filter((entry) => isStore(entry));
}
