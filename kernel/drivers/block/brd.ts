/**
 * drivers/block/brd.c: a RAM disk, one of the dax drivers that the series does not touch (memory-and-dax.md 11). Its
 * pages are volatile machine memory, taken from the range set aside for it; direct_access gives one page a call.
 */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { ENOSPC } from '../../errno.ts';
import { type DaxDriver, noAccess } from '../../fs/dax-device.ts';
import { type Kernel, isEnabled } from '../../kernel.ts';
import { type MemoryDisk, newMemoryDisk } from './memory-disk.ts';

/** brd_dax_ops: direct_access only; it makes the page when it is not there yet, -ENOSPC beyond the end. */
export function brdDaxOps(brd: MemoryDisk): DaxDriver {
  return {
    directAccess: (_kernel, _dax, pgoff) =>
      pgoff * PAGE_SIZE_BYTES >= brd.sizeBytes
        ? noAccess(-ENOSPC)
        : { pages: 1, address: brd.address + pgoff * PAGE_SIZE_BYTES, hasStructPages: true },
  };
}

/** brd_alloc: a RAM disk over `[address, address + sizeBytes)`. The caller registers its dax operations. */
export function brdAlloc(kernel: Kernel, name: string, address: number, sizeBytes: number): MemoryDisk {
  return newMemoryDisk(kernel, name, address, sizeBytes, {
    driver: 'brd',
    logicalBlockSize: 512,
    queueDax: isEnabled(kernel, 'BLK_DEV_RAM_DAX'),
  });
}
