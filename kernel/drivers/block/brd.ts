/**
 * drivers/block/brd.c: a RAM disk, one of the dax drivers that the series does not touch (memory-and-dax.md 11). Its
 * pages are volatile machine memory, taken from the range set aside for it; direct_access gives one page a call.
 */
import { PAGE_SIZE_BYTES } from '#machine/units.ts';
import { type Bio, SECTOR_SIZE, bioEndio } from '../../block/bio.ts';
import { type GenDisk, newQueue } from '../../block/disk.ts';
import { EIO } from '../../errno.ts';
import type { DaxDriver } from '../../fs/dax-device.ts';
import { memcpy } from '../../arch/x86/memory-64.ts';
import { type Kernel, isEnabled } from '../../kernel.ts';

export interface BrdDevice {
  readonly kernel: Kernel;
  /** Address of its first page. Pages are taken in disk order, which no caller can see. */
  readonly address: number;
  readonly sizeBytes: number;
}

/** brd_make_request: memcpy page by page; no flush ever. */
function brdMakeRequest(brd: BrdDevice, bio: Bio): void {
  const { cpu } = brd.kernel;
  let position = bio.sector * SECTOR_SIZE;
  for (const { page, offset, lengthBytes } of bio.segments) {
    const bytes = page.bytes.subarray(offset, offset + lengthBytes);
    if (bio.operation === 'write') memcpy(brd.kernel, brd.address + position, bytes);
    else bytes.set(cpu.load(brd.address + position, lengthBytes));
    position += lengthBytes;
  }
  bioEndio(bio);
}

/** brd_dax_ops: direct_access only. */
export function brdDaxOps(brd: BrdDevice): DaxDriver {
  return {
    directAccess: (_kernel, _dax, pgoff) =>
      pgoff * PAGE_SIZE_BYTES >= brd.sizeBytes
        ? { pages: -EIO, address: 0, hasStructPages: false }
        : { pages: 1, address: brd.address + pgoff * PAGE_SIZE_BYTES, hasStructPages: true },
  };
}

/** brd_alloc: a RAM disk over `[address, address + sizeBytes)`. The caller registers its dax operations. */
export function brdAlloc(kernel: Kernel, name: string, address: number, sizeBytes: number): BrdDevice {
  const brd: BrdDevice = { kernel, address, sizeBytes };
  const queue = newQueue((bio) => brdMakeRequest(brd, bio));
  queue.dax = isEnabled(kernel, 'BLK_DEV_RAM_DAX');
  const disk: GenDisk = {
    name,
    driver: 'brd',
    queue,
    readOnly: false,
    capacitySectors: sizeBytes / SECTOR_SIZE,
  };
  kernel.disks.set(name, disk);
  return brd;
}
