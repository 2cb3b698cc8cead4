/**
 * The driver of dimms (drivers/nvdimm/dimm.c and the commands of dimm_devs.c, v4.12): reads the label area, and takes
 * the room that labels speak of. A dimm without label area is bound all the same, unless its memory can be reached in
 * two ways: only labels could say then who has what.
 */
import { EBUSY, EIO, ENXIO } from '../../errno.ts';
import { preemptionPoint } from '../../kernel.ts';
import { reserveLabels } from './dpa.ts';
import { LabelFlag, activeLabels, copyCurrentIndex, ndLabelValidate } from './label.ts';
import { DimmCommand, type NdRegion, type Nvdimm, type NvdimmDriverData } from './nd.ts';

/** Whether a command of a dimm fails. */
function fails({ failingCommands = 0 }: Nvdimm, command: number): boolean {
  return ((failingCommands >> command) & 1) === 1;
}

/** nvdimm_set_config_data: writes to the label area. Returns 0, or -EIO when the command fails. */
export function setConfigData(nvdimm: Nvdimm, offset: number, bytes: Uint8Array): number {
  if (nvdimm.labelArea === undefined) return -ENXIO;
  if (fails(nvdimm, DimmCommand.setConfigData)) return -EIO;
  if (nvdimm.kernel !== undefined) preemptionPoint(nvdimm.kernel, 'nvdimm_set_config_data');
  nvdimm.labelArea.set(bytes, offset);
  return 0;
}

/** nvdimm_probe. Returns 0 or a negative error: -EIO when a command fails, -ENXIO for missing labels, -EBUSY. */
export function nvdimmProbe(nvdimm: Nvdimm): number {
  if (nvdimm.isEnabled === true) return -EBUSY;
  if (nvdimm.labelArea === undefined) {
    nvdimm.isEnabled = !nvdimm.aliasing;
    return nvdimm.aliasing ? -ENXIO : 0;
  }
  if (fails(nvdimm, DimmCommand.getConfigSize) || fails(nvdimm, DimmCommand.getConfigData)) return -EIO;
  const area = nvdimm.labelArea.slice();
  const nsCurrent = ndLabelValidate(area);
  const data: NvdimmDriverData = {
    area,
    nsCurrent,
    nsNext: nsCurrent === -1 ? -1 : 1 - nsCurrent,
    dpa: [],
  };
  copyCurrentIndex(data);
  const error = reserveLabels(
    data,
    activeLabels(data).map(({ uuid, flags, dpa, rawSizeBytes }) => ({
      labelId: `${(flags & LabelFlag.local) === 0 ? 'pmem' : 'blk'}-${uuid}`,
      dpa,
      rawSizeBytes,
    })),
  );
  if (error !== 0) return error;
  nvdimm.driverData = data;
  nvdimm.isEnabled = true;
  return 0;
}

/** Whether a region's driver is bound that needs the dimm. */
export function isDimmBusy(nvdimm: Nvdimm, regions: readonly NdRegion[]): boolean {
  return regions.some(
    ({ children, mappings }) =>
      children !== undefined && mappings.some((mapping) => mapping.nvdimm === nvdimm),
  );
}

/** nvdimm_remove. */
export function nvdimmRemove(nvdimm: Nvdimm): void {
  delete nvdimm.driverData;
  nvdimm.isEnabled = false;
}
