/** drivers/nvdimm/pmem.h: the state of one pmem disk. */
import type { BadBlocks } from '#kernel/block/badblocks.ts';
import type { GenDisk } from '#kernel/block/disk.ts';
import type { NamespaceIo } from '#kernel/drivers/nvdimm/nd.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';

/** struct pmem_device. */
export interface PmemDevice {
  readonly namespace: NamespaceIo;
  /** Physical address of the namespace, also where a pfn device leaves out its first bytes (15.1 p, standing). */
  readonly physAddr: number;
  /** Bytes before the data (a pfn info block and memory map). */
  readonly dataOffset: number;
  /** Kernel address of what is mapped; physical and kernel addresses are the same here. */
  readonly virtAddr: number;
  /** Bytes of the namespace. */
  readonly sizeBytes: number;
  /** Bytes at both ends that a pfn device leaves out. */
  readonly pfnPad: number;
  /** Whether the memory has struct pages (PFN_MAP). */
  readonly hasStructPages: boolean;
  readonly badblocks: BadBlocks;
  readonly dax: DaxDevice;
  readonly disk: GenDisk;
}
