/**
 * From tables to dimms (drivers/acpi/nfit/core.c: nfit_mem_init, acpi_nfit_register_dimms; nvdimm-and-firmware.md
 * 10.3). Only memory and control ranges make dimms known, and memory maps of no range; a dimm behind nothing but a
 * volatile range stays unknown.
 */
import { type MemoryMap, MemoryMapFlag } from '#machine/nfit/subtables.ts';
import { ENODEV } from '../../../errno.ts';
import { type Kernel, mustExist, print, staticVariable } from '../../../kernel.ts';
import { nvdimmProbe } from '../../nvdimm/dimm.ts';
import type { Nvdimm } from '../../nvdimm/nd.ts';
import type { AcpiNfitDesc, NfitMem, NfitSpa } from './acpi-desc.ts';
import { dimmAttributes, dimmFlagNames } from './dimm-attributes.ts';

const dimmIda = staticVariable('dimm_ida', () => ({ next: 0 }));

/** The next `nmemN`; N is global over all buses. */
export function nextDimmName(kernel: Kernel): string {
  return `nmem${dimmIda(kernel).next++}`;
}

/** nfit_mem_init: finds the dimms. Returns 0, or -ENODEV when a memory map names a control region that is not there. */
export function nfitMemInit(desc: AcpiNfitDesc): number {
  for (const spa of desc.spas) {
    if (spa.type !== 'pmem' && spa.type !== 'dimm-control-region') continue;
    for (const memdev of desc.memdevs) {
      if (memdev.rangeIndex !== spa.spa.rangeIndex) continue;
      const error = nfitMemDcrInit(desc, memdev, spa);
      if (error !== 0) return error;
    }
  }
  for (const memdev of desc.memdevs) {
    if (memdev.rangeIndex !== 0) continue;
    const error = nfitMemDcrInit(desc, memdev, undefined);
    if (error !== 0) return error;
  }
  desc.dimms.sort((left, right) => left.handle - right.handle);
  return 0;
}

/** Creates or finds the dimm of a memory map and records what else the tables say of it. */
function nfitMemDcrInit(desc: AcpiNfitDesc, memdev: MemoryMap, spa: NfitSpa | undefined): number {
  const dimm = findDimm(desc, memdev.deviceHandle);
  if (memdev.regionIndex !== 0) {
    const named = desc.controlRegions.filter(({ regionIndex }) => regionIndex === memdev.regionIndex);
    const region = named.find(({ windows }) => windows !== 0) ?? named[0];
    if (region === undefined) {
      // The message names the range, which an unmapped dimm has none of.
      const { rangeIndex } = mustExist(spa, 'spa of an unmapped dimm').spa;
      const text = `SPA ${rangeIndex} missing DCR ${memdev.regionIndex}`;
      print(desc.bus.kernel, 'error', desc.bus.providerName, text);
      return -ENODEV;
    }
    if (dimm.controlRegion === undefined || region.windows !== 0) dimm.controlRegion = region;
  }
  if (spa?.type === 'pmem') dimm.hasPmem = true;
  if (spa?.type === 'dimm-control-region') {
    const window = desc.blockWindows.find(({ regionIndex }) => regionIndex === memdev.regionIndex);
    if (window !== undefined) dimm.blockWindow = window;
    dimm.controlSpa = spa;
    const apertureSpa = findAperture(desc, memdev);
    if (apertureSpa !== undefined) dimm.apertureSpa = apertureSpa;
  }
  return 0;
}

/** nfit_mem_find_spa_bdw: the aperture range of the dimm and control region of a memory map. */
function findAperture(desc: AcpiNfitDesc, { deviceHandle, regionIndex }: MemoryMap): NfitSpa | undefined {
  const own = desc.memdevs.filter(
    (memdev) => memdev.deviceHandle === deviceHandle && memdev.regionIndex === regionIndex,
  );
  return desc.spas.find(
    ({ type, spa }) =>
      type === 'block-data-window' && own.some(({ rangeIndex }) => rangeIndex === spa.rangeIndex),
  );
}

function findDimm(desc: AcpiNfitDesc, handle: number): NfitMem {
  const known = desc.dimms.find((dimm) => dimm.handle === handle);
  if (known !== undefined) return known;
  const table = desc.flushes.find(({ deviceHandle }) => deviceHandle === handle);
  const memdevs = desc.memdevs.filter(({ deviceHandle }) => deviceHandle === handle);
  const named = new Set(memdevs.map(({ regionIndex }) => regionIndex));
  const regions = desc.controlRegions.filter(({ regionIndex }) => named.has(regionIndex));
  const dimm: NfitMem = {
    handle,
    memdevs,
    hasPmem: false,
    formats: [...new Set(regions.map(({ code }) => code))],
    flushHints: (table?.addresses ?? []).map(Number),
  };
  desc.dimms.push(dimm);
  return dimm;
}

/** acpi_nfit_register_dimms: makes `nmemN` of every dimm, by ascending handle. */
export function acpiNfitRegisterDimms(desc: AcpiNfitDesc): void {
  const { bus } = desc;
  for (const dimm of desc.dimms) {
    const flags = dimm.memdevs.reduce((all, memdev) => all | memdev.flags, 0);
    const labelArea = desc.hardware.labelArea(dimm.handle);
    const hasLabels = labelArea !== undefined;
    const nvdimm: Nvdimm = {
      name: nextDimmName(bus.kernel),
      flushHints: dimm.flushHints,
      aliasing: dimm.blockWindow !== undefined && dimm.hasPmem,
      unarmed: (flags & MemoryMapFlag.notArmed) !== 0,
      ...(hasLabels ? { labelArea, kernel: bus.kernel } : {}),
      providerAttributes: dimmAttributes(dimm, flags, hasLabels),
      commands: hasLabels ? ['get_size', 'get_data', 'set_data', 'cmd_call'] : ['cmd_call'],
    };
    dimm.nvdimm = nvdimm;
    bus.dimms?.push(nvdimm);
    nvdimmProbe(nvdimm);
    const failures = flags & ~(MemoryMapFlag.healthObserved | MemoryMapFlag.healthEnabled);
    if (failures !== 0) {
      print(
        bus.kernel,
        'info',
        bus.providerName,
        `${nvdimm.name} flags: ${dimmFlagNames(failures).join(' ')}`,
      );
    }
  }
}
