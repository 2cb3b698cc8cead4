/**
 * Writes the record of a run as a pmemcheck log that pmreorder can replay, by the mapping of persistency.md 2.1: an
 * ordinary store is STORE per aligned 8-byte piece, a non-temporal one STORE and a FLUSH of exactly that piece, a
 * write-back FLUSH of its line, clflush FLUSH and FENCE, a fence FENCE, a locked operation FENCE and STORE. Operation
 * n stands between the markers OPn.BEGIN and OPn.END. DEEP_SYNC is never written: pmreorder dies of it.
 */
import type { MemoryRange } from '#machine/hardware/memory.ts';
import { EntryKind, type InstructionRecord } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import { InputError } from '#base/input-error.ts';
import { hexOf as hex } from '../import/pmemcheck-files.ts';

/** What stands for the persistent ranges of the machine: file paths by range name, else the name itself. */
export interface ExportOptions {
  readonly ranges: readonly MemoryRange[];
  readonly pathOf?: (range: MemoryRange) => string;
}

/** The whole log of `record`, from START to STOP. Throws `InputError` for a path that the format cannot hold. */
export function exportLog(record: InstructionRecord, options: ExportOptions): string {
  const persistent = options.ranges.filter(({ kind }) => kind === 'persistent');
  const writer = new LogWriter(record, persistent);
  for (const range of persistent) writer.register(range, options.pathOf?.(range) ?? range.name);
  return writer.text();
}

class LogWriter {
  readonly #record: InstructionRecord;
  readonly #ranges: readonly MemoryRange[];
  readonly #parts = ['START'];

  constructor(record: InstructionRecord, ranges: readonly MemoryRange[]) {
    this.#record = record;
    this.#ranges = ranges;
  }

  register(range: MemoryRange, path: string): void {
    if (/[|;\n]|START|STOP/.test(path))
      throw new InputError(
        `${path}: a pmemcheck log cannot hold a path with '|', ';', a line end, START or STOP`,
      );
    this.#parts.push(`REGISTER_FILE;${path};${hex(range.start)};${hex(range.sizeBytes)};0x0`);
  }

  text(): string {
    const { kinds, counts, length } = this.#record;
    let beginPosition = this.#parts.length;
    for (let entry = 0; entry < length; entry++) {
      if (kinds[entry] === EntryKind.acknowledgement) {
        const name = `OP${counts[entry]}`;
        this.#parts.splice(beginPosition, 0, `${name}.BEGIN`);
        this.#parts.push(`${name}.END`);
        beginPosition = this.#parts.length;
      } else {
        this.#entry(entry);
      }
    }
    return `${[...this.#parts, 'STOP'].join('|')}\n`;
  }

  #entry(entry: number): void {
    switch (this.#record.kinds[entry]) {
      case EntryKind.storeCached:
      case EntryKind.storeString:
        return this.#stores(entry, false);
      case EntryKind.storeNonTemporal:
        return this.#stores(entry, true);
      case EntryKind.lockedStore:
        this.#parts.push('FENCE');
        return this.#stores(entry, false);
      case EntryKind.clwb:
      case EntryKind.clflushopt:
      case EntryKind.clflush:
        return this.#writeBacks(entry);
      case EntryKind.sfence:
      case EntryKind.mfence:
      case EntryKind.lockedNoStore:
        this.#parts.push('FENCE');
        return;
      default:
        // A flush hint means nothing to pmreorder.
        return;
    }
  }

  #stores(entry: number, nonTemporal: boolean): void {
    const { addresses, unitSizes, counts, dataPositions, data } = this.#record;
    const start = addresses[entry] ?? 0;
    const unit = unitSizes[entry] ?? 0;
    for (let index = 0; index < (counts[entry] ?? 0); index++) {
      const bytesAt = (dataPositions[entry] ?? 0) + index * unit;
      this.#pieces(start + index * unit, data.subarray(bytesAt, bytesAt + unit), nonTemporal);
    }
  }

  /** One instruction: a piece for each aligned 8-byte word it touches. */
  #pieces(address: number, bytes: Uint8Array, nonTemporal: boolean): void {
    if (!this.#isPersistent(address)) return;
    let done = 0;
    while (done < bytes.length) {
      const at = address + done;
      const size = Math.min(roundDown(at, WORD_SIZE_BYTES) + WORD_SIZE_BYTES - at, bytes.length - done);
      this.#parts.push(
        `STORE;${hex(at)};${hex(littleEndian(bytes.subarray(done, done + size)))};${hex(size)}`,
      );
      if (nonTemporal) this.#parts.push(`FLUSH;${hex(at)};${hex(size)}`);
      done += size;
    }
  }

  #writeBacks(entry: number): void {
    const { addresses, counts, kinds } = this.#record;
    for (let index = 0; index < (counts[entry] ?? 0); index++) {
      const line = (addresses[entry] ?? 0) + index * LINE_SIZE_BYTES;
      if (!this.#isPersistent(line)) continue;
      this.#parts.push(`FLUSH;${hex(line)};${hex(LINE_SIZE_BYTES)}`);
      if (kinds[entry] === EntryKind.clflush) this.#parts.push('FENCE');
    }
  }

  #isPersistent(address: number): boolean {
    return this.#ranges.some(({ start, sizeBytes }) => address >= start && address < start + sizeBytes);
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index] ?? 0);
  return value;
}
