/** Files of block devices under /sys/block: the ones that matter to persistence (nvdimm-and-firmware.md 11.4, 11.6). */
import { badblocksShow, badblocksStore } from '../block/badblocks.ts';
import type { GenDisk } from '../block/disk.ts';
import { EINVAL } from '../errno.ts';
import { type SysfsFile, type SysfsFiles, textFile } from '../fs/sysfs-file.ts';

/** queue_wc_store: compares beginnings, trims nothing, changes only QUEUE_FLAG_WC. */
function storeWriteCache(disk: GenDisk, text: string): number {
  if (text.startsWith('write back')) disk.queue.writeCache = true;
  else if (text.startsWith('write through') || text.startsWith('none')) disk.queue.writeCache = false;
  else return -EINVAL;
  return text.length;
}

/**
 * The files of a disk. There is none for QUEUE_FLAG_FUA. `dax/write_cache` came with the merged series: it is one of those
 * that a driver adds.
 */
export function diskFiles(disk: GenDisk): SysfsFiles {
  const { queue, readOnly, capacitySectors, badblocks } = disk;
  const files = new Map<string, SysfsFile>([
    [
      'queue/write_cache',
      {
        mode: 0o644,
        show: () => (queue.writeCache ? 'write back\n' : 'write through\n'),
        store: (text) => storeWriteCache(disk, text),
      },
    ],
    ['queue/dax', textFile(queue.dax ? '1' : '0')],
    ['queue/logical_block_size', textFile(`${queue.logicalBlockSize}`)],
    ['queue/physical_block_size', textFile(`${queue.physicalBlockSize}`)],
    ['ro', textFile(readOnly ? '1' : '0')],
    ['size', textFile(`${capacitySectors}`)],
    ...(disk.attributes ?? []),
  ]);
  if (badblocks !== undefined) {
    files.set('badblocks', {
      mode: 0o644,
      show: () => badblocksShow(badblocks),
      store: (text) => badblocksStore(badblocks, text),
    });
  }
  return files;
}
