/** drivers/nvdimm/dax_devs.c: device-dax over a namespace (nvdimm-and-firmware.md 7.5). */
import type { NamespaceIo, NdRegion } from '#kernel/drivers/nvdimm/nd.ts';
import { isMemory } from './nd-core.ts';
import { ndPfnValidate } from './pfn_devs.ts';

/** nd_dax_create: the name of the next dax device of a region; only for memory regions. */
export function ndDaxCreate(region: NdRegion): string | undefined {
  return isMemory(region) ? `dax${region.id}.0` : undefined;
}

/** nd_dax_probe: 0 when the namespace holds the info block of a dax device, else a negative error. */
export function ndDaxProbe(namespace: NamespaceIo): number {
  return ndPfnValidate(namespace, 'NVDIMM_DAX_INFO');
}
