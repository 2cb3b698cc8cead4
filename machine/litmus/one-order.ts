/**
 * One execution of a litmus program on the machine of the records: its CPUs one after another, every load from memory as it is
 * then. The record that comes of it can be shown instruction by instruction; what any order may leave is the explorer's to say.
 */
import { persistencySetting, type PersistencySetting } from '../images/crash-images.ts';
import { type Machine, powerOn } from '../hardware/machine.ts';
import type { MediaImage } from '../hardware/memory.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';
import type { LitmusMachine } from './machine-switches.ts';
import type { LitmusProgram, LitmusWord, Modification, Operand, Statement } from './program.ts';

/** Words that do not persist lie from here on. */
const VOLATILE_START = 1 << 20;
const HINT_ADDRESS = 1 << 21;

/** A program that has run. */
export interface OneOrder {
  readonly machine: Machine;
  /** The CPU of each entry of its record. */
  readonly threads: Uint8Array;
  /** The name of the word at an address, where the program has one there. */
  readonly nameAt: (address: number) => string | undefined;
}

/** The setting under which records are read like this machine does it; a reason where there is none. */
export function settingOf(machine: LitmusMachine): PersistencySetting | string {
  if (machine.nonTemporal === 'lazy') return 'records know no lazy non-temporal stores';
  if (machine.cut === 'location') return 'records know no lines whose words persist on their own';
  if (machine.domain === 'no-ADR' && machine.writePendingQueue === 'per-line')
    return 'records know one write-pending queue';
  return persistencySetting(({ ADR: 'adr', eADR: 'eadr', 'no-ADR': 'none' } as const)[machine.domain], {
    nonTemporalInDirtyLine: machine.nonTemporal,
    flushCoversNonTemporal: machine.flushCoversNonTemporal,
    clflushOrdering: machine.clflush === 'AMD' ? 'amd' : 'intel',
  });
}

/** Runs a program in one order; a reason where the machine of the records cannot. */
export function runInOneOrder(
  program: LitmusProgram,
  domain: PersistencySetting['domain'],
): OneOrder | string {
  if (program.words.some(({ poisonUnit }) => poisonUnit !== undefined)) return 'records know no poison';
  const places = placesOf(program.words);
  const machine = powerOn({
    domain,
    features: { clwb: true, clflushopt: true },
    ranges: [
      { name: 'persistent', start: 0, sizeBytes: VOLATILE_START, kind: 'persistent', modules: ['module'] },
      { name: 'volatile', start: VOLATILE_START, sizeBytes: VOLATILE_START, kind: 'volatile', modules: [] },
    ],
    flushHints: [{ address: HINT_ADDRESS, modules: ['module'] }],
    initialMedia: initialMedia(program.words, places),
  });
  for (const { name, persistent, initial } of program.words)
    if (!persistent) machine.memory.write(places.get(name) ?? 0, bytesOf(initial));
  const threads: number[] = [];
  const seen: Seen = { nonTemporal: new Map(), isBetweenCpus: false };
  for (const [thread, statements] of program.threads.entries()) {
    new Runner(machine, places, thread, seen).run(statements);
    while (threads.length < machine.record.length) threads.push(thread);
  }
  if (seen.isBetweenCpus)
    return 'a CPU reads what another stored past the cache, and records do not tell who has seen what';
  const names = new Map([...places].map(([name, address]) => [address, name]));
  return { machine, threads: Uint8Array.from(threads), nameAt: (address) => names.get(address) };
}

/** The address of each word: words of one line lie in one, in the order of the program. */
function placesOf(words: readonly LitmusWord[]): Map<string, number> {
  const used = new Map<number, number>();
  return new Map(
    words.map(({ name, line, persistent }) => {
      const index = used.get(line) ?? 0;
      used.set(line, index + 1);
      const start = (persistent ? 0 : VOLATILE_START) + line * LINE_SIZE_BYTES;
      return [name, start + index * WORD_SIZE_BYTES];
    }),
  );
}

