/** Operations on files of a dax file system: zeroing, reading, files of sysfs; others are in files of their own. */
import type { RowContext } from './context.ts';
import { isSyncOfMapping } from './gate.ts';
import { mappingLines } from './mapping-lines.ts';
import { totalBytes } from './row.ts';
import { type FileLines, type RowFile, createMapped, fileOf } from './row-file.ts';
import type { RowWorkload } from './row-workload.ts';
import { sysfsLine } from './sysfs-lines.ts';
import { writeLines } from './write-lines.ts';

export function fileWorkload(context: RowContext): RowWorkload | undefined {
  const { row } = context;
  const { disks, file } = fileOf(context);
  const lines = linesOf(context, disks.disk, file);
  if (lines === undefined) return undefined;
  return {
    devices: disks.devices,
    setUp: [...disks.setUp, ...lines.setUp],
    operations: lines.operations,
    returned: lines.returned ?? 'exact',
    isPlaced: file.isPlaced || row.isRelativeToPage,
  };
}

function linesOf(context: RowContext, disk: string, file: RowFile): FileLines | undefined {
  const { row } = context;
  const { op } = row;
  const { name, offset } = file;
  const total = totalBytes(row);
  const done = (operation: string): FileLines => ({ setUp: [createMapped(file)], operations: [operation] });
  if (op.startsWith('sysfs_')) {
    const operations = sysfsLine(row, disk);
    return operations === undefined ? undefined : { setUp: [], operations };
  }
  // Before the others: the name of an fsync says what came before it, such as fsync_after_punch.
  if (isSyncOfMapping(op) || op.includes('mmap_')) return mappingLines(context, file);
  if (/pwritev?|^sendfile$|^acct_kvec$/.test(op)) return writeLines(context, file);
  if (op.includes('dax_pread')) return done(`dax read ${name} @${offset} iov ${total}`);
  if (op === 'fallocate_prealloc') return { setUp: [], operations: [`create ${name} ${total} unwritten`] };
  if (op.includes('punch_')) return done(`punch ${name} @${offset} ${total}`);
  if (op.includes('zero_range')) return done(`zero ${name} @${offset} ${total}`);
  return op === 'ftruncate_partial' ? done(`truncate ${name} ${offset}`) : undefined;
}
