/** Stores through mappings, and what syncs them: msync, fsync, fdatasync. */
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import { formatSize } from '../language/sizes.ts';
import type { RowContext } from './context.ts';
import { dirtyPages } from './dirty-pages.ts';
import { totalBytes } from './row.ts';
import { type FileLines, type RowFile, createMapped } from './row-file.ts';

/** Bytes that a mapped store writes where the row does not say. */
const STORE_BYTES = 8;

const HUGE_PAGE_BYTES = 2 * 2 ** 20;

/** A mapping too small for a page of 2 MiB, so that faults are of 4 KiB. */
const SMALL_MAPPING_BYTES = 64 * 1024;

/** The lines of a row; `undefined` for an operation that is none of these. */
export function mappingLines(context: RowContext, file: RowFile): FileLines {
  const { op } = context.row;
  if (op.includes('mmap_') && !/^f(data)?sync/.test(op)) return accessLines(context, file);
  return /^(bad_)?msync/.test(op) ? msyncLines(context, file) : fsyncLines(context, file);
}

/** Makes the file and maps it, in a way that faults are as large as the row's. */
function mapped(op: string, file: RowFile, sizeBytes: number): string[] {
  if (op.endsWith('_big')) return [createMapped(file)];
  const start = roundDown(file.offset, PAGE_SIZE_BYTES);
  const size = Math.max(SMALL_MAPPING_BYTES, roundUp(file.offset - start + sizeBytes, PAGE_SIZE_BYTES));
  return [createMapped(file), `mmap ${file.name} @${start} ${formatSize(size)}`];
}

function accessLines({ row }: RowContext, file: RowFile): FileLines {
  const { op, segments, fileOffset = 0 } = row;
  const { name, offset } = file;
  if (op.endsWith('into_hole')) {
    const place = fileOffset % HUGE_PAGE_BYTES;
    const setUp = [`create ${name} 4M hole`, `mmap ${name} @0 4M`];
    return { setUp, operations: [`store ${name} @${place} ${segments[0] ?? STORE_BYTES}`] };
  }
  const setUp = mapped(op, file, PAGE_SIZE_BYTES);
  if (op.includes('_load')) {
    return { setUp, operations: [`load ${name} @${offset} ${STORE_BYTES}`], returned: 'failure' };
  }
  const sizes = segments.length === 0 ? [STORE_BYTES] : segments;
  const operations = sizes.map((size, page) => `store ${name} @${offset + page * PAGE_SIZE_BYTES} ${size}`);
  // A process that got SIGBUS returned nothing.
  return { setUp, operations, returned: op.startsWith('bad_') ? 'failure' : 'exact' };
}

function msyncLines(context: RowContext, file: RowFile): FileLines {
  const { row } = context;
  const { name, offset } = file;
  const sizeBytes = totalBytes(row) || PAGE_SIZE_BYTES;
  const isAsync = row.op.endsWith('async');
  const dirty = isAsync ? [offset] : dirtyPages(context, file, sizeBytes);
  return {
    setUp: [...mapped(row.op, file, sizeBytes), ...dirty.map((place) => storeLine(name, place))],
    operations: [`msync ${name} @${offset} ${sizeBytes}${isAsync ? ' async' : ''}`],
  };
}

function fsyncLines(context: RowContext, file: RowFile): FileLines {
  const dirty = dirtyPages(context, file, PAGE_SIZE_BYTES);
  const size = Math.max(0, ...dirty) + PAGE_SIZE_BYTES - file.offset;
  const setUp = [...mapped(context.row.op, file, size), ...dirty.map((place) => storeLine(file.name, place))];
  return { setUp, operations: [`fsync ${file.name}`] };
}

const storeLine = (name: string, place: number): string => `store ${name} @${place} ${STORE_BYTES}`;
