/**
 * Which rows cannot be compared. Each reason is a rule about what a row holds, never about which row it is; the first one
 * that holds is given.
 */
import type { RowContext } from './context.ts';
import { isStore } from './events.ts';
import { isGateClosed, isPartialZero, isSyncOfMapping } from './gate.ts';
import { type TraceRow, hasCalled } from './row.ts';
import { deviceOffsetOf } from './row-file.ts';

interface Rule {
  readonly reason: string;
  readonly holds: (context: RowContext) => boolean;
}

const ENOENT = 2;

/** Operations that make a file's data durable. */
const SYNCS = /^f(data)?sync|^msync|_O_D?SYNC|RWF_D?SYNC|MAP_SYNC/;

const isDaxFile = ({ place }: RowContext): boolean => place.kind === 'dax file';

const storesOf = ({ events = [] }: TraceRow): number => events.filter(({ letter }) => isStore(letter)).length;

/** Whether the last two events are those of a flush. */
const endsWithFlush = ({ events = [] }: TraceRow): boolean =>
  events.length > 1 && events.slice(-2).every(({ letter }) => letter === 'S');

/**
 * Whether a sync committed the journal. The trace of the calls says so, where that function was traced; else it shows in
 * stores of a sync, which itself only writes back, or in a flush of a mapped store.
 */
function writesJournal(row: TraceRow): boolean {
  const { op, events = [] } = row;
  if (!SYNCS.test(op)) return false;
  if (hasCalled(row, 'jbd2_journal_commit_transaction') === true) return true;
  if (isSyncOfMapping(op)) return storesOf(row) > 0;
  return (
    op.startsWith('mmap_') &&
    events.some(({ letter }, index) => letter === 'S' && events[index + 1]?.letter === 'S')
  );
}

/** A write-back that the row's kernel does and v3 does not, or the other way round, because their gates differ. */
function gatesDisagree({ row, kernel, machine, tree }: RowContext, hasFlush: boolean): boolean {
  if (!tree.queueGatesWriteBack || kernel.writeBackGate === 'none') return false;
  const queueIsThrough = row.queueWriteCache === 'write through';
  const isClosed = isGateClosed(row, kernel, machine.keepsCaches);
  return queueIsThrough ? !isClosed : isClosed && hasFlush;
}

const RULES: readonly Rule[] = [
  {
    reason: 'goes through the page cache, which is not modelled',
    holds: ({ place }) => place.kind === 'page cache file',
  },
  {
    reason: 'buffered block I/O: the page cache is not modelled',
    holds: ({ row: { op, events = [] }, place }) =>
      /buffered|^BLKFLSBUF|^blk_close$/.test(op) && (place.kind !== 'btt' || events.length === 0),
  },
  {
    reason: 'a discard never reaches the driver; the model has no such operation',
    holds: ({ row }) => row.op === 'BLKDISCARD',
  },
  {
    reason: 'refused by the file system before it comes to dax',
    holds: ({ row }) => row.op === 'copy_file_range',
  },
  {
    reason: 'sync writes back a whole file system with its metadata',
    holds: (context) => context.row.op === 'sync' && context.place.kind !== 'btt',
  },
  {
    reason: 'writes journal blocks of a real file system',
    holds: (context) => isDaxFile(context) && writesJournal(context.row),
  },
  {
    reason: 'the file was opened O_DSYNC, which is not in the record',
    holds: ({ row }) =>
      row.op === 'pwrite' && (hasCalled(row, 'vfs_fsync_range') === true || endsWithFlush(row)),
  },
  {
    reason: 'process accounting wrote nothing in that moment',
    holds: ({ row }) => row.op === 'acct_kvec' && row.events?.length === 0,
  },
  {
    reason: 'only names the namespace: the model configures and binds in one operation',
    holds: ({ row }) => row.op.endsWith('_set_namespace'),
  },
  {
    reason: 'where the file lies on the members of the mapped device is not in the record',
    holds: (context) =>
      isDaxFile(context) &&
      context.place.members.length > 1 &&
      (context.row.events ?? []).some(({ member }) => member !== '') &&
      deviceOffsetOf(context) === undefined,
  },
  {
    reason: 'which sectors were bad is not in the record: no sysfs_badblocks_set of this device before it',
    holds: ({ row, badSectors }) => row.op.startsWith('bad_') && badSectors.length === 0,
  },
  {
    reason: 'where the file lies on the device with bad sectors is not in the record',
    holds: (context) =>
      isDaxFile(context) &&
      context.row.op.startsWith('bad_') &&
      context.row.fileOffset !== undefined &&
      deviceOffsetOf(context) === undefined,
  },
  {
    reason: 'this kernel clears bad sectors before it writes to them, 4.12 and 4.13 after it',
    holds: ({ row, kernel, badSectors }) =>
      kernel.badSectors === 'cleared before they are written' &&
      badSectors.length > 0 &&
      /write|BLKZEROOUT|zero_range|punch/.test(row.op),
  },
  {
    reason: 'the file dax/write_cache is in the kernel and not in the tree, or the other way round',
    holds: ({ row, tree }) =>
      row.op === 'sysfs_dax_write_cache' && (row.returned !== -ENOENT) !== tree.hasDaxWriteCache,
  },
  {
    reason: 'dax/write_cache was 0 and this tree gates no write-back',
    holds: ({ row, kernel, machine, tree }) =>
      (isSyncOfMapping(row.op) || isPartialZero(row.op)) &&
      isGateClosed(row, kernel, machine.keepsCaches) &&
      !tree.hasDaxWriteCache &&
      !tree.queueGatesWriteBack,
  },
  {
    reason:
      'v3 gates write-backs by queue/write_cache, which also stops flushes, the merged series by dax/write_cache',
    holds: (context) =>
      !context.tree.hasDaxWriteCache &&
      ((isSyncOfMapping(context.row.op) && gatesDisagree(context, true)) ||
        (isPartialZero(context.row.op) && gatesDisagree(context, false))),
  },
];

/** Why a row cannot be compared, `undefined` when it can. */
export function reasonNotComparable(context: RowContext): string | undefined {
  return RULES.find(({ holds }) => holds(context))?.reason;
}
