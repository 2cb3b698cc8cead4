/**
 * Finding the arenas of a BTT on media, and writing new ones (`discover_arenas`, `btt_meta_init`,
 * `btt_freelist_init` of drivers/nvdimm/btt.c; nvdimm-and-firmware.md 9.1). A new arena is written in the order map,
 * log, info block at the end, info block at the start, so that a crash before the last leaves no BTT.
 */
import { ENODEV, ENOMEM } from '../../errno.ts';
import { type Kernel, print } from '../../kernel.ts';
import {
  type Arena,
  type FreeEntry,
  arenaReadBytes,
  arenaWriteBytes,
  bttLogRead,
  bttLogWrite,
  bttMapRead,
  bttMapWrite,
  nextSequence,
} from './btt-arena.ts';
import {
  IB_FLAG_ERROR,
  arenaOfInfo,
  bttInfoIsValid,
  bttInfoOf,
  decodeBttInfo,
  encodeBttInfo,
} from './btt-info.ts';
import { type ArenaGeometry, BTT_PAGE_BYTES, type LogSlots, arenasFor } from './btt-layout.ts';
import type { RawAccess } from './raw-access.ts';

/** What opening needs to know of a BTT. */
export interface BttMedia {
  readonly kernel: Kernel;
  readonly device: string;
  readonly raw: RawAccess;
  /** Bytes of the BTT: the namespace without its first 4096. */
  readonly rawSizeBytes: number;
  readonly lbaSizeBytes: number;
  readonly uuid: Uint8Array;
  readonly parentUuid: Uint8Array;
  readonly logSlots: LogSlots;
}

/** Zeroes are written in pieces of at most this, bytes: the map, then the log. */
const MAP_CHUNK_BYTES = 2 * 1024 * 1024;
const LOG_CHUNK_BYTES = 4096;

/** The largest array that kcalloc gives (KMALLOC_MAX_SIZE), and bytes a lane takes in two arrays. */
const ALLOCATION_MAX_BYTES = 4 * 1024 * 1024;
const FREE_ENTRY_BYTES = 8;
const MAP_LOCK_BYTES = 64;

/** LOG_SEQ_INIT. */
const FIRST_SEQUENCE = 1;

/**
 * discover_arenas: the arenas on media; none when there is no BTT at all. Errors: what a read gave, -ENODEV when an
 * arena after the first is missing or broken, -EIO for a log that makes no sense.
 */
export function discoverArenas(media: BttMedia): Arena[] | number {
  const arenas: Arena[] = [];
  let offset = 0;
  let externalLbaStart = 0;
  let remaining = media.rawSizeBytes;
  // An arena that says it is larger than what is left makes C count below 0 and go on, to a read that fails.
  while (remaining !== 0) {
    const bytes = new Uint8Array(BTT_PAGE_BYTES);
    const result = arenaReadBytes(media, offset, bytes);
    if (result !== 0) return result;
    if (!bttInfoIsValid(bytes, media.parentUuid)) return noArena(media, arenas);
    const info = decodeBttInfo(bytes);
    if ((info.flags & IB_FLAG_ERROR) !== 0)
      print(media.kernel, 'info', media.device, 'Found arena with an error flag');
    const arena = newArena(media, arenaOfInfo(info, offset, externalLbaStart), info.flags);
    const status = bttFreelistInit(arena) || (tooLarge(info.nfree, MAP_LOCK_BYTES) ? -ENOMEM : 0);
    if (status !== 0) return status;
    arenas.push(arena);
    remaining -= arena.geometry.sizeBytes;
    offset += arena.geometry.sizeBytes;
    externalLbaStart += arena.geometry.externalLbaCount;
    if (info.nextOffset === 0n) break;
  }
  return arenas;
}

function noArena(media: BttMedia, found: readonly Arena[]): Arena[] | number {
  const text = found.length === 0 ? 'No existing arenas' : 'Found corrupted metadata!';
  print(media.kernel, 'info', media.device, text);
  return found.length === 0 ? [] : -ENODEV;
}

