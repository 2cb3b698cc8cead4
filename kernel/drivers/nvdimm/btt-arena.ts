/**
 * An arena at work: its map and its log on media, and what the driver keeps of them in memory (drivers/nvdimm/btt.c;
 * nvdimm-and-firmware.md 9.1). The log makes a write atomic: its entry is written before the map, the half with the
 * sequence number last, and the youngest entry of a lane completes the map after a crash.
 */
import { EINVAL, EIO } from '../../errno.ts';
import { type Kernel, print, warnOnce } from '../../kernel.ts';
import {
  type ArenaGeometry,
  BTT_START_BYTES,
  LOG_GROUP_BYTES,
  type LogSlots,
  MAP_ENTRY_BYTES,
} from './btt-layout.ts';
import type { RawAccess, RawFlags } from './raw-access.ts';

/** NVDIMM_IO_ATOMIC: the caller can not sleep. */
export const ATOMIC = { atomic: true } as const;

/** The free block of a lane and the log slot that its next write uses (struct free_entry). */
export interface FreeEntry {
  block: number;
  /** 0 or 1: which of the lane's two log entries comes next. */
  sub: number;
  /** Sequence number of that entry: 1, 2, 3, 1, ... */
  sequence: number;
}

/** struct arena_info. */
export interface Arena {
  readonly kernel: Kernel;
  /** Name of the BTT device, for the log. */
  readonly device: string;
  readonly raw: RawAccess;
  readonly geometry: ArenaGeometry;
  readonly logSlots: LogSlots;
  /** Flags of the info block. */
  readonly flags: number;
  readonly freelist: FreeEntry[];
  /** By lane, the block it is reading (the read tracking table). */
  readonly rtt: (number | undefined)[];
}

/** A log entry: block `lba` moved from `oldMap` to `newMap`. */
export interface LogEntry {
  readonly lba: number;
  readonly oldMap: number;
  readonly newMap: number;
  readonly sequence: number;
}

/** What the map says of a block. */
export interface MapEntry {
  readonly postmap: number;
  readonly trimmed: boolean;
  readonly error: boolean;
}

/** MAP_TRIM_MASK, MAP_ERR_MASK, MAP_LBA_MASK. Both flags together mean an ordinary entry. */
export const MAP_TRIM_FLAG = 0x8000_0000;
export const MAP_ERROR_FLAG = 0x4000_0000;
const MAP_LBA_MASK = 0x3fff_ffff;

/** Bytes of a log entry, without padding. */
const LOG_ENTRY_BYTES = 16;

/** arena_read_bytes: at `offset` from the start of the BTT. */
export function arenaReadBytes(
  arena: Pick<Arena, 'raw'>,
  offset: number,
  buffer: Uint8Array,
  flags: RawFlags = {},
): number {
  return arena.raw(BTT_START_BYTES + offset, buffer, false, flags);
}

