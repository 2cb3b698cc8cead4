/** Operations on block devices: O_DIRECT reads and writes, fsync, zeroing, and writes to files of sysfs. */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { RowContext } from './context.ts';
import { disksOf } from './disks.ts';
import { type TraceRow, totalBytes } from './row.ts';
import type { RowWorkload } from './row-workload.ts';
import { sysfsLine } from './sysfs-lines.ts';

export function blockWorkload(context: RowContext): RowWorkload | undefined {
  const { row } = context;
  const { devices, disk, setUp } = disksOf(context, (row.fileOffset ?? 0) + totalBytes(row));
  const operations = blockLines(row, disk);
  return operations === undefined
    ? undefined
    : { devices, setUp, operations, returned: 'exact', isPlaced: true };
}

/** The lines of an operation on `disk`. An O_DSYNC write ends with an fsync, unless it failed. */
export function blockLines(row: TraceRow, disk: string): string[] | undefined {
  const { op, fileOffset = 0 } = row;
  const place = `${disk} @${fileOffset}`;
  if (op.startsWith('sysfs_')) return sysfsLine(row, disk);
  if (op === 'BLKZEROOUT') return [`zeroout ${place} ${totalBytes(row)}`];
  if (/^(blk|bad|btt)_O_DIRECT_read/.test(op)) return [`bio read ${place} ${pieces(row)}`];
  if (/^(blk|bad|btt)_O_DIRECT/.test(op)) {
    if (!op.includes('O_DSYNC')) return [`bio write ${place} ${pieces(row)}`];
    return [`bio write ${place} ${pieces(row)} fua`, ...(row.returned < 0 ? [] : [`flush ${disk}`])];
  }
  return /^(blk_)?f(data)?sync/.test(op) ? [`flush ${disk}`] : undefined;
}

/**
 * The pieces of the user's memory by page: a bio has a segment for each. Memory begins at a page, but for operations
 * that end with `_src_offN`: there it begins N bytes behind one.
 */
function pieces(row: TraceRow): string {
  const start = Number(/_src_off(\d+)$/.exec(row.op)?.[1] ?? 0);
  const end = start + totalBytes(row);
  const sizes: number[] = [];
  for (let at = start; at < end;) {
    const pageEnd = at - (at % PAGE_SIZE_BYTES) + PAGE_SIZE_BYTES;
    sizes.push(Math.min(pageEnd, end) - at);
    at = pageEnd;
  }
  return sizes.join(',');
}
