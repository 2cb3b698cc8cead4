/**
 * A disk over a stretch of memory that is copied with plain memcpy, bio segment by bio segment: what the block side of
 * brd, axonram and dcssblk has in common (memory-and-dax.md 11). No queue here ever advertises a write cache.
 */
import { memcpy } from '../../arch/x86/memory-64.ts';
import { type Bio, SECTOR_SIZE, bioEndio, bioSizeBytes } from '../../block/bio.ts';
import { type GenDisk, newQueue } from '../../block/disk.ts';
import { EIO } from '../../errno.ts';
import type { DirectAccess } from '../../fs/dax-device.ts';
import type { Kernel } from '../../kernel.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';

export interface MemoryDisk {
  readonly kernel: Kernel;
  /** Address of the first byte. */
  readonly address: number;
  readonly sizeBytes: number;
  readonly disk: GenDisk;
}

/** What differs between the drivers. */
export interface MemoryDiskOptions {
  readonly driver: string;
  readonly logicalBlockSize: number;
  /** Whether the driver sets QUEUE_FLAG_DAX. */
  readonly queueDax: boolean;
}

/** Copies the segments of a bio to or from memory. A place or length that is not whole logical blocks is -EIO. */
function transfer(memory: MemoryDisk, bio: Bio): void {
  const { kernel, address, disk } = memory;
  let position = bio.sector * SECTOR_SIZE;
  const block = disk.queue.logicalBlockSize;
  const aligned =
    position % block === 0 &&
    bioSizeBytes(bio) % block === 0 &&
    bio.segments.every(
      ({ offset, lengthBytes }) => block <= SECTOR_SIZE || (offset | lengthBytes) % block === 0,
    );
  bio.status = aligned ? 0 : -EIO;
  for (const { page, offset, lengthBytes } of aligned ? bio.segments : []) {
    const bytes = page.bytes.subarray(offset, offset + lengthBytes);
    if (bio.operation === 'write') memcpy(kernel, address + position, bytes);
    else bytes.set(kernel.cpu.load(address + position, lengthBytes));
    position += lengthBytes;
  }
  bioEndio(bio);
}

/** Makes the disk `name` over `[address, address + sizeBytes)` and enters it into the kernel's disks. */
export function newMemoryDisk(
  kernel: Kernel,
  name: string,
  address: number,
  sizeBytes: number,
  options: MemoryDiskOptions,
): MemoryDisk {
  const queue = newQueue((bio) => transfer(memory, bio));
  queue.dax = options.queueDax;
  queue.logicalBlockSize = options.logicalBlockSize;
  queue.physicalBlockSize = options.logicalBlockSize;
  const disk: GenDisk = {
    name,
    driver: options.driver,
    queue,
    readOnly: false,
    capacitySectors: sizeBytes / SECTOR_SIZE,
  };
  const memory: MemoryDisk = { kernel, address, sizeBytes, disk };
  kernel.disks.set(name, disk);
  return memory;
}

/** Pages of a 64-bit address space: where a count of pages wraps that was computed from unsigned bytes. */
const PAGES_OF_UNSIGNED_BYTES = 2 ** 64 / PAGE_SIZE_BYTES;

/**
 * A direct_access without a bounds check: the pages from `pgoff` to the end. Size and offset are unsigned in C, so
 * beyond the end the count is huge and the address lies behind the memory (memory-and-dax.md 11).
 */
export function accessWithoutBounds(memory: MemoryDisk, pgoff: number): DirectAccess {
  const offset = pgoff * PAGE_SIZE_BYTES;
  const pages = (memory.sizeBytes - offset) / PAGE_SIZE_BYTES;
  return {
    pages: pages < 0 ? PAGES_OF_UNSIGNED_BYTES + pages : pages,
    address: memory.address + offset,
    hasStructPages: false,
  };
}
