/**
 * arch/powerpc/sysdev/axonram.c: memory of a Cell blade as a disk (memory-and-dax.md 11). It has a dax device but never
 * sets QUEUE_FLAG_DAX: a file system can mount it with dax, device-mapper can not take it as a dax member. Its uncached
 * mapping is not simulated.
 */
import type { DaxDriver } from '../../fs/dax-device.ts';
import type { Kernel } from '../../kernel.ts';
import { type MemoryDisk, accessWithoutBounds, newMemoryDisk } from './memory-disk.ts';

/** axon_ram_dax_ops: direct_access only, no bounds check. */
export function axonRamDaxOps(axonRam: MemoryDisk): DaxDriver {
  return { directAccess: (_kernel, _dax, pgoff) => accessWithoutBounds(axonRam, pgoff) };
}

/** axon_ram_probe: the disk. The caller registers its dax operations. */
export function axonRamProbe(kernel: Kernel, name: string, address: number, sizeBytes: number): MemoryDisk {
  return newMemoryDisk(kernel, name, address, sizeBytes, {
    driver: 'axonram',
    logicalBlockSize: 512,
    queueDax: false,
  });
}
