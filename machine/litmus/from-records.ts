/**
 * Makes a litmus program of what several CPUs recorded, one record each, so that `boxes.ts` can say what a power failure
 * may leave while they run at the same time: a user thread storing through a mapping while another CPU runs fsync. Words
 * are named by their address (`w1000`), values number the stores from 1, an acknowledgement is a store to the volatile
 * word `ack` and the number of the CPU. Flushes of lines that no CPU stores to are left out: they cannot be noticed.
 */
import { LIMITS } from './program-parser.ts';
import type { LitmusProgram, LitmusWord, Statement } from './program.ts';
import { EntryKind, type InstructionRecord } from '../hardware/record.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES, roundDown } from '../hardware/units.ts';

/** One aligned piece of a store. */
export interface StoredPiece {
  /** The value that stands for it in the program. */
  readonly value: number;
  readonly cpu: number;
  readonly entry: number;
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface RecordedProgram {
  readonly program: LitmusProgram;
  /** Piece n stands at position n - 1. */
  readonly pieces: readonly StoredPiece[];
}

/** Whether an address survives a power failure; all do unless told otherwise. */
export type IsPersistent = (address: number) => boolean;

/** The name of the word that holds `address`. */
export function wordAt(address: number): string {
  return `w${roundDown(address, WORD_SIZE_BYTES).toString(16)}`;
}

/**
 * The program of `records`. Parts of a word that do not overlap are words of their own in the same line. Throws
 * `RangeError` for more CPUs, instructions or words than a litmus program may have, and for words that are stored to in
 * parts that overlap and are not the same: their contents would not be one store's.
 */
export function programFromRecords(
  records: readonly InstructionRecord[],
  isPersistent: IsPersistent = () => true,
): RecordedProgram {
  if (records.length < 1 || records.length > LIMITS.threads)
    throw new RangeError(
      `records of 1 to ${LIMITS.threads} CPUs make a litmus program, got ${records.length}`,
    );
  const builder = new ProgramBuilder(isPersistent);
  for (const record of records) builder.collectLines(record);
  const threads = records.map((record, cpu) => builder.statements(record, cpu));
  const longest = threads.findIndex((statements) => statements.length > LIMITS.instructionsPerThread);
  const tooLong = threads[longest];
  if (tooLong !== undefined)
    throw new RangeError(
      `CPU ${longest} has ${tooLong.length} instructions that matter, a litmus program at most ${LIMITS.instructionsPerThread}: record a shorter part`,
    );
  return { program: { threads, words: builder.words() }, pieces: builder.pieces };
}

/** A part of an aligned word, and the litmus word that stands for it: `w1000`, or `w1000+4` when it is not the first. */
interface WordPart {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

class ProgramBuilder {
  readonly pieces: StoredPiece[] = [];
  readonly #isPersistent: IsPersistent;
  readonly #lines = new Set<number>();
  /** Parts of each word that stores write. */
  readonly #parts = new Map<string, WordPart[]>();
  readonly #words = new Map<string, LitmusWord>();
  readonly #lineNumbers = new Map<number, number>();

  constructor(isPersistent: IsPersistent) {
    this.#isPersistent = isPersistent;
  }

  /** Notes the lines that `record` stores to. */
  collectLines(record: InstructionRecord): void {
    for (let entry = 0; entry < record.length; entry++) {
      if (!isStoreKind(record.kinds[entry])) continue;
      const start = record.addresses[entry] ?? 0;
      const end = start + (record.unitSizes[entry] ?? 0) * (record.counts[entry] ?? 0);
      for (let line = roundDown(start, LINE_SIZE_BYTES); line < end; line += LINE_SIZE_BYTES)
        this.#lines.add(line);
    }
  }

