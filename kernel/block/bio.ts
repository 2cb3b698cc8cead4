/** Block I/O requests (include/linux/blk_types.h). Completion is synchronous: pmem-like drivers never sleep. */
import type { Page } from '../lib/user-memory.ts';
import type { GenDisk } from './disk.ts';

/** Bytes of one sector, the unit of every block address. */
export const SECTOR_SIZE = 512;

/** struct bio_vec: `lengthBytes` bytes at `offset` of one page. */
export interface BioVec {
  readonly page: Page;
  readonly offset: number;
  readonly lengthBytes: number;
}

export interface Bio {
  readonly operation: 'read' | 'write';
  readonly disk: GenDisk;
  /** First sector, relative to the disk. */
  sector: number;
  readonly segments: readonly BioVec[];
  /** REQ_PREFLUSH: what completed before must be durable before this bio's data is. */
  preflush: boolean;
  /** REQ_FUA: this bio's data is durable when it completes. */
  fua: boolean;
  /** 0 or a negative error number; meaningful once `done`. */
  status: number;
  done: boolean;
}

/** What a caller says of a bio. */
export interface BioRequest {
  readonly operation: 'read' | 'write';
  readonly disk: GenDisk;
  readonly sector: number;
  readonly segments: readonly BioVec[];
  readonly preflush?: boolean;
  readonly fua?: boolean;
}

/** A bio that has not been submitted. */
export function newBio(request: BioRequest): Bio {
  return { preflush: false, fua: false, ...request, status: 0, done: false };
}

/** Bytes of all segments. */
export function bioSizeBytes(bio: Bio): number {
  return bio.segments.reduce((total, segment) => total + segment.lengthBytes, 0);
}

/** bio_endio: completes `bio` with what its status says. */
export function bioEndio(bio: Bio): void {
  bio.done = true;
}
