/**
 * drivers/nvdimm/pfn_devs.c: pfn devices, which keep an info block and perhaps the struct pages of a namespace in
 * front of its data (nvdimm-and-firmware.md 7.4).
 */
import type { NamespaceIo, NdRegion } from '#kernel/drivers/nvdimm/nd.ts';
import { type PfnSignature, hasPfnSignature, pfnInfoOffset } from '#kernel/drivers/nvdimm/pfn-probe.ts';
import { ENODEV, ENXIO } from '#kernel/errno.ts';
import { nsioRwBytes } from './claim.ts';
import { isNdPmem } from './nd-core.ts';

/** nd_pfn_create: the name of the next pfn device of a region; only for pmem regions. */
export function ndPfnCreate(region: NdRegion): string | undefined {
  return isNdPmem(region) ? `pfn${region.id}.0` : undefined;
}

/**
 * nd_pfn_validate: whether the namespace holds an info block of that kind. Returns 0, -ENODEV when it does not, or
 * -ENXIO when the block can not be read.
 */
export function ndPfnValidate(namespace: NamespaceIo, signature: PfnSignature): number {
  if (!isNdPmem(namespace.region)) return -ENODEV;
  const block = new Uint8Array(4096);
  if (nsioRwBytes(namespace, pfnInfoOffset, block, false) !== 0) return -ENXIO;
  return hasPfnSignature(block, signature) ? 0 : -ENODEV;
}
