/** Disks and their request queues, as bio-based drivers use them (genhd.h, blkdev.h). */
import { EPERM } from '../errno.ts';
import type { SysfsFiles } from '../fs/sysfs-file.ts';
import type { Page } from '../lib/user-memory.ts';
import type { BadBlocks } from './badblocks.ts';
import type { Bio } from './bio.ts';

/** struct request_queue: the flags and limits a bio-based driver sets. */
export interface RequestQueue {
  /** QUEUE_FLAG_WC: the device has a volatile write cache, so PREFLUSH and FUA mean something. */
  writeCache: boolean;
  /** QUEUE_FLAG_FUA; not looked at for bio-based drivers (nvdimm-and-firmware.md 11.2), only by stacking. */
  fua: boolean;
  /** QUEUE_FLAG_DAX. */
  dax: boolean;
  logicalBlockSize: number;
  physicalBlockSize: number;
  /** The driver's make_request_fn. It completes the bio. */
  makeRequest: (bio: Bio) => void;
  /** QUEUE_FLAG_DYING: the driver has gone. Who still holds the disk, a mapped device say, gets errors. */
  isDying?: boolean;
}

export interface GenDisk {
  readonly name: string;
  capacitySectors: number;
  /** The disk's policy: its driver sets it, and so does the ioctl BLKROSET (set_disk_ro, set_device_ro). */
  readOnly: boolean;
  readonly queue: RequestQueue;
  /** disk->bb, shown as /sys/block/X/badblocks; absent when the driver keeps none. */
  badblocks?: BadBlocks;
  /** block_device_operations.rw_page: one page; 0 when done, else a negative error and the page is untouched. */
  rwPage?: (sector: number, page: Page, isWrite: boolean) => number;
  /** Files that the driver hung below the disk when it was added, by their path below it (gendev->groups). */
  attributes?: SysfsFiles;
  /** The owner of the disk, for device-mapper's iterate_devices and for sysfs. */
  readonly driver: string;
}

/** A queue as blk_alloc_queue leaves it. */
export function newQueue(makeRequest: (bio: Bio) => void): RequestQueue {
  return {
    writeCache: false,
    fua: false,
    dax: false,
    logicalBlockSize: 512,
    physicalBlockSize: 512,
    makeRequest,
  };
}

/** blk_cleanup_queue: no bio reaches the driver any more. */
export function blkCleanupQueue(queue: RequestQueue): void {
  queue.isDying = true;
}

/** blk_queue_write_cache(q, wc, fua). */
export function blkQueueWriteCache(queue: RequestQueue, writeCache: boolean, fua: boolean): void {
  queue.writeCache = writeCache;
  queue.fua = fua;
}

/**
 * Whether a process may write to a disk that it has open (blkdev_write_iter): 0, or -EPERM when its policy is
 * read-only. In 4.12 nothing below looks at the policy: what the kernel itself writes, or zeroes for an ioctl, is done.
 */
export function mayWrite(disk: GenDisk): number {
  return disk.readOnly ? -EPERM : 0;
}
