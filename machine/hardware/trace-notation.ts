/**
 * The one-line notation of instruction traces, as in the logs of a real kernel: `n0:8*512 c4096:1*3 W4096 S A0`. A
 * letter (see `EntryKind`), an address, `:bytes` for what has a size, `*count` for a run of equal instructions at
 * consecutive addresses. Formatting merges such runs whoever issued them; string stores are never merged. Parsing
 * exists for tests and replays, so it also makes up bytes to store, different in every store.
 */
import type { Cpu } from './cpu.ts';
import { InputError } from '#base/input-error.ts';
import { LINE_SIZE_BYTES } from './units.ts';
import { EntryKind, type EntryKindValue, type InstructionRecord } from './record.ts';

const LETTERS: Readonly<Record<EntryKindValue, string>> = {
  [EntryKind.storeCached]: 'c',
  [EntryKind.storeString]: 'c',
  [EntryKind.storeNonTemporal]: 'n',
  [EntryKind.clwb]: 'W',
  [EntryKind.clflushopt]: 'O',
  [EntryKind.clflush]: 'X',
  [EntryKind.sfence]: 'S',
  [EntryKind.mfence]: 'M',
  [EntryKind.lockedStore]: 'L',
  [EntryKind.lockedNoStore]: 'F',
  [EntryKind.flushHint]: 'H',
  [EntryKind.acknowledgement]: 'A',
};

/** Kinds whose equal neighbours are written as one run. */
const MERGED: ReadonlySet<number> = new Set([
  EntryKind.storeCached,
  EntryKind.storeNonTemporal,
  EntryKind.clwb,
  EntryKind.clflushopt,
  EntryKind.clflush,
]);

interface Run {
  kind: EntryKindValue;
  address: number;
  unitSize: number;
  count: number;
}

/** The entries `[from, to)` of `record` with addresses relative to `base`. */
export function formatEntries(record: InstructionRecord, from = 0, to = record.length, base = 0): string[] {
  const texts: string[] = [];
  let run: Run | undefined;
  for (let entry = from; entry < to; entry++) {
    const next = runOf(record, entry);
    if (run !== undefined && continues(run, next)) {
      run.count += next.count;
      continue;
    }
    if (run !== undefined) texts.push(formatRun(run, base));
    run = next;
  }
  if (run !== undefined) texts.push(formatRun(run, base));
  return texts;
}

/** One instruction, or a run of equal ones, of the kind that `EntryKind` numbers. */
export function formatUnit(
  unit: {
    readonly kind: number;
    readonly address: number;
    readonly sizeBytes: number;
    readonly count: number;
  },
  base: number,
): string {
  const { kind, address, sizeBytes: unitSize, count } = unit;
  return formatRun({ kind: kindOf(kind), address, unitSize, count }, base);
}

function kindOf(number: number | undefined): EntryKindValue {
  const kind = Object.values(EntryKind).find((candidate) => candidate === number);
  if (kind === undefined) throw new RangeError(`a record has no entries of kind ${number}`);
  return kind;
}

function runOf(record: InstructionRecord, entry: number): Run {
  return {
    kind: kindOf(record.kinds[entry]),
    address: record.addresses[entry] ?? 0,
    unitSize: record.unitSizes[entry] ?? 0,
    count: record.counts[entry] ?? 0,
  };
}

function continues(run: Run, next: Run): boolean {
  return (
    MERGED.has(run.kind) &&
    run.kind === next.kind &&
    run.unitSize === next.unitSize &&
    run.address + run.unitSize * run.count === next.address
  );
}

function formatRun(run: Run, base: number): string {
  const letter = LETTERS[run.kind];
  if (run.kind === EntryKind.acknowledgement) return `${letter}${run.count}`;
  if (run.kind === EntryKind.sfence || run.kind === EntryKind.mfence) return letter;
  const isLine = letter === 'W' || letter === 'O' || letter === 'X';
  const size = isLine || letter === 'H' ? '' : `:${run.unitSize}`;
  return `${letter}${run.address - base}${size}${run.count > 1 ? `*${run.count}` : ''}`;
}

