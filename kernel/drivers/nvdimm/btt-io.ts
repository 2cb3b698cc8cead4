/**
 * Reading and writing blocks through a BTT (`btt_read_pg`, `btt_write_pg` of drivers/nvdimm/btt.c, v4.12.0;
 * nvdimm-and-firmware.md 9.1). A write goes to the lane's free block, then log, then map; each of its four raw
 * writes is flushed by the raw access. Left out: integrity data, and waiting for readers of the free block, which
 * can not be there while bios run to completion one after the other.
 */
import { SECTOR_SIZE } from '../../block/bio.ts';
import { EIO } from '../../errno.ts';
import type { Page } from '../../lib/user-memory.ts';
import {
  ATOMIC,
  type Arena,
  arenaReadBytes,
  arenaWriteBytes,
  bttFlogWrite,
  bttMapRead,
  bttMapWrite,
} from './btt-arena.ts';
import { IB_FLAG_ERROR } from './btt-info.ts';

/** What the data path needs of a BTT. */
export interface BttBlocks {
  readonly arenas: readonly Arena[];
  /** Bytes of a block as users see it: 512 or 4096. */
  readonly sectorSizeBytes: number;
  /** nd_region_acquire_lane: the lane of the CPU that runs. */
  readonly acquireLane: () => number;
}

/** Bytes `[offset, offset + lengthBytes)` of a page. */
export interface PagePiece {
  readonly page: Page;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** lba_to_arena: the arena of a 512-byte sector and the block in it; -EIO beyond the last. */
function lbaToArena(btt: BttBlocks, sector: number): { arena: Arena; premap: number } | number {
  let lba = Math.floor((sector * SECTOR_SIZE) / btt.sectorSizeBytes);
  for (const arena of btt.arenas) {
    if (lba < arena.geometry.externalLbaCount) return { arena, premap: lba };
    lba -= arena.geometry.externalLbaCount;
  }
  return -EIO;
}

/** to_namespace_offset, relative to the start of the BTT. */
function blockOffset(arena: Arena, postmap: number): number {
  return arena.geometry.dataOffset + postmap * arena.geometry.internalLbaSizeBytes;
}

/**
 * btt_read_pg: reads `piece` from `sector` on, block by block. A trimmed block is filled with zeroes and ends the
 * read with success, so the rest of the piece keeps what it held (defect G of nvdimm-and-firmware.md 15.1). Returns
 * 0 or a negative error.
 */
export function bttReadPage(btt: BttBlocks, piece: PagePiece, sector: number): number {
  const blockSectors = btt.sectorSizeBytes / SECTOR_SIZE;
  let done = 0;
  for (let at = sector; done < piece.lengthBytes; at += blockSectors) {
    const lane = btt.acquireLane();
    const lengthBytes = Math.min(btt.sectorSizeBytes, piece.lengthBytes - done);
    const from = piece.offset + done;
    const outcome = readBlock(btt, lane, at, piece.page.bytes.subarray(from, from + lengthBytes));
    if (outcome === 'trimmed') return 0;
    if (outcome !== 0) return outcome;
    done += lengthBytes;
  }
  return 0;
}

function readBlock(btt: BttBlocks, lane: number, sector: number, target: Uint8Array): number | 'trimmed' {
  const place = lbaToArena(btt, sector);
  if (typeof place === 'number') return place;
  const { arena, premap } = place;
  let mapped = bttMapRead(arena, premap, ATOMIC);
  if (typeof mapped === 'number') return mapped;
  // The map may change between looking and telling writers to keep off the block, so it is read again.
  for (;;) {
    if (mapped.trimmed) {
      target.fill(0);
      return 'trimmed';
    }
    if (mapped.error) return -EIO;
    arena.rtt[lane] = mapped.postmap;
    const again = bttMapRead(arena, premap, ATOMIC);
    if (typeof again === 'number' || again.postmap === mapped.postmap) {
      const result =
        typeof again === 'number'
          ? again
          : arenaReadBytes(arena, blockOffset(arena, mapped.postmap), target, ATOMIC);
      arena.rtt[lane] = undefined;
      return result;
    }
    mapped = again;
  }
}

/** btt_write_pg: writes `piece` from `sector` on, block by block, each atomically. Returns 0 or the first error. */
export function bttWritePage(btt: BttBlocks, piece: PagePiece, sector: number): number {
  const blockSectors = btt.sectorSizeBytes / SECTOR_SIZE;
  let done = 0;
  for (let at = sector; done < piece.lengthBytes; at += blockSectors) {
    const lane = btt.acquireLane();
    const lengthBytes = Math.min(btt.sectorSizeBytes, piece.lengthBytes - done);
    const from = piece.offset + done;
    const result = writeBlock(btt, lane, at, piece.page.bytes.subarray(from, from + lengthBytes));
    if (result !== 0) return result;
    done += lengthBytes;
  }
  return 0;
}

function writeBlock(btt: BttBlocks, lane: number, sector: number, source: Uint8Array): number {
  const place = lbaToArena(btt, sector);
  if (typeof place === 'number') return place;
  const { arena, premap } = place;
  if ((arena.flags & IB_FLAG_ERROR) !== 0) return -EIO;
  const free = arena.freelist[lane];
  const { internalLbaCount } = arena.geometry;
  if (free === undefined || free.block >= internalLbaCount) return -EIO;
  const newMap = free.block;
  const written = arenaWriteBytes(arena, blockOffset(arena, newMap), source, ATOMIC);
  if (written !== 0) return written;
  const mapped = bttMapRead(arena, premap, ATOMIC);
  if (typeof mapped === 'number') return mapped;
  if (mapped.postmap >= internalLbaCount) return -EIO;
  const entry = { lba: premap, oldMap: mapped.postmap, newMap, sequence: free.sequence };
  const logged = bttFlogWrite(arena, lane, free, entry);
  if (logged !== 0) return logged;
  return bttMapWrite(arena, premap, { postmap: newMap, trimmed: false, error: false });
}