function newArena(media: BttMedia, geometry: ArenaGeometry, flags: number): Arena {
  const { kernel, device, raw, logSlots } = media;
  return { kernel, device, raw, geometry, logSlots, flags, freelist: [], rtt: [] };
}

/** create_arenas and btt_meta_init: writes a new BTT. Returns its arenas or the first error. */
export function createArenas(media: BttMedia): Arena[] | number {
  const arenas = arenasFor(media.rawSizeBytes, media.lbaSizeBytes).map((geometry) =>
    newArena(media, geometry, 0),
  );
  for (const arena of arenas) {
    const result = bttArenaWriteLayout(media, arena);
    if (result !== 0) return result;
    const status = bttFreelistInit(arena);
    if (status !== 0) return status;
  }
  return arenas;
}

/** btt_arena_write_layout: map, log, both info blocks. Returns 0 or the first error. */
function bttArenaWriteLayout(media: BttMedia, arena: Arena): number {
  const { geometry } = arena;
  const info = encodeBttInfo(bttInfoOf(geometry, media.uuid, media.parentUuid));
  return (
    writeZeroes(arena, geometry.mapOffset, geometry.logOffset, MAP_CHUNK_BYTES) ||
    writeZeroes(arena, geometry.logOffset, geometry.info2Offset, LOG_CHUNK_BYTES) ||
    writeFirstLogEntries(arena) ||
    arenaWriteBytes(arena, geometry.info2Offset, info) ||
    arenaWriteBytes(arena, geometry.infoOffset, info)
  );
}

function writeZeroes(arena: Arena, from: number, to: number, chunkBytes: number): number {
  const zeroes = new Uint8Array(Math.min(chunkBytes, to - from));
  for (let at = from; at < to; at += chunkBytes) {
    const result = arenaWriteBytes(arena, at, zeroes.subarray(0, Math.min(chunkBytes, to - at)));
    if (result !== 0) return result;
  }
  return 0;
}

/** btt_log_init: an entry for each lane that names one of the reserved blocks as free. */
function writeFirstLogEntries(arena: Arena): number {
  const { nfree, externalLbaCount } = arena.geometry;
  for (let lane = 0; lane < nfree; lane++) {
    const block = externalLbaCount + lane;
    const entry = { lba: lane, oldMap: block, newMap: block, sequence: FIRST_SEQUENCE };
    const result = bttLogWrite(arena, lane, 0, entry);
    if (result !== 0) return result;
  }
  return 0;
}

/**
 * btt_freelist_init: the free block of each lane from its youngest log entry; completes the map where a crash came
 * between the log and the map. Returns 0 or a negative error.
 */
function bttFreelistInit(arena: Arena): number {
  if (tooLarge(arena.geometry.nfree, FREE_ENTRY_BYTES)) return -ENOMEM;
  for (let lane = 0; lane < arena.geometry.nfree; lane++) {
    const newest = bttLogRead(arena, lane);
    if (typeof newest === 'number') return newest;
    const { entry, sub } = newest;
    const free: FreeEntry = { block: entry.oldMap, sub: 1 - sub, sequence: nextSequence(entry.sequence) };
    arena.freelist[lane] = free;
    if (entry.oldMap === entry.newMap) continue;
    const mapped = bttMapRead(arena, entry.lba);
    if (typeof mapped === 'number') return mapped;
    if (mapped.postmap === entry.newMap || mapped.postmap !== entry.oldMap) continue;
    const fixed = { postmap: entry.newMap, trimmed: false, error: false };
    const result = bttMapWrite(arena, entry.lba, fixed);
    if (result !== 0) return result;
  }
  return 0;
}

/** Whether an array for that many lanes can not be allocated. */
function tooLarge(laneCount: number, laneBytes: number): boolean {
  return laneCount * laneBytes > ALLOCATION_MAX_BYTES;
}
