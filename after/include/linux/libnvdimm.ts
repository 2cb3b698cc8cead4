/** include/linux/libnvdimm.h: what libnvdimm offers to bus providers. */
export { nvdimmBusAddPoison } from '../../drivers/nvdimm/core.ts';
export {
  ndRegionCreate,
  nvdimmFlush,
  nvdimmHasCache,
  nvdimmHasFlush,
} from '../../drivers/nvdimm/region_devs.ts';
export { nvdimmClearPoison } from '../../drivers/nvdimm/bus.ts';
