/** Writes to files of a dax file system: from user memory, from pages (sendfile), from the kernel (process accounting). */
import { PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import { formatSize } from '../language/sizes.ts';
import type { RowContext } from './context.ts';
import { type TraceRow, hasCalled, totalBytes } from './row.ts';
import { type FileLines, type RowFile, createMapped } from './row-file.ts';

/** The lines of a write. */
export function writeLines({ row }: RowContext, file: RowFile): FileLines {
  const { op, segments } = row;
  const setUp = [createFor(row, file)];
  const at = `dax write ${file.name} @${file.offset}`;
  if (op === 'sendfile') return { setUp, operations: [`${at} bvec ${pagePieces(row).join(',')}`] };
  if (op === 'acct_kvec') return { setUp, operations: accountingRecords(row, file), returned: 'ignored' };
  const sync = /_O_D?SYNC|RWF_D?SYNC/.test(op) ? ' sync' : '';
  return { setUp, operations: [`${at} iov ${segments.join(',')}${readable(row)}${sync}`] };
}

/** New blocks are zeroed first, wherever they come from; a write that goes on into a new page finds the first one there. */
function createFor(row: TraceRow, file: RowFile): string {
  const { op } = row;
  const isNamed = /_into_hole|_extend|_unwritten/.test(op);
  if (!isNamed && hasCalled(row, 'blkdev_issue_zeroout') !== true) return createMapped(file);
  const pageEnd = roundUp(file.offset + 1, PAGE_SIZE_BYTES);
  if (!isNamed && file.offset + totalBytes(row) > pageEnd)
    return createMapped({ ...file, sizeBytes: pageEnd });
  const blocks = file.isPlaced || op.includes('_unwritten') ? 'unwritten' : 'hole';
  return `create ${file.name} ${formatSize(file.sizeBytes)} ${blocks}`;
}

/** Where the source faults. A row of a fault that does not say it: behind what was written. */
function readable({ op, readableBytes, returned }: TraceRow): string {
  const bytes = readableBytes ?? (op.endsWith('_fault') ? Math.max(0, returned) : undefined);
  return bytes === undefined ? '' : ` readable ${bytes}`;
}

/** Bytes of a record of process accounting (struct acct_v3). */
const ACCOUNTING_RECORD_BYTES = 64;

/** The records that processes left when they ended, as many as the kernel wrote. */
function accountingRecords({ calls = [] }: TraceRow, { name, offset }: RowFile): string[] {
  const count = Math.max(1, calls.filter((call) => call === 'dax_iomap_rw').length);
  return Array.from(
    { length: count },
    (_, index) =>
      `dax write ${name} @${offset + index * ACCOUNTING_RECORD_BYTES} kvec ${ACCOUNTING_RECORD_BYTES}`,
  );
}

/** The copies of a sendfile: `memcpy(pmem0+64,100)`. */
const COPY = /^(?:__)?memcpy(?:_flushcache)?\([^,]+,(\d+)\)$/;

/** The pages of the source. How they cut it the calls say; without them it is taken to begin at a page. */
function pagePieces(row: TraceRow): number[] {
  const lengths = (row.calls ?? []).flatMap((call) => COPY.exec(call)?.[1] ?? []).map(Number);
  if (lengths.reduce((sum, length) => sum + length, 0) === totalBytes(row)) return lengths;
  const pieces: number[] = [];
  for (let left = totalBytes(row); left > 0; left -= PAGE_SIZE_BYTES)
    pieces.push(Math.min(left, PAGE_SIZE_BYTES));
  return pieces;
}
