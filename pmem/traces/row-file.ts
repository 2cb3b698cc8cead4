/**
 * The file of a row. Where the row says where the file lies, the model's file is as large as the device and begins at its
 * first byte, so that a place in the file is the place on the device; else the file's first page stands for the page that
 * the real kernel wrote.
 */
import { PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import { formatSize } from '../language/sizes.ts';
import type { RowContext } from './context.ts';
import { type RowDisks, disksOf } from './disks.ts';
import { totalBytes } from './row.ts';
import type { RowWorkload } from './row-workload.ts';

export interface RowFile {
  readonly name: string;
  /** Where in the file the operation begins, bytes. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Whether a place in the file is the place on the device. */
  readonly isPlaced: boolean;
}

/** What to do for a row: lines before it, its own, and how its result is compared (default: `exact`). */
export interface FileLines {
  readonly setUp: readonly string[];
  readonly operations: readonly string[];
  readonly returned?: RowWorkload['returned'];
}

const HUGE_PAGE_BYTES = 2 * 2 ** 20;

/** The disks of a row of a file system, and its file. */
export function fileOf(context: RowContext): { readonly disks: RowDisks; readonly file: RowFile } {
  const placed = deviceOffsetOf(context);
  const offset = placed ?? offsetInPage(context);
  const end = offset + totalBytes(context.row);
  const disks = disksOf(context, end + PAGE_SIZE_BYTES);
  const isPlaced = placed !== undefined;
  const sizeBytes = isPlaced ? disks.sizeBytes : roundUp(end, HUGE_PAGE_BYTES) + HUGE_PAGE_BYTES;
  return { disks, file: { name: `${disks.disk}:/f`, offset, sizeBytes, isPlaced } };
}

/** Where on the device the operation begins, where the row or another of the same file system says so. */
export function deviceOffsetOf({ row, deviceMinusFile, place }: RowContext): number | undefined {
  if (row.deviceOffset !== undefined) return row.deviceOffset;
  // Members of a mapped device and bad sectors are named by their place.
  const needsPlace = place.members.length > 1 || row.op.startsWith('bad_');
  if (!needsPlace || row.fileOffset === undefined || deviceMinusFile === undefined) return undefined;
  return row.fileOffset + deviceMinusFile;
}

function offsetInPage({ row }: RowContext): number {
  return row.offsetInPage ?? (row.fileOffset ?? 0) % PAGE_SIZE_BYTES;
}

/** The line that makes the file with blocks that were written long ago; they begin where a page of 2 MiB can. */
export function createMapped({ name, sizeBytes, isPlaced }: RowFile): string {
  return `create ${name} ${formatSize(sizeBytes)} mapped${isPlaced ? '' : ' align 2M'}`;
}
