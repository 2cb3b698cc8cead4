/**
 * A litmus test as plain data: what each CPU does, which words share a line, what is asked, and which answers the
 * file states. The notation it is written in is described in docs/MACHINE.md; the parsers are in
 * `program-parser.ts`, `question-parser.ts` and `file-parser.ts`. Instruction names are those of persistency.md 1.3.
 */
import type { LitmusMachine } from './machine-switches.ts';
import type { Place } from './scanner.ts';

/** A number as written, or what a register holds. */
export type Operand =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'register'; readonly name: string };

/** What a locked read-modify-write does with the old value. */
export type Modification =
  | { readonly kind: 'add'; readonly amount: number }
  | { readonly kind: 'exchange'; readonly value: number }
  | { readonly kind: 'compare-exchange'; readonly expected: number; readonly value: number };

/** One comparison in the condition of an `if`. */
export interface RegisterTest {
  readonly register: string;
  readonly equal: boolean;
  readonly value: number;
}

/** `alternatives` are or-ed, the tests in one alternative and-ed. */
export interface Condition {
  readonly alternatives: readonly (readonly RegisterTest[])[];
}

export type Statement =
  | { readonly kind: 'store'; readonly word: string; readonly value: Operand; readonly nonTemporal: boolean }
  | { readonly kind: 'load'; readonly register: string; readonly word: string }
  | {
      readonly kind: 'locked';
      readonly register: string | undefined;
      readonly word: string;
      readonly modification: Modification;
    }
  /** FL word (clflush), FO word (clflushopt, clwb), CLEAR word (the driver clears the poison of its unit). */
  | { readonly kind: 'flush'; readonly instruction: 'FL' | 'FO' | 'CLEAR'; readonly word: string }
  | { readonly kind: 'fence'; readonly instruction: 'SF' | 'MF' }
  /** A store to a flush hint address: the next fence drains the write-pending queue. */
  | { readonly kind: 'hint' }
  | {
      readonly kind: 'if';
      readonly condition: Condition;
      readonly ifTrue: readonly Statement[];
      readonly ifFalse: readonly Statement[];
    };

export interface LitmusProgram {
  /** One list of statements for each CPU; CPUs are numbered from 0. */
  readonly threads: readonly (readonly Statement[])[];
  /** Every word of memory in order of first mention. */
  readonly words: readonly LitmusWord[];
}

export interface LitmusWord {
  readonly name: string;
  /** Words with the same number share a 64-byte line. */
  readonly line: number;
  /** Words that are not persistent (`ack`, `lk`, `volatile`) change at once and are no part of an image. */
  readonly persistent: boolean;
  readonly initial: number;
  /** The poison unit the word lies in, or `undefined` when its media is sound. */
  readonly poisonUnit: number | undefined;
}

/** What a word or register may be compared with. */
export type Observation = number | 'poison' | 'cleared';

/** A predicate over an image or over the final state of a completed run. */
export type Predicate =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Predicate[] }
  | { readonly kind: 'not'; readonly part: Predicate }
  | { readonly kind: 'word'; readonly word: string; readonly value: Observation }
  | {
      readonly kind: 'register';
      readonly thread: number;
      readonly name: string;
      readonly value: Observation;
    };

/** `crash`: may a power failure leave that? `final`: may all CPUs run to their end with that? */
export interface Question {
  readonly kind: 'crash' | 'final';
  readonly predicate: Predicate;
  readonly text: string;
}

/** `A`: allowed (some execution shows it), `F`: forbidden (none does). */
export type Verdict = 'A' | 'F';

/** What the file says a machine answers. */
export interface Expectation {
  readonly machine: LitmusMachine;
  readonly verdict: Verdict | undefined;
  /** Number of distinct images over all instants of all executions. */
  readonly images: number | undefined;
  readonly place: Place;
}

export interface LitmusTest {
  readonly name: string;
  readonly place: Place;
  readonly program: LitmusProgram;
  /** The program as written, on one line. */
  readonly programText: string;
  readonly question: Question | undefined;
  readonly expectations: readonly Expectation[];
}
