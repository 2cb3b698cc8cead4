/**
 * drivers/s390/block/dcssblk.c: a shared memory segment of z/VM as a disk (memory-and-dax.md 11). Logical blocks are
 * 4096 bytes: bios must be 4 KiB aligned in memory, length and sector, and only whole pages are zeroed by bios.
 */
import type { DaxDriver } from '../../fs/dax-device.ts';
import type { Kernel } from '../../kernel.ts';
import { type MemoryDisk, accessWithoutBounds, newMemoryDisk } from './memory-disk.ts';

/** dcssblk_dax_ops: direct_access only, no bounds check. */
export function dcssblkDaxOps(dcssblk: MemoryDisk): DaxDriver {
  return { directAccess: (_kernel, _dax, pgoff) => accessWithoutBounds(dcssblk, pgoff) };
}

/** dcssblk_add_store: the disk. The caller registers its dax operations. */
export function dcssblkAdd(kernel: Kernel, name: string, address: number, sizeBytes: number): MemoryDisk {
  return newMemoryDisk(kernel, name, address, sizeBytes, {
    driver: 'dcssblk',
    logicalBlockSize: 4096,
    queueDax: true,
  });
}
