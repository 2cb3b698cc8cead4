/**
 * The exhaustive explorer: every state that the machine of `engine.ts` can reach with a small program, each visited
 * once, and from them the images a power failure may leave and the results of completed runs. It is exact: there
 * is no bound on interleavings, only one on the number of states, and running into it is an answer of its own.
 */
import { Engine, type Mutation } from './engine.ts';
import { type State, TooManyValues, ValueTable } from './machine-state.ts';
import type { LitmusMachine } from './machine-switches.ts';
import {
  DEFAULT_STATE_LIMIT,
  type Outcomes,
  compareImages,
  finalObservation,
  satisfies,
  textOf,
  tooManyStates,
  tooManyValues,
} from './outcomes.ts';
import type { LitmusProgram } from './program.ts';
import { Coverage } from './rules.ts';

export interface ExplorationOptions {
  readonly machine: LitmusMachine;
  readonly stateLimit?: number | undefined;
  readonly mutation?: Mutation | undefined;
  /** Gets the counts of the rules and table cells used. */
  readonly coverage?: Coverage | undefined;
}

/** Explores `program`. Throws `ExplorationLimit` when there are more states than `stateLimit`. */
export function explore(program: LitmusProgram, options: ExplorationOptions): Outcomes {
  const values = new ValueTable();
  const coverage = options.coverage ?? new Coverage();
  const engine = new Engine(program, options.machine, values, coverage, options.mutation ?? {});
  const observed = search(engine, options, coverage);
  const persistent = engine.program.words.slice(0, engine.program.persistentWordCount);
  const imageKeys = new Set([...observed.crashes].map((key) => key.slice(0, persistent.length)));
  const images = [...imageKeys].map((key) =>
    [...key].map((character) => values.valueOf(character.charCodeAt(0))),
  );
  return {
    stateCount: observed.stateCount,
    imageCount: images.length,
    imageWords: persistent.map(({ name }) => name),
    images: images.sort(compareImages),
    answers: (question) => {
      const keys = question.kind === 'crash' ? observed.crashes : observed.finals;
      return [...keys].some((key) => satisfies(question.predicate, key, engine));
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
    if (seen.size === limit) throw tooManyStates(limit);
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
    throw error instanceof TooManyValues ? tooManyValues() : error;
  }
  coverage.rules.set('R7', (coverage.rules.get('R7') ?? 0) + crashes.size);
  return { stateCount: seen.size, crashes, finals };
}
