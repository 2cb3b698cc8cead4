/**
 * Geometry of a block translation table, version 1.1 (drivers/nvdimm/btt.h, `alloc_arena` and `create_arenas` of
 * btt.c; nvdimm-and-firmware.md 9.1). A BTT is one or more arenas of at most 512 GiB; an arena is an info block,
 * data blocks, a map, a log, and a copy of the info block. All offsets are bytes from the start of the BTT, which
 * is 4096 bytes into its namespace.
 */
import { roundDown, roundUp } from '#machine/hardware/units.ts';

/** Where the BTT starts in its namespace, bytes. */
export const BTT_START_BYTES = 4096;

/** BTT_PG_SIZE: size of an info block and alignment of the parts of an arena, bytes. */
export const BTT_PAGE_BYTES = 4096;

/** ARENA_MIN_SIZE and ARENA_MAX_SIZE, bytes. */
export const ARENA_MIN_BYTES = 2 ** 24;
export const ARENA_MAX_BYTES = 2 ** 39;

/** BTT_DEFAULT_NFREE: free blocks of an arena, one a lane. */
export const BTT_DEFAULT_NFREE = 256;

/** MAP_ENT_SIZE: bytes of a map entry. */
export const MAP_ENTRY_BYTES = 4;

/** Bytes of a lane's two log entries with their padding. */
export const LOG_GROUP_BYTES = 64;

/** INT_LBASIZE_ALIGNMENT: internal block sizes are multiples of this, bytes. */
const INTERNAL_LBA_ALIGNMENT = 256;

/**
 * Which two of the four 16-byte slots of a log group hold entries. The format says the first two; Linux before 4.15
 * padded each entry to 32 bytes and used the first and the third (24e3a7fb60a9).
 */
export type LogSlots = readonly [number, number];

/** The slots that Linux 4.12 uses, and those of the format and of Linux since 4.15. */
export const LOG_SLOTS_4_12: LogSlots = [0, 2];
export const LOG_SLOTS_4_15: LogSlots = [0, 1];

/** Size and places of one arena, bytes and blocks. */
export interface ArenaGeometry {
  readonly sizeBytes: number;
  /** First block of the arena, counted over the whole BTT. */
  readonly externalLbaStart: number;
  readonly externalLbaSizeBytes: number;
  readonly externalLbaCount: number;
  readonly internalLbaSizeBytes: number;
  readonly internalLbaCount: number;
  readonly nfree: number;
  readonly infoOffset: number;
  readonly dataOffset: number;
  readonly mapOffset: number;
  readonly logOffset: number;
  readonly info2Offset: number;
  /** From this arena to the next one; 0 for the last. */
  readonly nextOffset: number;
}

/** alloc_arena: an arena of `sizeBytes` at `offset` for blocks of `lbaSizeBytes`. `hasNext`: another one follows. */
export function arenaGeometry(
  sizeBytes: number,
  offset: number,
  externalLbaStart: number,
  lbaSizeBytes: number,
  hasNext: boolean,
): ArenaGeometry {
  const nfree = BTT_DEFAULT_NFREE;
  const internalLbaSizeBytes = roundUp(lbaSizeBytes, INTERNAL_LBA_ALIGNMENT);
  const logBytes = roundUp(nfree * LOG_GROUP_BYTES, BTT_PAGE_BYTES);
  const available = roundDown(sizeBytes, BTT_PAGE_BYTES) - 2 * BTT_PAGE_BYTES - logBytes;
  const internalLbaCount = Math.floor(
    (available - BTT_PAGE_BYTES) / (internalLbaSizeBytes + MAP_ENTRY_BYTES),
  );
  const externalLbaCount = internalLbaCount - nfree;
  const mapBytes = roundUp(externalLbaCount * MAP_ENTRY_BYTES, BTT_PAGE_BYTES);
  const dataOffset = offset + BTT_PAGE_BYTES;
  const mapOffset = dataOffset + available - mapBytes;
  const logOffset = mapOffset + mapBytes;
  return {
    sizeBytes,
    externalLbaStart,
    externalLbaSizeBytes: lbaSizeBytes,
    externalLbaCount,
    internalLbaSizeBytes,
    internalLbaCount,
    nfree,
    infoOffset: offset,
    dataOffset,
    mapOffset,
    logOffset,
    info2Offset: logOffset + logBytes,
    nextOffset: hasNext ? sizeBytes : 0,
  };
}

/** create_arenas: the arenas of a new BTT of `rawSizeBytes`. What is left over below 16 MiB is not used. */
export function arenasFor(rawSizeBytes: number, lbaSizeBytes: number): ArenaGeometry[] {
  const arenas: ArenaGeometry[] = [];
  let offset = 0;
  let externalLbaStart = 0;
  let remaining = rawSizeBytes;
  while (remaining > 0) {
    const sizeBytes = Math.min(ARENA_MAX_BYTES, remaining);
    remaining -= sizeBytes;
    if (sizeBytes < ARENA_MIN_BYTES) break;
    const hasNext = remaining >= ARENA_MIN_BYTES;
    const arena = arenaGeometry(sizeBytes, offset, externalLbaStart, lbaSizeBytes, hasNext);
    arenas.push(arena);
    externalLbaStart += arena.externalLbaCount;
    offset += sizeBytes;
  }
  return arenas;
}