/** arena_write_bytes: at `offset` from the start of the BTT; durable when it returns 0. */
export function arenaWriteBytes(
  arena: Pick<Arena, 'raw'>,
  offset: number,
  buffer: Uint8Array,
  flags: RawFlags = {},
): number {
  return arena.raw(BTT_START_BYTES + offset, buffer, true, flags);
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function mapEntryOffset(arena: Arena, lba: number): number {
  return arena.geometry.mapOffset + lba * MAP_ENTRY_BYTES;
}

/** btt_map_read: the entry of block `lba`, or a negative error. An entry without flags was never written. */
export function bttMapRead(arena: Arena, lba: number, flags: RawFlags = {}): MapEntry | number {
  const bytes = new Uint8Array(MAP_ENTRY_BYTES);
  warnOnce(arena.kernel, lba >= arena.geometry.externalLbaCount, 'lba out of range in btt_map_read');
  const result = arenaReadBytes(arena, mapEntryOffset(arena, lba), bytes, flags);
  if (result !== 0) return result;
  return decodeMapEntry(lba, new DataView(bytes.buffer).getUint32(0, true));
}

/** What the 32 bits of the map entry of block `lba` say. */
export function decodeMapEntry(lba: number, raw: number): MapEntry {
  const trimmed = raw >= MAP_TRIM_FLAG;
  const error = (raw & MAP_ERROR_FLAG) !== 0;
  if (!trimmed && !error) return { postmap: lba, trimmed: false, error: false };
  const ordinary = trimmed && error;
  return { postmap: raw & MAP_LBA_MASK, trimmed: trimmed && !ordinary, error: error && !ordinary };
}

/** The 32 bits of a map entry: `trimmed` sets Z alone, `error` E alone, neither sets both. */
export function encodeMapEntry({ postmap, trimmed, error }: MapEntry): number {
  const flagBits = (error ? 0 : MAP_TRIM_FLAG) + (trimmed ? 0 : MAP_ERROR_FLAG);
  return (postmap & MAP_LBA_MASK) + flagBits;
}

/** btt_map_write: maps `lba` to `postmap`, trimmed, in error or ordinary. 0 or a negative error. */
export function bttMapWrite(arena: Arena, lba: number, entry: MapEntry, flags: RawFlags = {}): number {
  if (entry.trimmed && entry.error) {
    print(arena.kernel, 'error', arena.device, 'Invalid use of Z and E flags');
    return -EIO;
  }
  return arenaWriteBytes(arena, mapEntryOffset(arena, lba), word(encodeMapEntry(entry)), flags);
}

/** Where log entry `sub` (0 or 1) of `lane` starts. */
function logEntryOffset(arena: Arena, lane: number, sub: number): number {
  const slot = sub === 0 ? arena.logSlots[0] : arena.logSlots[1];
  return arena.geometry.logOffset + lane * LOG_GROUP_BYTES + slot * LOG_ENTRY_BYTES;
}

/** __btt_log_write: one entry in two halves of 8 bytes, the one with the sequence number last. */
export function bttLogWrite(arena: Arena, lane: number, sub: number, entry: LogEntry): number {
  const bytes = new Uint8Array(LOG_ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  [entry.lba, entry.oldMap, entry.newMap, entry.sequence].forEach((value, index) =>
    view.setUint32(index * 4, value, true),
  );
  const offset = logEntryOffset(arena, lane, sub);
  const half = LOG_ENTRY_BYTES / 2;
  const result = arenaWriteBytes(arena, offset, bytes.subarray(0, half), ATOMIC);
  return result === 0 ? arenaWriteBytes(arena, offset + half, bytes.subarray(half), ATOMIC) : result;
}

/** btt_flog_write: writes the next log entry of `lane` and makes the block it frees the lane's free block. */
export function bttFlogWrite(arena: Arena, lane: number, free: FreeEntry, entry: LogEntry): number {
  const result = bttLogWrite(arena, lane, free.sub, entry);
  if (result !== 0) return result;
  free.sub = 1 - free.sub;
  free.sequence = nextSequence(free.sequence);
  free.block = entry.oldMap;
  return 0;
}

/** nd_inc_seq: 1, 2, 3, 1; 0 stays 0. */
export function nextSequence(sequence: number): number {
  return [0, 2, 3, 1][sequence & 3] ?? 0;
}

/** The index (0 or 1) of a lane's older entry by its two sequence numbers; `undefined` when they make no sense. */
export function olderLogEntry(first: number, second: number): 0 | 1 | undefined {
  // The first write of a lane goes to entry 0, the next one then to entry 1.
  if (first === 0) return 0;
  if (first === second || first + second > 5) return undefined;
  if (first < second) return second - first === 1 ? 0 : 1;
  return first - second === 1 ? 1 : 0;
}

/** btt_log_read(LOG_NEW_ENT): the younger entry of `lane` and its index, or a negative error. */
export function bttLogRead(arena: Arena, lane: number): { entry: LogEntry; sub: number } | number {
  const group = new Uint8Array(LOG_GROUP_BYTES);
  const result = arenaReadBytes(arena, arena.geometry.logOffset + lane * LOG_GROUP_BYTES, group);
  if (result !== 0) return result;
  const [first, second] = decodeLogGroup(group, arena.logSlots);
  const older = olderLogEntry(first.sequence, second.sequence);
  if (older === undefined) {
    const sequences = `[${first.sequence}, ${second.sequence}]`;
    print(arena.kernel, 'error', arena.device, `log corruption (${-EINVAL}): lane ${lane} seq ${sequences}`);
    return -EIO;
  }
  return older === 0 ? { entry: second, sub: 1 } : { entry: first, sub: 0 };
}

/** The two entries of a lane, in the order of their slots. */
export function decodeLogGroup(group: Uint8Array, [first, second]: LogSlots): [LogEntry, LogEntry] {
  return [decodeLogEntry(group, first * LOG_ENTRY_BYTES), decodeLogEntry(group, second * LOG_ENTRY_BYTES)];
}

function decodeLogEntry(group: Uint8Array, at: number): LogEntry {
  const view = new DataView(group.buffer, group.byteOffset + at, LOG_ENTRY_BYTES);
  return {
    lba: view.getUint32(0, true),
    oldMap: view.getUint32(4, true),
    newMap: view.getUint32(8, true),
    sequence: view.getUint32(12, true),
  };
}
