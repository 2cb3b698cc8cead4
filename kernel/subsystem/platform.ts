/**
 * The platform below the driver: what it answers to the commands of a bus, out of the truth about the media. What the
 * kernel knows of poison is a different thing, and only comes to it through these answers. `mock` answers as the
 * regression suite's test module does: every scrub finds 4 KiB in the middle of the range (nvdimm-and-firmware.md
 * 17.2).
 */
import type { Machine } from '#machine/hardware/machine.ts';
import { POISON_CELL_BYTES } from '#machine/hardware/memory.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { ArsStatus, NfitCommands } from '../drivers/acpi/nfit/acpi-desc.ts';
import { NO_ANSWER } from '../drivers/acpi/nfit/ars.ts';
import { EINVAL } from '../errno.ts';

/** How a platform behaves; what a workload may change while it runs. */
export interface PlatformState {
  /** Smallest range in which poison is cleared, bytes, wherever it is; without one, that of each device. */
  clearUnitBytes?: number;
  /** A CLEAR_ERROR clears no more than this; without one, all that was asked for. */
  clearLimitBytes?: number;
  /** CLEAR_ERROR fails. */
  clearFails: boolean;
  /** Cells whose poison was cleared read as zeros; else as what they held. */
  clearZeroes: boolean;
  /** ARS results have room for that many records. */
  maxRecords: number;
}

/** The platform at power-on: everything works. */
export function newPlatform(): PlatformState {
  return { clearFails: false, clearZeroes: false, maxRecords: 4096 };
}

/** Unit in which platforms clear poison when nothing else is said, bytes. */
const DEFAULT_CLEAR_UNIT_BYTES = 256;

/** What ARS_STATUS answers before the kernel has started a scrub. */
export interface FirmwareScrub {
  /** Nothing was scrubbed; or a scrub of `[start, start + length)` was interrupted half way. */
  readonly kind: 'none' | 'overflow';
  readonly start: number;
  readonly length: number;
}

const STATUS_BUSY = 1 << 16;
const STATUS_NONE = 2 << 16;
const STATUS_INTERRUPTED = 3 << 16;

/** What the mock's CLEAR_ERROR takes, bytes. */
const MOCK_CLEAR_UNIT_BYTES = 256;

/** Bytes that a mock platform finds in the middle of each range. */
const MOCK_POISON_BYTES = 4096;

interface Record {
  readonly start: number;
  readonly length: number;
}

/** Poisoned media in `[start, start + length)`, neighbours joined. */
function poisonIn(machine: Machine, start: number, length: number): Record[] {
  const records: { start: number; length: number }[] = [];
  for (const cell of machine.memory.poisonedCells()) {
    if (cell < start || cell >= start + length) continue;
    const last = records.at(-1);
    if (last !== undefined && last.start + last.length === cell) last.length += POISON_CELL_BYTES;
    else records.push({ start: cell, length: POISON_CELL_BYTES });
  }
  return records;
}

/** The answer to ARS_STATUS after a scrub of a range: all that was found, or as much as there is room for. */
function resultOf(found: readonly Record[], start: number, length: number, room: number): ArsStatus {
  const records = found.slice(0, room);
  const next = found[room];
  if (next === undefined) {
    return { status: 0, flags: 0, start, length, restartStart: 0, restartLength: 0, records };
  }
  return {
    status: STATUS_INTERRUPTED,
    flags: 1,
    start,
    length: next.start - start,
    restartStart: next.start,
    restartLength: start + length - next.start,
    records,
  };
}

/** The commands of a platform over `machine`. A scrub is busy once before it has a result. */
export function platformCommands(
  machine: () => Machine,
  state: PlatformState,
  options: {
    readonly mock?: boolean;
    readonly firmwareScrub?: FirmwareScrub;
    /** The clear unit of the device at an address, if it has one of its own. */
    readonly clearUnitAt?: (address: number) => number | undefined;
  } = {},
): NfitCommands {
  const find = (start: number, length: number): Record[] =>
    options.mock === true
      ? [{ start: start + Math.floor(length / 2), length: MOCK_POISON_BYTES }]
      : poisonIn(machine(), start, length);
  let polls = 0;
  let result = firmwareResult(options.firmwareScrub, find);
  return {
    arsCap: (start) => ({
      status: 3 << 16,
      clearErrUnit: state.clearUnitBytes ?? options.clearUnitAt?.(start) ?? DEFAULT_CLEAR_UNIT_BYTES,
    }),
    arsStart: (start, length) => {
      polls = 1;
      result = () => resultOf(find(start, length), start, length, state.maxRecords);
      return 0;
    },
    arsStatus: () => (polls-- > 0 ? { ...NOTHING, status: STATUS_BUSY } : result()),
    clearError: (start, length) => {
      const isAligned = start % MOCK_CLEAR_UNIT_BYTES === 0 && length % MOCK_CLEAR_UNIT_BYTES === 0;
      if (options.mock === true && !isAligned) return -EINVAL;
      if (state.clearFails) return { status: 1, cleared: 0 };
      const cleared = Math.min(length, state.clearLimitBytes ?? length);
      if (state.clearZeroes) zeroPoisoned(machine(), start, cleared);
      machine().memory.clearPoison(start, cleared);
      return { status: 0, cleared };
    },
  };
}

/** The platform writes to the media past all caches: as non-temporal stores that the next fence waits for. */
function zeroPoisoned({ cpu, memory }: Machine, start: number, length: number): void {
  for (const cell of memory.poisonedCells())
    if (cell >= start && cell < start + length)
      cpu.storeNonTemporalRange(cell, new Uint8Array(POISON_CELL_BYTES), WORD_SIZE_BYTES);
}

const NOTHING: ArsStatus = { ...NO_ANSWER, status: STATUS_NONE };

function firmwareResult(
  scrub: FirmwareScrub | undefined,
  find: (start: number, length: number) => Record[],
): () => ArsStatus {
  if (scrub === undefined || scrub.kind === 'none') return () => NOTHING;
  const half = Math.floor(scrub.length / 2);
  return () => ({
    status: STATUS_INTERRUPTED,
    flags: 1,
    start: scrub.start,
    length: half,
    restartStart: scrub.start + half,
    restartLength: scrub.length - half,
    records: find(scrub.start, half),
  });
}
