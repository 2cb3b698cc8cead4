/** drivers/nvdimm/dax_devs.c: device-dax over a namespace (nvdimm-and-firmware.md 7.5). */
import { freeClaimName } from '#kernel/drivers/nvdimm/claims.ts';
import type { NamespaceIo, NdRegion } from '#kernel/drivers/nvdimm/nd.ts';
import type { PfnInfo } from '#kernel/drivers/nvdimm/pfn-info.ts';
import { isNdPmem } from './nd-core.ts';
import { ndPfnValidate } from './pfn_devs.ts';

/** nd_dax_create: the name of the next dax device of a region; only for pmem regions. */
export function ndDaxCreate(region: NdRegion): string | undefined {
  return isNdPmem(region) ? freeClaimName(region, 'dax') : undefined;
}

/** nd_dax_probe: the info block of a dax device on the namespace, or a negative error. */
export function ndDaxProbe(namespace: NamespaceIo): PfnInfo | number {
  return ndPfnValidate(namespace, 'dax');
}