  statements(record: InstructionRecord, cpu: number): Statement[] {
    return Array.from({ length: record.length }, (_, entry) => this.#entry(record, entry, cpu)).flat();
  }

  words(): LitmusWord[] {
    if (this.#words.size > LIMITS.words)
      throw new RangeError(
        `${this.#words.size} words, a litmus program has at most ${LIMITS.words}: record a shorter part`,
      );
    return [...this.#words.values()];
  }

  #entry(record: InstructionRecord, entry: number, cpu: number): Statement[] {
    const kind = record.kinds[entry];
    if (isStoreKind(kind)) return this.#stores(record, entry, cpu);
    switch (kind) {
      case EntryKind.clwb:
      case EntryKind.clflushopt:
        return this.#flushes(record, entry, 'FO');
      case EntryKind.clflush:
        return this.#flushes(record, entry, 'FL');
      case EntryKind.sfence:
        return [{ kind: 'fence', instruction: 'SF' }];
      case EntryKind.mfence:
      case EntryKind.lockedNoStore:
        return [{ kind: 'fence', instruction: 'MF' }];
      case EntryKind.acknowledgement:
        return [this.#acknowledgement(cpu, record.counts[entry] ?? 0)];
      default:
        return [{ kind: 'hint' }];
    }
  }

  #stores(record: InstructionRecord, entry: number, cpu: number): Statement[] {
    const start = record.addresses[entry] ?? 0;
    const unit = record.unitSizes[entry] ?? 0;
    const dataStart = record.dataPositions[entry] ?? 0;
    const statements: Statement[] = [];
    for (let index = 0; index < (record.counts[entry] ?? 0); index++) {
      let done = 0;
      while (done < unit) {
        const address = start + index * unit + done;
        const size = Math.min(roundDown(address, WORD_SIZE_BYTES) + WORD_SIZE_BYTES - address, unit - done);
        const at = dataStart + index * unit + done;
        const value = this.pieces.length + 1;
        this.pieces.push({ value, cpu, entry, address, bytes: record.data.slice(at, at + size) });
        statements.push(this.#store(record.kinds[entry], this.#word(address, size), value));
        done += size;
      }
    }
    return statements;
  }

  #store(kind: number | undefined, word: string, value: number): Statement {
    if (kind === EntryKind.lockedStore)
      return { kind: 'locked', register: undefined, word, modification: { kind: 'exchange', value } };
    const nonTemporal = kind === EntryKind.storeNonTemporal;
    return { kind: 'store', word, value: { kind: 'number', value }, nonTemporal };
  }

  #word(address: number, sizeBytes: number): string {
    const word = wordAt(address);
    const offset = address % WORD_SIZE_BYTES;
    const parts = this.#parts.get(word) ?? [];
    const known = parts.find((part) => part.offset === offset && part.sizeBytes === sizeBytes);
    if (known !== undefined) return known.name;
    const other = parts.find(
      (part) => offset < part.offset + part.sizeBytes && part.offset < offset + sizeBytes,
    );
    if (other !== undefined)
      throw new RangeError(
        `the word at 0x${word.slice(1)} is stored to in different parts (${other.offset}:${other.sizeBytes} and ${offset}:${sizeBytes})`,
      );
    const name = parts.length === 0 ? word : `${word}+${offset}`;
    this.#parts.set(word, [...parts, { name, offset, sizeBytes }]);
    const line = this.#lineNumber(roundDown(address, LINE_SIZE_BYTES));
    const persistent = this.#isPersistent(address);
    this.#words.set(name, { name, line, persistent, initial: 0, poisonUnit: undefined });
    return name;
  }

  #lineNumber(line: number): number {
    const known = this.#lineNumbers.get(line);
    if (known !== undefined) return known;
    this.#lineNumbers.set(line, this.#lineNumbers.size);
    return this.#lineNumbers.size - 1;
  }

  /** A flush names any word of its line; one that is stored to later gets its place in the list here. */
  #flushes(record: InstructionRecord, entry: number, instruction: 'FL' | 'FO'): Statement[] {
    const statements: Statement[] = [];
    for (let index = 0; index < (record.counts[entry] ?? 0); index++) {
      const line = (record.addresses[entry] ?? 0) + index * LINE_SIZE_BYTES;
      if (!this.#lines.has(line)) continue;
      statements.push({ kind: 'flush', instruction, word: this.#anyWordOf(line) });
    }
    return statements;
  }

  #anyWordOf(line: number): string {
    const number = this.#lineNumber(line);
    const name = `line${line.toString(16)}`;
    for (const word of this.#words.values()) if (word.line === number) return word.name;
    // Not stored to yet: a word of its own that nobody writes stands for the line.
    this.#words.set(name, {
      name,
      line: number,
      persistent: this.#isPersistent(line),
      initial: 0,
      poisonUnit: undefined,
    });
    return name;
  }

  #acknowledgement(cpu: number, operation: number): Statement {
    const word = `ack${cpu}`;
    const line = this.#lineNumber(-1 - cpu);
    this.#words.set(word, { name: word, line, persistent: false, initial: 0, poisonUnit: undefined });
    return { kind: 'store', word, value: { kind: 'number', value: operation + 1 }, nonTemporal: false };
  }
}

function isStoreKind(kind: number | undefined): boolean {
  return (
    kind === EntryKind.storeCached ||
    kind === EntryKind.storeString ||
    kind === EntryKind.storeNonTemporal ||
    kind === EntryKind.lockedStore
  );
}
