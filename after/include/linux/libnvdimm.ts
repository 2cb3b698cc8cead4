/** include/linux/libnvdimm.h: what libnvdimm offers to bus providers. */
export { nvdimmBusAddPoison } from '../../drivers/nvdimm/core.ts';
export { ndBlkMemremapFlags } from '../../drivers/nvdimm/dimm_devs.ts';
export {
  ndRegionCreate,
  nvdimmFlush,
  nvdimmHasCache,
  nvdimmHasFlush,
} from '../../drivers/nvdimm/region_devs.ts';
export { nvdimmClearPoison } from '../../drivers/nvdimm/bus.ts';
