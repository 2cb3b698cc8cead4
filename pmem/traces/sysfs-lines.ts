/** Writes to files of a disk under /sys/block. */
import type { TraceRow } from './row.ts';

const FILES: Readonly<Record<string, string>> = {
  sysfs_queue_write_cache: 'queue/write_cache',
  sysfs_dax_write_cache: 'dax/write_cache',
  sysfs_badblocks_set: 'badblocks',
};

/** The line of a write to a file of sysfs, `undefined` for a file that no row was ever seen to write. */
export function sysfsLine({ op, value }: TraceRow, disk: string): string[] | undefined {
  const file = FILES[op];
  return file === undefined || value === undefined ? undefined : [`sysfs write ${disk}/${file} "${value}"`];
}
