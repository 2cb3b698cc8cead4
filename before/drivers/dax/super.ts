/**
 * drivers/dax/super.c: the dax core. Finds devices by the name of their disk, checks that they are alive, and calls
 * their operations (memory-and-dax.md 7.2). The SRCU read section is left out: nothing runs concurrently.
 */
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import type { GenDisk } from '#kernel/block/disk.ts';
import { EINVAL, EIO, ENXIO, EOPNOTSUPP, ERANGE } from '#kernel/errno.ts';
import { type DirectAccess, noAccess } from '#kernel/fs/dax-device.ts';
import { type Kernel, print, staticVariable } from '#kernel/kernel.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { DaxDevice, DaxOperations } from '../../include/linux/dax.ts';

const daxHostList = staticVariable('dax_host_list', () => new Map<string, DaxDevice>());

/** A page offset, or a negative error; the offset is set even then, as in C. */
export interface PageOffset {
  readonly pgoff: number;
  readonly error: number;
}

/** bdev_dax_pgoff(bdev, sector, size): the page offset of a sector; -EINVAL when place or size is not whole pages. */
export function bdevDaxPgoff(_disk: GenDisk, sector: number, sizeBytes: number): PageOffset {
  const position = sector * SECTOR_SIZE;
  const aligned = position % PAGE_SIZE_BYTES === 0 && sizeBytes % PAGE_SIZE_BYTES === 0;
  return { pgoff: Math.floor(position / PAGE_SIZE_BYTES), error: aligned ? 0 : -EINVAL };
}

/** __bdev_dax_supported: whether a file system of `blockSize` may use dax on `disk`. Returns 0 or a negative error. */
export function bdevDaxSupported(kernel: Kernel, disk: GenDisk, blockSize: number): number {
  if (blockSize !== PAGE_SIZE_BYTES) {
    print(kernel, 'error', disk.name, 'error: unsupported blocksize for dax');
    return -EINVAL;
  }
  const dax = daxGetByHost(kernel, disk.name);
  if (dax === undefined) {
    print(kernel, 'error', disk.name, 'error: device does not support dax');
    return -EOPNOTSUPP;
  }
  const { pages } = daxDirectAccess(kernel, dax, 0, 1);
  if (pages < 1) {
    print(kernel, 'error', disk.name, `error: dax access failed (${pages})`);
    return pages < 0 ? pages : -EIO;
  }
  return 0;
}

/** dax_alive(dax_dev). */
export function daxAlive(dax: DaxDevice): boolean {
  return dax.alive;
}

/**
 * dax_direct_access(dax_dev, pgoff, nr_pages): -EOPNOTSUPP without a device, -ENXIO for a dead one, -ERANGE when no
 * page is there; never more pages than were asked for.
 */
export function daxDirectAccess(
  kernel: Kernel,
  dax: DaxDevice | undefined,
  pgoff: number,
  pageCount: number,
): DirectAccess {
  if (dax === undefined) return noAccess(-EOPNOTSUPP);
  if (!daxAlive(dax)) return noAccess(-ENXIO);
  if (pageCount < 0) return noAccess(pageCount);
  const found = dax.operations.directAccess(kernel, dax, pgoff, pageCount);
  if (found.pages === 0) return noAccess(-ERANGE);
  return { ...found, pages: Math.min(found.pages, pageCount) };
}

/** kill_dax(dax_dev): from here on nothing reaches the driver. */
export function killDax(kernel: Kernel, dax: DaxDevice | undefined): void {
  if (dax === undefined) return;
  dax.alive = false;
  daxHostList(kernel).delete(dax.hostName);
}

/** alloc_dax(private, host, ops): a device under the name of its disk. The private pointer is the driver's closure. */
export function allocDax(kernel: Kernel, hostName: string, operations: DaxOperations): DaxDevice {
  const dax = { hostName, operations, alive: true };
  daxHostList(kernel).set(hostName, dax);
  return dax;
}

/** dax_get_by_host(name): the living device of a disk. */
export function daxGetByHost(kernel: Kernel, hostName: string): DaxDevice | undefined {
  return daxHostList(kernel).get(hostName);
}
