/**
 * The exhaustive explorer: every state that the machine of `engine.ts` can reach with a small program, each visited
 * once, and from them the images a power failure may leave and the results of completed runs. It is exact: there
 * is no bound on interleavings, only one on the number of states, and running into it is an answer of its own.
 */
import { Engine, type Mutation } from './engine.ts';
import { type State, TooManyValues, ValueTable } from './machine-state.ts';
import type { LitmusMachine } from './machine-switches.ts';
import type { LitmusProgram, Observation, Predicate, Question } from './program.ts';
import { Coverage } from './rules.ts';

/** States an exploration may visit unless told otherwise: about 400 MB and a few seconds. */
export const DEFAULT_STATE_LIMIT = 2_000_000;

export interface ExplorationOptions {
  readonly machine: LitmusMachine;
  readonly stateLimit?: number;
  readonly mutation?: Mutation;
  /** Gets the counts of the rules and table cells used. */
  readonly coverage?: Coverage;
}

/** An exploration that could not be finished; `message` says what to raise. */
export class ExplorationLimit extends Error {
  override readonly name = 'ExplorationLimit';
}

/** What a program may do on a machine. */
export interface Outcomes {
  readonly stateCount: number;
  /** Names of the persistent words, in the order of the values in `images`. */
  readonly imageWords: readonly string[];
  /** The distinct images over all instants of all executions, sorted by their values. */
  readonly images: readonly (readonly Observation[])[];
  /** Whether some execution answers the question with yes. Throws `RangeError` for a name not in the program. */
  readonly answers: (question: Question) => boolean;
}

/** Explores `program`. Throws `ExplorationLimit` when there are more states than `stateLimit`. */
export function explore(program: LitmusProgram, options: ExplorationOptions): Outcomes {
  const values = new ValueTable();
  const coverage = options.coverage ?? new Coverage();
  const engine = new Engine(program, options.machine, values, coverage, options.mutation ?? {});
  const observed = search(engine, options, coverage);
  const persistent = engine.program.words.slice(0, engine.program.persistentWordCount);
  const imageKeys = new Set([...observed.crashes].map((key) => key.slice(0, persistent.length)));
  return {
    stateCount: observed.stateCount,
    imageWords: persistent.map(({ name }) => name),
    images: [...imageKeys].map((key) => decode(key, values)).sort(compareImages),
    answers: (question) => {
      const keys = question.kind === 'crash' ? observed.crashes : observed.finals;
      return [...keys].some((key) => holds(question.predicate, key, engine));
    },
  };
}

interface Observed {
  readonly stateCount: number;
  /** Memory of every state: persistent words as on the media, volatile words as visible. */
  readonly crashes: ReadonlySet<string>;
  /** Visible memory, then registers, of every completed state. */
  readonly finals: ReadonlySet<string>;
}

function search(engine: Engine, options: ExplorationOptions, coverage: Coverage): Observed {
  const { memory } = engine.layout;
  const memoryEnd = memory + engine.program.words.length;
  const limit = options.stateLimit ?? DEFAULT_STATE_LIMIT;
  const onlyCompleted = options.mutation?.withoutRule === 'R7';
  const seen = new Set<string>();
  const crashes = new Set<string>();
  const finals = new Set<string>();
  const stack: State[] = [];
  const visit = (state: State): void => {
    const key = textOf(state);
    if (seen.has(key)) return;
    if (seen.size === limit)
      throw new ExplorationLimit(
        `more than ${limit} states: raise the limit (--max-states) or shorten the program`,
      );
    seen.add(key);
    stack.push(state);
    const completed = engine.isCompleted(state);
    if (completed || !onlyCompleted) crashes.add(key.slice(memory, memoryEnd));
    if (completed) finals.add(finalObservation(engine, state));
  };
  try {
    visit(engine.initialState());
    for (let state = stack.pop(); state !== undefined; state = stack.pop())
      engine.forEachSuccessor(state, visit);
  } catch (error) {
    if (error instanceof TooManyValues)
      throw new ExplorationLimit('more than 1000 different values: shorten the program');
    throw error;
  }
  coverage.rules.set('R7', (coverage.rules.get('R7') ?? 0) + crashes.size);
  return { stateCount: seen.size, crashes, finals };
}

function finalObservation(engine: Engine, state: State): string {
  const { registers, captured } = engine.layout;
  const memory = engine.program.words.map((_word, index) => engine.visible(state, index));
  return String.fromCharCode(...memory) + textOf(state.subarray(registers, captured));
}

function textOf(state: State): string {
  return Reflect.apply(String.fromCharCode, undefined, state);
}

function decode(key: string, values: ValueTable): Observation[] {
  return [...key].map((character) => values.valueOf(character.charCodeAt(0)));
}

/** Both kinds of observation start with memory; the final ones go on with the registers. */
function holds(predicate: Predicate, key: string, engine: Engine): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.parts.every((part) => holds(part, key, engine));
    case 'or':
      return predicate.parts.some((part) => holds(part, key, engine));
    case 'not':
      return !holds(predicate.part, key, engine);
    case 'word': {
      const index = engine.program.words.findIndex(({ name }) => name === predicate.word);
      return valueAt(key, index, engine) === predicate.value;
    }
    case 'register': {
      const slot = engine.program.registers[predicate.thread]?.get(predicate.name);
      if (slot === undefined) throw new RangeError(`no register ${predicate.thread}:${predicate.name}`);
      return valueAt(key, engine.program.words.length + slot, engine) === predicate.value;
    }
  }
}

function valueAt(key: string, index: number, engine: Engine): Observation {
  if (index < 0 || index >= key.length)
    throw new RangeError('the question names something the program does not have');
  return engine.values.valueOf(key.charCodeAt(index));
}

function compareImages(left: readonly Observation[], right: readonly Observation[]): number {
  for (const [index, value] of left.entries()) {
    const difference = rank(value) - rank(right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(value: Observation): number {
  return value === 'poison' ? -2 : value === 'cleared' ? -1 : value;
}
