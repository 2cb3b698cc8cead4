/**
 * drivers/md/dm-table.c: the targets of a mapped device, how one is found, and what the table makes of its members'
 * queues (memory-and-dax.md 8.1, 8.6, 8.7).
 */
import { type GenDisk, type RequestQueue, blkQueueWriteCache } from '../../block/disk.ts';
import { EINVAL } from '../../errno.ts';
import { type Kernel, KernelOops, print } from '../../kernel.ts';
import type { DmTarget } from './dm-target.ts';

/** Keys of one node of the lookup tree. */
const KEYS_PER_NODE = 8;

export interface DmTable {
  readonly targets: readonly DmTarget[];
}

/** dm_table_add_target for all: targets must follow each other without a gap. Returns the table or -EINVAL. */
export function newDmTable(kernel: Kernel, targets: readonly DmTarget[]): DmTable | number {
  let next = 0;
  for (const target of targets) {
    if (target.beginSector !== next || target.sectorCount <= 0) {
      print(kernel, 'error', 'device-mapper', 'table: Gap in table');
      return -EINVAL;
    }
    next += target.sectorCount;
  }
  return { targets };
}

/** Sectors of the whole table. */
export function tableSectors(table: DmTable): number {
  const last = table.targets.at(-1);
  return last === undefined ? 0 : last.beginSector + last.sectorCount;
}

/**
 * dm_table_find_target: the target that holds `sector`, `undefined` beyond the end. With a whole number of nodes the
 * lookup beyond the end runs past the array (defect B13), which is an oops here.
 */
export function dmTableFindTarget(table: DmTable, sector: number): DmTarget | undefined {
  const found = table.targets.find((target) => sector < target.beginSector + target.sectorCount);
  if (found === undefined && table.targets.length % KEYS_PER_NODE === 0) {
    throw new KernelOops('dm_table_find_target: read past the targets (B13)');
  }
  return found;
}

/** dm_table_supports_dax: every target has direct_access and *any* of its members' queues has the dax flag (B12). */
export function dmTableSupportsDax(table: DmTable): boolean {
  return table.targets.every(
    ({ type, members }) =>
      type.directAccess !== undefined &&
      type.iteratesDevices &&
      members.some(({ member }) => member.disk.queue.dax),
  );
}

/**
 * dm_table_determine_type: whether the table is of the dax type (DM_TYPE_DAX_BIO_BASED). One without any member is of
 * the type of the device it is for.
 */
export function dmTableIsDax(table: DmTable, isForDax: boolean): boolean {
  const hasMembers = table.targets.some(({ members }) => members.length > 0);
  return dmTableSupportsDax(table) || (isForDax && !hasMembers);
}

/** dm_table_supports_flush: any target that wants flushes has any member whose queue has the flag. */
function supportsFlush(table: DmTable, flag: (queue: RequestQueue) => boolean): boolean {
  return table.targets.some(
    ({ flushBioCount, type, members }) =>
      flushBioCount > 0 && type.iteratesDevices && members.some(({ member }) => flag(member.disk.queue)),
  );
}

/**
 * dm_table_set_restrictions: computes the mapped device's queue from its members, once, when the table is bound. The
 * dax flag is not of it: see `tableLoad`.
 */
export function dmTableSetRestrictions(table: DmTable, disk: GenDisk): void {
  const writeCache = supportsFlush(table, (queue) => queue.writeCache);
  blkQueueWriteCache(disk.queue, writeCache, writeCache && supportsFlush(table, (queue) => queue.fua));
  const queues = table.targets.flatMap(({ members }) => members.map(({ member }) => member.disk.queue));
  disk.queue.logicalBlockSize = Math.max(512, ...queues.map((queue) => queue.logicalBlockSize));
  disk.queue.physicalBlockSize = Math.max(512, ...queues.map((queue) => queue.physicalBlockSize));
  disk.capacitySectors = tableSectors(table);
}
