/**
 * Runs litmus tests on machines and holds the answers against what the file states. A test is run on the machine
 * asked for and on every machine its file has an expectation for; a test without expectations is only answered.
 */
import { exploreBoxes, hasBoxes } from './boxes.ts';
import { explore } from './explorer.ts';
import { DEFAULT_STATE_LIMIT, ExplorationLimit, type Outcomes } from './outcomes.ts';
import type { Mutation } from './engine.ts';
import { DEFAULT_MACHINE, type LitmusMachine, nameOfMachine, sameMachine } from './machine-switches.ts';
import type { Expectation, LitmusProgram, LitmusTest, Observation, Statement, Verdict } from './program.ts';
import type { Coverage } from './rules.ts';

/** How tests are decided. */
export type EngineChoice = 'automatic' | 'explorer' | 'boxes';

/** States after which `automatic` turns to boxes. */
export const EXPLORER_STATES_FIRST = 100_000;

export interface RunOptions {
  /** Run on these machines; without them, on those the test has expectations for, or on the default one. */
  readonly machines?: readonly LitmusMachine[] | undefined;
  readonly stateLimit?: number | undefined;
  readonly mutation?: Mutation | undefined;
  /**
   * `explorer` (default) or `boxes`; `automatic` begins with the explorer and takes boxes, where there are any, for
   * programs with more than `EXPLORER_STATES_FIRST` states, at once where stores alone would leave more images.
   */
  readonly engine?: EngineChoice | undefined;
  /** Also return the images themselves. */
  readonly withImages?: boolean | undefined;
  readonly coverage?: Coverage | undefined;
}

/** One machine's answer. */
export interface Answer {
  readonly machine: LitmusMachine;
  /** `undefined` when the test asks nothing. */
  readonly verdict: Verdict | undefined;
  readonly imageCount: number;
  readonly imageWords: readonly string[];
  /** Present when asked for: values in the order of `imageWords`. */
  readonly images: readonly (readonly Observation[])[] | undefined;
  readonly stateCount: number;
  readonly expectation: Expectation | undefined;
  /** `undefined` when the file states nothing for this machine. */
  readonly agrees: boolean | undefined;
}

export interface TestResult {
  readonly test: LitmusTest;
  readonly answers: readonly Answer[];
  /** Machines on which the exploration ran into the limit, with the reason. */
  readonly unfinished: readonly { readonly machine: LitmusMachine; readonly reason: string }[];
}

/** Runs one test. Never throws for a program too large: see `unfinished`. */
export function runTest(test: LitmusTest, options: RunOptions = {}): TestResult {
  const answers: Answer[] = [];
  const unfinished: { machine: LitmusMachine; reason: string }[] = [];
  for (const machine of machinesFor(test, options.machines)) {
    try {
      answers.push(answerOn(test, machine, options));
    } catch (error) {
      if (!(error instanceof ExplorationLimit)) throw error;
      unfinished.push({ machine, reason: error.message });
    }
  }
  return { test, answers, unfinished };
}

function machinesFor(
  test: LitmusTest,
  asked: readonly LitmusMachine[] | undefined,
): readonly LitmusMachine[] {
  if (asked !== undefined && asked.length > 0) return asked;
  const stated = test.expectations.map(({ machine }) => machine);
  return stated.length === 0 ? [DEFAULT_MACHINE] : stated;
}

function answerOn(test: LitmusTest, machine: LitmusMachine, options: RunOptions): Answer {
  const outcomes = outcomesOn(test, machine, options);
  const verdict = verdictOf(test, outcomes);
  const expectation = test.expectations.find((candidate) => sameMachine(candidate.machine, machine));
  const { imageCount } = outcomes;
  return {
    machine,
    verdict,
    imageCount,
    imageWords: outcomes.imageWords,
    images: options.withImages === true ? outcomes.images : undefined,
    stateCount: outcomes.stateCount,
    expectation,
    agrees: expectation === undefined ? undefined : agreesWith(expectation, verdict, imageCount),
  };
}

function outcomesOn(test: LitmusTest, machine: LitmusMachine, options: RunOptions): Outcomes {
  const { mutation, coverage, engine } = options;
  const stateLimit = options.stateLimit ?? DEFAULT_STATE_LIMIT;
  const isMutated = mutation?.cell !== undefined || mutation?.withoutRule !== undefined;
  const canUseBoxes = hasBoxes(test.program, machine) && !isMutated;
  if (engine === 'boxes' && canUseBoxes) return exploreBoxes(test.program, { machine, stateLimit });
  const explorer = { machine, mutation, coverage };
  if (engine === 'automatic' && canUseBoxes && coverage === undefined && hasManyImages(test.program))
    return exploreBoxes(test.program, { machine, stateLimit });
  if (engine !== 'automatic' || !canUseBoxes || stateLimit <= EXPLORER_STATES_FIRST)
    return explore(test.program, { ...explorer, stateLimit });
  try {
    return explore(test.program, { ...explorer, stateLimit: EXPLORER_STATES_FIRST });
  } catch (error) {
    if (!(error instanceof ExplorationLimit)) throw error;
    return exploreBoxes(test.program, { machine, stateLimit });
  }
}

/**
 * Whether stores alone would leave more images than the explorer may visit states: any prefix of those of each line. Fences may
 * forbid most of them; boxes are as good for the rest.
 */
function hasManyImages({ threads, words }: LitmusProgram): boolean {
  const stores = new Map<number, number>();
  const count = (statement: Statement): void => {
    if (statement.kind === 'if') [...statement.ifTrue, ...statement.ifFalse].forEach(count);
    if (statement.kind !== 'store') return;
    const line = words.find(({ name, persistent }) => persistent && name === statement.word)?.line;
    if (line !== undefined) stores.set(line, (stores.get(line) ?? 0) + 1);
  };
  threads.flat().forEach(count);
  return [...stores.values()].reduce((product, each) => product * (each + 1), 1) > EXPLORER_STATES_FIRST;
}

function verdictOf(test: LitmusTest, outcomes: Outcomes): Verdict | undefined {
  if (test.question === undefined) return undefined;
  return outcomes.answers(test.question) ? 'A' : 'F';
}

function agreesWith(expectation: Expectation, verdict: Verdict | undefined, imageCount: number): boolean {
  return (
    (expectation.verdict === undefined || expectation.verdict === verdict) &&
    (expectation.images === undefined || expectation.images === imageCount)
  );
}

/** Totals of a run. */
export interface Totals {
  readonly tests: number;
  readonly answers: number;
  readonly agreeing: number;
  readonly disagreeing: number;
  /** Answers for which the files state nothing. */
  readonly unstated: number;
  readonly unfinished: number;
  readonly states: number;
}

/** Adds up a run. */
export function totalsOf(results: readonly TestResult[]): Totals {
  const answers = results.flatMap((result) => result.answers);
  const count = (agrees: boolean | undefined): number =>
    answers.filter((answer) => answer.agrees === agrees).length;
  return {
    tests: results.length,
    answers: answers.length,
    agreeing: count(true),
    disagreeing: count(false),
    unstated: count(undefined),
    unfinished: results.reduce((total, result) => total + result.unfinished.length, 0),
    states: answers.reduce((total, answer) => total + answer.stateCount, 0),
  };
}

/** `eADR F (3)`: a machine with its verdict and number of images, as in an `expect:` entry. */
export function describeAnswer(
  machine: LitmusMachine,
  verdict: Verdict | undefined,
  images: number | undefined,
): string {
  const parts = [nameOfMachine(machine), verdict, images === undefined ? undefined : `(${images})`];
  return parts.filter((part) => part !== undefined).join(' ');
}
