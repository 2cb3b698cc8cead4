/**
 * One CPU: exactly the instructions of persistency.md 1.4. Each makes its effect visible at once (a CPU sees its
 * own stores) and appends itself to the record. The range forms exist for speed and mean the loop of the single
 * ones; `test/machine/cpu.test.ts` holds them to it.
 */
import { EntryKind, type InstructionRecord } from './record.ts';
import { MemoryFault, type PhysicalMemory } from './memory.ts';
import { LINE_SIZE_BYTES, roundDown } from './units.ts';

/** Which cache write-back instructions a processor has; clflush is always there. */
export interface CpuFeatures {
  readonly clwb: boolean;
  readonly clflushopt: boolean;
}

/** A write-back instruction. */
export type WriteBack = 'clwb' | 'clflushopt' | 'clflush';

export class Cpu {
  readonly memory: PhysicalMemory;
  readonly record: InstructionRecord;
  readonly features: CpuFeatures;
  /**
   * Hears of every point at which another task could get in, before what it names happens. The machine names instructions, a run
   * of equal ones once;
   * the kernel above it what other tasks can see, under the names of its functions.
   */
  onPoint?: (name: string) => void;

  constructor(memory: PhysicalMemory, record: InstructionRecord, features: CpuFeatures) {
    this.memory = memory;
    this.record = record;
    this.features = features;
  }

  /** Loads `sizeBytes` bytes. Throws `MemoryFault` ('poison') when the media under them is poisoned. */
  load(address: number, sizeBytes: number): Uint8Array {
    this.record.loads++;
    this.memory.rangeOf(address, sizeBytes);
    const poisoned = this.memory.firstPoisonedCell(address, sizeBytes);
    if (poisoned !== undefined) throw new MemoryFault(poisoned, 'poison');
    return this.memory.read(address, sizeBytes);
  }

  /** mov: one ordinary store of 1, 2, 4 or 8 bytes. */
  store(address: number, bytes: Uint8Array): void {
    this.storeRange(address, bytes, bytes.length);
  }

  /** Ordinary stores of `unitSizeBytes` each, ascending, that together write `bytes`. */
  storeRange(address: number, bytes: Uint8Array, unitSizeBytes: 1 | 2 | 4 | 8 | number): void {
    assertUnit(unitSizeBytes, [1, 2, 4, 8], bytes.length);
    if (bytes.length === 0) return;
    this.onPoint?.('mov');
    this.#makeVisible(address, bytes);
    this.record.appendStore(
      EntryKind.storeCached,
      address,
      unitSizeBytes,
      bytes.length / unitSizeBytes,
      bytes,
    );
  }

  /** rep movs / rep stos: one string instruction that writes `bytes`, ascending. */
  storeString(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.onPoint?.('rep movs');
    this.#makeVisible(address, bytes);
    this.record.appendStore(EntryKind.storeString, address, bytes.length, 1, bytes);
  }

  /** movnti: one non-temporal store of 4 or 8 bytes. */
  storeNonTemporal(address: number, bytes: Uint8Array): void {
    this.storeNonTemporalRange(address, bytes, bytes.length);
  }

  /** Non-temporal stores of `unitSizeBytes` each, ascending, that together write `bytes`. */
  storeNonTemporalRange(address: number, bytes: Uint8Array, unitSizeBytes: 4 | 8 | number): void {
    assertUnit(unitSizeBytes, [4, 8], bytes.length);
    if (bytes.length === 0) return;
    this.onPoint?.('movnti');
    this.#makeVisible(address, bytes);
    this.record.appendStore(
      EntryKind.storeNonTemporal,
      address,
      unitSizeBytes,
      bytes.length / unitSizeBytes,
      bytes,
    );
  }

  /** clwb, clflushopt or clflush of the line that holds `address`. Throws `RangeError` when the CPU lacks it. */
  writeBack(instruction: WriteBack, address: number): void {
    this.writeBackRange(instruction, address, 1);
  }

  /** The same instruction for `lineCount` consecutive lines from the one that holds `address`. */
  writeBackRange(instruction: WriteBack, address: number, lineCount: number): void {
    if (instruction !== 'clflush' && !this.features[instruction]) {
      throw new RangeError(
        `this CPU has no ${instruction}: choose one of ${availableWriteBacks(this.features).join(', ')}`,
      );
    }
    if (lineCount === 0) return;
    this.onPoint?.(instruction);
    const line = roundDown(address, LINE_SIZE_BYTES);
    this.memory.rangeOf(line, lineCount * LINE_SIZE_BYTES);
    if (instruction !== 'clwb') this.memory.dropStaleLines(line, lineCount * LINE_SIZE_BYTES);
    this.record.append(EntryKind[instruction], line, LINE_SIZE_BYTES, lineCount);
  }

  sfence(): void {
    this.onPoint?.('sfence');
    this.record.append(EntryKind.sfence, 0, 0, 1);
  }

  mfence(): void {
    this.onPoint?.('mfence');
    this.record.append(EntryKind.mfence, 0, 0, 1);
  }

  /**
   * A LOCKed read-modify-write of an aligned word of 1, 2, 4 or 8 bytes: `modify` gets the old bytes and returns the
   * new ones, or `undefined` for a compare-exchange that fails (which still fences). Returns the old bytes.
   */
  lockedReadModifyWrite(
    address: number,
    sizeBytes: number,
    modify: (old: Uint8Array) => Uint8Array | undefined,
  ): Uint8Array {
    if (address % sizeBytes !== 0)
      throw new RangeError(`a locked operation needs an aligned address, got ${address}`);
    this.onPoint?.('lock');
    const old = this.load(address, sizeBytes);
    const next = modify(old);
    if (next === undefined) {
      this.record.append(EntryKind.lockedNoStore, address, sizeBytes, 1);
    } else {
      this.#makeVisible(address, next);
      this.record.appendStore(EntryKind.lockedStore, address, sizeBytes, 1, next);
    }
    return old;
  }

  /**
   * An uncached 8-byte store to a flush hint address (ACPI NFIT type 6): asks the platform to drain the
   * write-pending queues behind it (`MachineConfiguration.flushHints`); they are drained at the next fence.
   */
  storeFlushHint(address: number): void {
    this.onPoint?.('flush hint');
    this.record.append(EntryKind.flushHint, address, 8, 1);
  }

  #makeVisible(address: number, bytes: Uint8Array): void {
    this.memory.rangeOf(address, bytes.length);
    this.memory.write(address, bytes);
  }
}

/** The write-back instructions a CPU with `features` has, best first. */
export function availableWriteBacks(features: CpuFeatures): WriteBack[] {
  return (['clwb', 'clflushopt', 'clflush'] as const).filter((name) => name === 'clflush' || features[name]);
}

function assertUnit(unitSizeBytes: number, allowed: readonly number[], sizeBytes: number): void {
  if (!allowed.includes(unitSizeBytes) || sizeBytes % unitSizeBytes !== 0) {
    throw new RangeError(
      `${sizeBytes} bytes in stores of ${unitSizeBytes}: allowed are ${allowed.join(', ')} and multiples of them`,
    );
  }
}
