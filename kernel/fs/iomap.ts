/** include/linux/iomap.h and fs/iomap.c as far as dax needs them: mapping a file range to a device range. */
import type { GenDisk } from '../block/disk.ts';
import type { Kernel } from '../kernel.ts';
import type { AddressSpace } from './address-space.ts';
import type { DaxDevice } from './dax-device.ts';

/** struct iomap: `sizeBytes` bytes of a file from `offset`, and where they are. */
export interface Iomap {
  readonly type: 'hole' | 'mapped' | 'unwritten';
  readonly offset: number;
  readonly sizeBytes: number;
  /** Device byte position of `offset`; meaningless for a hole. */
  readonly devicePosition: number;
  /** IOMAP_F_NEW: allocated just now. */
  readonly isNew: boolean;
  readonly disk: GenDisk;
  readonly dax: DaxDevice | undefined;
}

/** An inode as the dax code sees it. */
export interface DaxInode {
  readonly kernel: Kernel;
  readonly mapping: AddressSpace;
  readonly disk: GenDisk;
  sizeBytes: number;
  /** log2 of the block size; dax write-back insists on PAGE_SHIFT. */
  readonly blockBits: number;
}

export type IomapPurpose = 'read' | 'write' | 'zero' | 'fault' | 'write fault';

/** struct iomap_ops: the file system's answer for `[position, position + sizeBytes)`, or a negative error. */
export interface IomapOperations {
  begin(inode: DaxInode, position: number, sizeBytes: number, purpose: IomapPurpose): Iomap | number;
}

/**
 * iomap_apply: asks the file system for one mapping and runs `actor` on the part of the range it covers.
 * Returns what the actor returns, or a negative error.
 */
export function iomapApply(
  inode: DaxInode,
  position: number,
  sizeBytes: number,
  purpose: IomapPurpose,
  operations: IomapOperations,
  actor: (position: number, sizeBytes: number, iomap: Iomap) => number,
): number {
  const iomap = operations.begin(inode, position, sizeBytes, purpose);
  if (typeof iomap === 'number') return iomap;
  return actor(position, Math.min(sizeBytes, iomap.offset + iomap.sizeBytes - position), iomap);
}

/** dax_iomap_sector: device sector of the page that holds file position `position`. */
export function iomapSector(iomap: Iomap, position: number): number {
  return (iomap.devicePosition + (position - (position % 4096)) - iomap.offset) / 512;
}
