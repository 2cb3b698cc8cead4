/**
 * A persistence timeline as plain data: the instructions of one or two runs side by side, and after each of them what a power
 * failure may leave. Whoever makes one asks the machine for every instant; whoever shows one works out nothing anew.
 * docs/timeline.schema.json describes it as JSON.
 */

/**
 * The words for instructions. `return`: an operation has returned; `power failure`: what comes after it is another life;
 * `earlier`: all that came before the part that is shown; `told`: the program told somebody something that is not compared.
 */
export const INSTRUCTION_KINDS = [
  'store',
  'string store',
  'movnti',
  'clwb',
  'clflushopt',
  'clflush',
  'sfence',
  'mfence',
  'locked store',
  'locked',
  'flush hint',
  'return',
  'power failure',
  'earlier',
  'told',
] as const;
export type InstructionKind = (typeof INSTRUCTION_KINDS)[number];

/** A place in source code on the way to an instruction. */
export interface TimelineFrame {
  /** Relative to the tree, with `/`; files that trees share are named as in the root of the project. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly function: string;
}

export interface TimelineInstruction {
  readonly kind: InstructionKind;
  /** Short, as in traces: `n8:8`. */
  readonly text: string;
  /** What it stores to or writes back; absent for fences and returns. */
  readonly place?: string;
  /** What the program calls the word there, where it calls it anything. */
  readonly name?: string;
  readonly offset?: number;
  /** Bytes of one instruction. */
  readonly sizeBytes?: number;
  /** How many equal instructions at consecutive places it stands for; absent for one. */
  readonly count?: number;
  /** What it stored, as hexadecimal digits; the first bytes of a long one. */
  readonly bytes?: string;
  /** The CPU or thread, where there are several. */
  readonly thread?: number;
  /** Who issued it: indexes of `Timeline.frames`, innermost first. */
  readonly stack: readonly number[];
}

/** What one aligned 8-byte word may hold at an instant. Bit i of a mask stands for byte i. */
export interface WordChange {
  /** Index of `Timeline.words`. */
  readonly word: number;
  /** Bytes that are not the same in all images. */
  readonly uncertain: number;
  /** Those of them whose newest store the next fence completes. */
  readonly inFlight: number;
  /** 16 hexadecimal digits: the word in the image with only what must have persisted, and with every store. */
  readonly smallest: string;
  readonly largest: string;
  /** For each byte the instruction that stored it, -1 for what was there at power-on; one number where all eight agree. */
  readonly smallestBy: number | readonly number[];
  readonly largestBy: number | readonly number[];
}

/** Words of one line that depend on each other, and what they may hold together. */
export interface WordChoice {
  readonly words: readonly number[];
  /** Contents of these words one after another, as hexadecimal digits; each is possible, the smallest first. */
  readonly contents: readonly string[];
  /** How many there are; `contents` lists some of them where it is long. */
  readonly count: number;
  /**
   * For each content the levels at which it is possible, as pairs from, to: contents of two choices go together where they
   * share a level. Absent where everything goes together with everything of other choices.
   */
  readonly levels?: readonly (readonly (readonly [number, number])[])[];
}

/** What changed at one instant. */
export interface TimelineInstant {
  /** The number of images, in decimal, above 2^64 as a power of two (`2^70.5`); `null` where counting takes too long. */
  readonly images: string | null;
  readonly words: readonly WordChange[];
  /** Lines whose choices are not as before: the line's first word in memory, and all choices of it. */
  readonly lines?: readonly {
    readonly place: string;
    readonly offset: number;
    readonly choices: readonly WordChoice[];
  }[];
}

/** Bytes that an operation promised when it returned, and that may be lost all the same. */
export interface BrokenBytes {
  /** The instant from which on they are owed: the number of instructions before it. */
  readonly instant: number;
  readonly word: number;
  readonly bytes: number;
}

export interface TimelineSide {
  /** `before`, or the name of a tree, a recording, a machine. */
  readonly name: string;
  readonly instructions: readonly TimelineInstruction[];
  /** Before the first instruction, and after each. */
  readonly instants: readonly TimelineInstant[];
  readonly broken: readonly BrokenBytes[];
  /** What each operation came back with, as text. */
  readonly results: readonly string[];
}

export interface TimelineOperation {
  readonly text: string;
  /** Its success promises durability to somebody. */
  readonly isPromise: boolean;
}

/** One place on the common axis: the instruction of each side, -1 where that side has none. */
export interface TimelineColumn {
  /** Index of `operations`. */
  readonly operation: number;
  readonly instructions: readonly number[];
}

/** An aligned 8-byte word of memory. */
export interface TimelineWord {
  /** A disk, a file. */
  readonly place: string;
  /** Bytes from its beginning. */
  readonly offset: number;
  /** What the program calls it, where it calls it anything. */
  readonly name?: string;
}

export interface Timeline {
  readonly version: 1;
  /** What was run. */
  readonly title: string;
  readonly operations: readonly TimelineOperation[];
  readonly columns: readonly TimelineColumn[];
  /** The words that any side stored to or promised. */
  readonly words: readonly TimelineWord[];
  readonly frames: readonly TimelineFrame[];
  /** One or two. */
  readonly sides: readonly TimelineSide[];
  /** What a reader must know of it, a sentence each. */
  readonly notes: readonly string[];
}
