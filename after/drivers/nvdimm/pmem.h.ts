/** drivers/nvdimm/pmem.h: the state of one pmem disk, and what libnvdimm needs of the architecture. */
import type { BadBlocks } from '#kernel/block/badblocks.ts';
import type { GenDisk } from '#kernel/block/disk.ts';
import type { NamespaceIo } from '#kernel/drivers/nvdimm/nd.ts';
import { type Kernel, isEnabled } from '#kernel/kernel.ts';
import { MEMREMAP_WB, MEMREMAP_WT, type MemremapType } from '#kernel/mm/memremap.ts';
import {
  archInvalidatePmem as x86InvalidatePmem,
  archWbCachePmem as x86WbCachePmem,
} from '../../arch/x86/include/asm/pmem.ts';
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

/** ARCH_MEMREMAP_PMEM: how the driver maps persistent memory. */
export function archMemremapPmem(kernel: Kernel): MemremapType {
  return isEnabled(kernel, 'ARCH_HAS_PMEM_API') ? MEMREMAP_WB : MEMREMAP_WT;
}

/** arch_wb_cache_pmem(addr, size): empty without CONFIG_ARCH_HAS_PMEM_API. */
export function archWbCachePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  if (isEnabled(kernel, 'ARCH_HAS_PMEM_API')) x86WbCachePmem(kernel, address, sizeBytes);
}

/** arch_invalidate_pmem(addr, size): empty without CONFIG_ARCH_HAS_PMEM_API. */
export function archInvalidatePmem(kernel: Kernel, address: number, sizeBytes: number): void {
  if (isEnabled(kernel, 'ARCH_HAS_PMEM_API')) x86InvalidatePmem(kernel, address, sizeBytes);
}