function initialMedia(words: readonly LitmusWord[], places: ReadonlyMap<string, number>): MediaImage {
  const media = new Map<number, Uint8Array>();
  for (const { name, persistent, initial } of words) {
    const address = places.get(name) ?? 0;
    if (!persistent || initial === 0) continue;
    const index = Math.floor(address / PAGE_SIZE_BYTES);
    const page = media.get(index) ?? new Uint8Array(PAGE_SIZE_BYTES);
    page.set(bytesOf(initial), address % PAGE_SIZE_BYTES);
    media.set(index, page);
  }
  return media;
}

function bytesOf(value: number): Uint8Array {
  const bytes = new Uint8Array(WORD_SIZE_BYTES);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes;
}

const numberOf = (bytes: Uint8Array): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigInt64(0, true));

/** Words whose newest store is non-temporal, with its CPU; and whether another CPU has read one. */
interface Seen {
  readonly nonTemporal: Map<string, number>;
  isBetweenCpus: boolean;
}

/** One CPU. */
class Runner {
  readonly #machine: Machine;
  readonly #places: ReadonlyMap<string, number>;
  readonly #thread: number;
  readonly #seen: Seen;
  readonly #registers = new Map<string, number>();

  constructor(machine: Machine, places: ReadonlyMap<string, number>, thread: number, seen: Seen) {
    this.#machine = machine;
    this.#places = places;
    this.#thread = thread;
    this.#seen = seen;
  }

  run(statements: readonly Statement[]): void {
    for (const statement of statements) this.#step(statement);
  }

  #step(statement: Statement): void {
    const { cpu } = this.#machine;
    switch (statement.kind) {
      case 'store': {
        const [address, bytes] = [this.#at(statement.word), bytesOf(this.#value(statement.value))];
        if (statement.nonTemporal) this.#seen.nonTemporal.set(statement.word, this.#thread);
        else this.#seen.nonTemporal.delete(statement.word);
        return statement.nonTemporal ? cpu.storeNonTemporal(address, bytes) : cpu.store(address, bytes);
      }
      case 'load':
        this.#see(statement.word);
        this.#registers.set(
          statement.register,
          numberOf(cpu.load(this.#at(statement.word), WORD_SIZE_BYTES)),
        );
        return;
      case 'locked':
        return this.#locked(statement.word, statement.register, statement.modification);
      case 'flush':
        if (statement.instruction === 'CLEAR') return;
        return cpu.writeBack(
          statement.instruction === 'FL' ? 'clflush' : 'clflushopt',
          this.#at(statement.word),
        );
      case 'fence':
        return statement.instruction === 'SF' ? cpu.sfence() : cpu.mfence();
      case 'hint':
        return cpu.storeFlushHint(HINT_ADDRESS);
      case 'if':
        return this.run(this.#holds(statement) ? statement.ifTrue : statement.ifFalse);
    }
  }

  #see(word: string): void {
    const thread = this.#seen.nonTemporal.get(word);
    if (thread !== undefined && thread !== this.#thread) this.#seen.isBetweenCpus = true;
  }

  #locked(word: string, register: string | undefined, modification: Modification): void {
    this.#see(word);
    const old = this.#machine.cpu.lockedReadModifyWrite(this.#at(word), WORD_SIZE_BYTES, (bytes) => {
      const value = modified(modification, numberOf(bytes));
      return value === undefined ? undefined : bytesOf(value);
    });
    if (register !== undefined) this.#registers.set(register, numberOf(old));
  }

  #holds({ condition }: Extract<Statement, { kind: 'if' }>): boolean {
    return condition.alternatives.some((tests) =>
      tests.every(({ register, equal, value }) => ((this.#registers.get(register) ?? 0) === value) === equal),
    );
  }

  #value(operand: Operand): number {
    return operand.kind === 'number' ? operand.value : (this.#registers.get(operand.name) ?? 0);
  }

  #at(word: string): number {
    return this.#places.get(word) ?? 0;
  }
}

function modified(modification: Modification, old: number): number | undefined {
  if (modification.kind === 'add') return old + modification.amount;
  if (modification.kind === 'exchange') return modification.value;
  return old === modification.expected ? modification.value : undefined;
}
