/** Brings up the disks over volatile memory that have dax drivers of their own (memory-and-dax.md 11). */
import type { MemoryRange } from '#machine/hardware/memory.ts';
import { axonRamDaxOps, axonRamProbe } from '../drivers/block/axonram.ts';
import { brdAlloc, brdDaxOps } from '../drivers/block/brd.ts';
import { dcssblkAdd, dcssblkDaxOps } from '../drivers/block/dcssblk.ts';
import { isEnabled } from '../kernel.ts';
import type { MemoryDiskKind } from './operation.ts';
import type { System } from './system.ts';

/** Makes the disk over `range` and its dax device; a RAM disk has one only with CONFIG_BLK_DEV_RAM_DAX. */
export function bringUpMemoryDisk(
  { kernel, tree }: System,
  kind: MemoryDiskKind,
  { name, start, sizeBytes }: MemoryRange,
): void {
  switch (kind) {
    case 'ram': {
      const brd = brdAlloc(kernel, name, start, sizeBytes);
      if (isEnabled(kernel, 'BLK_DEV_RAM_DAX')) tree.dax.allocDax(kernel, name, brdDaxOps(brd));
      return;
    }
    case 'axonram':
      tree.dax.allocDax(kernel, name, axonRamDaxOps(axonRamProbe(kernel, name, start, sizeBytes)));
      return;
    case 'dcssblk':
      tree.dax.allocDax(kernel, name, dcssblkDaxOps(dcssblkAdd(kernel, name, start, sizeBytes)));
  }
}
