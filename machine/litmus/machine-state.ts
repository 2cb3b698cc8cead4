/**
 * A state of the litmus machine as one array of 16-bit numbers, so that a copy is one call and the text made of it
 * is the key of the set of states seen. The layout is fixed for a program: program counters, store buffers as bit
 * masks of operations, registers, captured store values, memory (persistent words first), one queue of fixed capacity
 * for each line buffer, and the write-pending queue.
 *
 * Values are indices into a table that the exploration fills as it meets them, because a program may write any
 * number up to 2^31. A queue is its length, then that many entries: `marker of CPU`, `hint of CPU`, or word and value.
 */
import type { CompiledProgram } from './compile.ts';
import type { LitmusMachine } from './machine-switches.ts';
import type { Observation } from './program.ts';

export type State = Uint16Array;

/** Entries 1..4: flush marker of CPU 0..3; 5..8: flush hint of CPU 0..3; from 16: a store. */
export const FIRST_MARKER = 1;
export const FIRST_HINT = 5;
const FIRST_STORE = 16;
const VALUES_LIMIT = 1 << 10;

/** Indices of the two values that are not numbers. */
export const POISON = 0;
export const CLEARED = 1;

/** The entry for a store of value index `value` to `word`. */
export function storeEntry(word: number, value: number): number {
  return FIRST_STORE + word * VALUES_LIMIT + value;
}

export function isStore(entry: number): boolean {
  return entry >= FIRST_STORE;
}

export function wordOfEntry(entry: number): number {
  return Math.floor((entry - FIRST_STORE) / VALUES_LIMIT);
}

export function valueOfEntry(entry: number): number {
  return (entry - FIRST_STORE) % VALUES_LIMIT;
}

/** More different values than a state can name; the caller turns it into a message about the test. */
export class TooManyValues extends Error {}

/** The values met so far. */
export class ValueTable {
  readonly #values: Observation[] = ['poison', 'cleared'];
  readonly #indices = new Map<Observation, number>([['poison', POISON], ['cleared', CLEARED]]); // prettier-ignore

  indexOf(value: Observation): number {
    const known = this.#indices.get(value);
    if (known !== undefined) return known;
    if (this.#values.length === VALUES_LIMIT) throw new TooManyValues();
    this.#indices.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }

  valueOf(index: number): Observation {
    const value = this.#values[index];
    if (value === undefined) throw new RangeError(`no value ${index}`);
    return value;
  }
}

/** Where everything is in a state. */
export interface Layout {
  readonly size: number;
  readonly threadCount: number;
  readonly counters: number;
  /** Two numbers for each CPU: operations 0..14 and 15..29. */
  readonly buffers: number;
  readonly registers: number;
  readonly captured: number;
  readonly memory: number;
  /** Offset of each line buffer; with `cut: location` there is one for each persistent word. */
  readonly queues: readonly number[];
  /** The queue that a word's stores go through; -1 for volatile words. */
  readonly queueOfWord: readonly number[];
  /** The queues of each line. */
  readonly queuesOfLine: readonly (readonly number[])[];
  readonly writePending: number;
}

/** The layout of a program's states on `machine`. */
export function layOut(program: CompiledProgram, machine: LitmusMachine): Layout {
  const threadCount = program.threads.length;
  const buffers = threadCount;
  const registers = buffers + 2 * threadCount;
  const captured = registers + program.registerCount;
  const memory = captured + program.capturedCount;
  let offset = memory + program.words.length;
  const keys = program.words.map(({ line, persistent }, word) =>
    !persistent ? -1 : machine.cut === 'line' ? line : 100 + word,
  );
  const offsets = new Map<number, number>();
  const queuesOfLine: number[][] = [];
  for (const [word, key] of keys.entries()) {
    if (key < 0 || offsets.has(key)) continue;
    offsets.set(key, offset);
    (queuesOfLine[program.words[word]?.line ?? 0] ??= []).push(offset);
    offset += 1 + entriesThrough(program, 1 << (program.words[word]?.line ?? 0));
  }
  return {
    size: offset + (machine.domain === 'no-ADR' ? 1 + entriesThrough(program, -1) : 0),
    threadCount,
    counters: 0,
    buffers,
    registers,
    captured,
    memory,
    queues: [...offsets.values()],
    queueOfWord: keys.map((key) => offsets.get(key) ?? -1),
    queuesOfLine: Array.from(queuesOfLine, (queues) => queues ?? []),
    writePending: offset,
  };
}

/** The most entries that the operations on `lines` can put into one queue: a lazy non-temporal store puts two. */
function entriesThrough(program: CompiledProgram, lines: number): number {
  let entries = 0;
  for (const { action, lines: touched } of program.threads.flat()) {
    if (action.kind === 'HINT') entries += lines === -1 ? 1 : 0;
    else if ((touched & lines) === 0) continue;
    else if (action.kind === 'store') entries += action.nonTemporal ? 2 : 1;
    else if (action.kind === 'locked' || action.kind === 'FO') entries += 1;
  }
  return entries;
}

/** Appends `entry` to the queue. */
export function push(state: State, queue: number, entry: number): void {
  const length = (state[queue] ?? 0) + 1;
  state[queue] = length;
  state[queue + length] = entry;
}

/** Takes the entry at `position` (1 is the oldest) out of the queue and closes the gap. */
export function removeAt(state: State, queue: number, position: number): number {
  const length = state[queue] ?? 0;
  const entry = state[queue + position] ?? 0;
  state.copyWithin(queue + position, queue + position + 1, queue + length + 1);
  state[queue + length] = 0;
  state[queue] = length - 1;
  return entry;
}

/** Whether the queue holds `entry`. */
export function holds(state: State, queue: number, entry: number): boolean {
  const length = state[queue] ?? 0;
  for (let position = 1; position <= length; position++) if (state[queue + position] === entry) return true;
  return false;
}

/** Whether the queue holds a store (to any word). */
export function holdsStore(state: State, queue: number): boolean {
  const length = state[queue] ?? 0;
  for (let position = 1; position <= length; position++)
    if (isStore(state[queue + position] ?? 0)) return true;
  return false;
}

/** The value of the youngest store to `word` in the queue. */
export function youngestStore(state: State, queue: number, word: number): number | undefined {
  for (let position = state[queue] ?? 0; position >= 1; position--) {
    const entry = state[queue + position] ?? 0;
    if (isStore(entry) && wordOfEntry(entry) === word) return valueOfEntry(entry);
  }
  return undefined;
}

/** R5b, independent: older stores to the word that still wait carry the new value. */
export function carry(state: State, queue: number, word: number, value: number): void {
  const length = state[queue] ?? 0;
  for (let position = 1; position <= length; position++) {
    const entry = state[queue + position] ?? 0;
    if (isStore(entry) && wordOfEntry(entry) === word) state[queue + position] = storeEntry(word, value);
  }
}

/** The operations in a CPU's store buffer, as bits. */
export function bufferOf(state: State, layout: Layout, thread: number): number {
  const at = layout.buffers + 2 * thread;
  return (state[at] ?? 0) | ((state[at + 1] ?? 0) << 15);
}

export function setBuffer(state: State, layout: Layout, thread: number, mask: number): void {
  const at = layout.buffers + 2 * thread;
  state[at] = mask & 0x7fff;
  state[at + 1] = mask >>> 15;
}
