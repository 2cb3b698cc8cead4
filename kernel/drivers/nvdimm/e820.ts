/**
 * drivers/nvdimm/e820.c: ranges that the firmware calls "Persistent Memory (legacy)" (nvdimm-and-firmware.md 8). The
 * bus takes no commands and its regions have no dimms, so nobody knows whether writes to them persist.
 */
import type { Kernel } from '../../kernel.ts';
import type { Tree } from '../../tree.ts';
import type { NvdimmBus } from './nd.ts';

/** e820_pmem_probe: a bus with one region for each range; `regionAdded` binds their driver. */
export function e820PmemProbe(
  kernel: Kernel,
  { nvdimm }: Tree,
  busName: string,
  ranges: readonly { readonly start: number; readonly sizeBytes: number }[],
  hooks: Pick<NvdimmBus, 'regionAdded' | 'poisonChanged'>,
): NvdimmBus {
  const bus: NvdimmBus = {
    kernel,
    name: busName,
    providerName: 'e820',
    poison: [],
    regions: [],
    dimms: [],
    ...hooks,
  };
  for (const { start, sizeBytes } of ranges) {
    nvdimm.ndRegionCreate(bus, { start, sizeBytes, mappings: [], pagemap: true, numaNode: 0 }, 'nd_pmem');
  }
  return bus;
}