/** One parsed word of a trace. */
interface Step {
  readonly text: string;
  readonly letter: string;
  readonly address: number;
  readonly sizeBytes: number;
  readonly count: number;
  /** Bytes given after `=`, repeated as needed. */
  readonly value: Uint8Array | undefined;
}

const STEP = /^([a-zA-Z])(\d*)(?::(\d+))?(?:\*(\d+))?(?:=((?:[0-9a-f]{2})+))?$/;

/** Bytes that one event may store or write back: 64 MiB. */
export const EVENT_BYTES_MAX = 2 ** 26;

/** Throws `InputError` for a word that is no event, or one that touches more than `EVENT_BYTES_MAX`. */
function parseStep(text: string): Step {
  const match = STEP.exec(text);
  const letter = match?.[1];
  if (match === null || letter === undefined || !'cnsWOXSMLFHA'.includes(letter)) {
    throw new InputError(
      `"${text}" is no trace event: expected one of c n s W O X S M L F H A, then address, :bytes, *count, =hex (two digits a byte), ` +
        `for example n64:8*2 or W64`,
    );
  }
  const [address, sizeBytes, count] = [Number(match[2] ?? 0), Number(match[3] ?? 8), Number(match[4] ?? 1)];
  if (sizeBytes === 0 || count === 0)
    throw new InputError(`"${text}" does nothing: sizes and counts are at least 1`);
  const unitBytes = 'WOX'.includes(letter) ? LINE_SIZE_BYTES : sizeBytes;
  if (!Number.isSafeInteger(address) || unitBytes * count > EVENT_BYTES_MAX)
    throw new InputError(
      `"${text}" is too large: an event touches at most ${EVENT_BYTES_MAX} bytes, at an address below 2^53`,
    );
  return {
    text,
    letter,
    address,
    sizeBytes,
    count,
    value: match[5] === undefined ? undefined : Uint8Array.from(Buffer.from(match[5], 'hex')),
  };
}

/**
 * Runs `trace` (words separated by blanks) on `cpu`, addresses relative to `base`. Store number k writes bytes
 * derived from k unless `=hex` gives them; `s` is a string store of any size, `c` one where no plain store fits.
 */
export function runTrace(cpu: Cpu, trace: string, base = 0): void {
  let stores = 0;
  for (const text of trace.split(/\s+/).filter((word) => word !== '')) {
    const step = parseStep(text);
    const bytes = (): Uint8Array => bytesOf(step, ++stores);
    runStep(cpu, step, base + step.address, bytes);
  }
}

function runStep(cpu: Cpu, step: Step, address: number, bytes: () => Uint8Array): void {
  switch (step.letter) {
    case 'c':
      if ([1, 2, 4, 8].includes(step.sizeBytes)) cpu.storeRange(address, bytes(), step.sizeBytes);
      else cpu.storeString(address, bytes());
      return;
    case 's':
      return cpu.storeString(address, bytes());
    case 'n':
      return cpu.storeNonTemporalRange(address, bytes(), step.sizeBytes);
    case 'W':
      return cpu.writeBackRange('clwb', address, step.count);
    case 'O':
      return cpu.writeBackRange('clflushopt', address, step.count);
    case 'X':
      return cpu.writeBackRange('clflush', address, step.count);
    case 'S':
      return cpu.sfence();
    case 'M':
      return cpu.mfence();
    case 'L':
      return void cpu.lockedReadModifyWrite(address, step.sizeBytes, () => bytes());
    case 'F':
      return void cpu.lockedReadModifyWrite(address, step.sizeBytes, () => undefined);
    case 'H':
      return cpu.storeFlushHint(address);
    default:
      return cpu.record.acknowledge(step.address);
  }
}

/** Bytes that no other store of the trace writes, for up to 255 stores of one byte. */
function bytesOf(step: Step, storeNumber: number): Uint8Array {
  const bytes = new Uint8Array(step.sizeBytes * step.count);
  for (let index = 0; index < bytes.length; index++) {
    const unit = Math.floor(index / step.sizeBytes);
    bytes[index] =
      step.value?.[index % step.value.length] ?? ((storeNumber * 7 + unit * 3 + index) % 255) + 1;
  }
  return bytes;
}
