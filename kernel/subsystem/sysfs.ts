/** Attributes of block devices under /sys/block: the ones that matter to persistence (nvdimm-and-firmware.md 11.4, 11.6). */
import { badblocksShow, badblocksStore } from '../block/badblocks.ts';
import type { GenDisk } from '../block/disk.ts';
import { EINVAL, ENOENT, EPERM } from '../errno.ts';
import type { Kernel } from '../kernel.ts';

/** One attribute of a disk: its text, and how a write changes it. */
interface DiskAttribute {
  readonly show: (disk: GenDisk) => string | undefined;
  /** Returns the bytes taken or a negative error. Absent for read-only files. */
  readonly store?: (disk: GenDisk, text: string) => number;
}

/** queue_wc_store: compares beginnings, trims nothing, changes only QUEUE_FLAG_WC. */
function storeWriteCache(disk: GenDisk, text: string): number {
  if (text.startsWith('write back')) disk.queue.writeCache = true;
  else if (text.startsWith('write through') || text.startsWith('none')) disk.queue.writeCache = false;
  else return -EINVAL;
  return text.length;
}

const DISK_ATTRIBUTES: ReadonlyMap<string, DiskAttribute> = new Map<string, DiskAttribute>([
  [
    'queue/write_cache',
    {
      show: ({ queue }) => (queue.writeCache ? 'write back\n' : 'write through\n'),
      store: storeWriteCache,
    },
  ],
  ['queue/dax', { show: ({ queue }) => (queue.dax ? '1\n' : '0\n') }],
  ['queue/logical_block_size', { show: ({ queue }) => `${queue.logicalBlockSize}\n` }],
  ['queue/physical_block_size', { show: ({ queue }) => `${queue.physicalBlockSize}\n` }],
  ['ro', { show: ({ readOnly }) => (readOnly ? '1\n' : '0\n') }],
  ['size', { show: ({ capacitySectors }) => `${capacitySectors}\n` }],
  [
    'badblocks',
    {
      show: ({ badblocks }) => (badblocks === undefined ? undefined : badblocksShow(badblocks)),
      store: ({ badblocks }, text) => (badblocks === undefined ? -ENOENT : badblocksStore(badblocks, text)),
    },
  ],
]);

function findAttribute(
  kernel: Kernel,
  path: string,
): { disk: GenDisk; attribute: DiskAttribute } | undefined {
  const match = /^(?:\/sys)?(?:\/block\/)?([^/]+)\/(.+)$/.exec(path);
  const disk = kernel.disks.get(match?.[1] ?? '');
  const attribute = DISK_ATTRIBUTES.get(match?.[2] ?? '');
  return disk === undefined || attribute === undefined ? undefined : { disk, attribute };
}

/** Reads an attribute, e.g. `pmem0/queue/write_cache`. Returns its text or -ENOENT. */
export function sysfsRead(kernel: Kernel, path: string): string | number {
  const found = findAttribute(kernel, path);
  return found?.attribute.show(found.disk) ?? -ENOENT;
}

/** Writes an attribute. Returns the bytes taken, -ENOENT, -EPERM for a read-only file, or the attribute's error. */
export function sysfsWrite(kernel: Kernel, path: string, text: string): number {
  const found = findAttribute(kernel, path);
  if (found === undefined) return -ENOENT;
  return found.attribute.store?.(found.disk, text) ?? -EPERM;
}
