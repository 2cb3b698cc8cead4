/**
 * drivers/md/dm-ioctl.c: the loading of a table, as far as it decides who offers dax. The flag is memory-and-dax.md 8.6;
 * which table may follow which is table_load and dm_table_determine_type of the kernel, of which 8.6 says nothing.
 */
import type { GenDisk } from '../../block/disk.ts';
import { EINVAL } from '../../errno.ts';
import { type Kernel, print } from '../../kernel.ts';
import { type DmTable, dmTableIsDax } from './dm-table.ts';

/**
 * table_load: the first table gives the mapped device its type, and a dax type its QUEUE_FLAG_DAX, for good. A later
 * table may be of the same type, or a dax table on a device that is not dax, whose flag stays clear then. Returns 0, or
 * -EINVAL for any other change of type.
 */
export function tableLoad(kernel: Kernel, disk: GenDisk, table: DmTable, isFirst: boolean): number {
  const { queue } = disk;
  const isDax = dmTableIsDax(table, queue.dax);
  if (isFirst) queue.dax = isDax;
  if (isDax || !queue.dax) return 0;
  print(kernel, 'warning', 'device-mapper', "ioctl: can't change device type after initial table load.");
  return -EINVAL;
}
