/**
 * What exploring a program yields, whichever engine did it, and how a question is answered from it. Observations are
 * texts with one character for each value: memory first, then registers when a completed run is observed.
 */
import type { Engine } from './engine.ts';
import type { State } from './machine-state.ts';
import type { Observation, Predicate, Question } from './program.ts';

/** An exploration that could not be finished; `message` says what to raise. */
export class ExplorationLimit extends Error {
  override readonly name = 'ExplorationLimit';
}

/** States an exploration may visit unless told otherwise: about 400 MB and ten seconds. */
export const DEFAULT_STATE_LIMIT = 2_000_000;

/** What a program may do on a machine. */
export interface Outcomes {
  readonly stateCount: number;
  /** Number of distinct images over all instants of all executions. */
  readonly imageCount: number;
  /** Names of the persistent words, in the order of the values in `images`. */
  readonly imageWords: readonly string[];
  /** The distinct images, sorted by their values. */
  readonly images: readonly (readonly Observation[])[];
  /** Whether some execution answers the question with yes. Throws `RangeError` for a name not in the program. */
  readonly answers: (question: Question) => boolean;
}

/** The message of a limit on states. */
export function tooManyStates(limit: number): ExplorationLimit {
  return new ExplorationLimit(
    `more than ${limit} states: raise the limit (--max-states) or shorten the program`,
  );
}

/** The message for a program that makes more values than a state can name. */
export function tooManyValues(): ExplorationLimit {
  return new ExplorationLimit('more than 1000 different values: shorten the program');
}

/** A state as text. */
export function textOf(state: State): string {
  return Reflect.apply(String.fromCharCode, undefined, state);
}

/** Visible memory and registers of a completed state. */
export function finalObservation(engine: Engine, state: State): string {
  const { registers, captured } = engine.layout;
  const memory = engine.program.words.map((_word, index) => engine.memory.visible(state, index));
  return String.fromCharCode(...memory) + textOf(state.subarray(registers, captured));
}

/** Whether the observation `key` satisfies `predicate`. */
export function satisfies(predicate: Predicate, key: string, engine: Engine): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.parts.every((part) => satisfies(part, key, engine));
    case 'or':
      return predicate.parts.some((part) => satisfies(part, key, engine));
    case 'not':
      return !satisfies(predicate.part, key, engine);
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

/** The words that a predicate is about. */
export function wordsIn(predicate: Predicate): Set<string> {
  switch (predicate.kind) {
    case 'word':
      return new Set([predicate.word]);
    case 'register':
      return new Set();
    case 'not':
      return wordsIn(predicate.part);
    default:
      return new Set(predicate.parts.flatMap((part) => [...wordsIn(part)]));
  }
}

function valueAt(key: string, index: number, engine: Engine): Observation {
  if (index < 0 || index >= key.length)
    throw new RangeError('the question names something the program does not have');
  return engine.values.valueOf(key.charCodeAt(index));
}

/** Order of images: by the first value that differs, `poison` and `cleared` before numbers. */
export function compareImages(left: readonly Observation[], right: readonly Observation[]): number {
  for (const [index, value] of left.entries()) {
    const difference = rank(value) - rank(right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(value: Observation): number {
  return value === 'poison' ? -2 : value === 'cleared' ? -1 : value;
}
