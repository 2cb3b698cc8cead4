/**
 * Files of libnvdimm devices under /sys/bus/nd (nvdimm-and-firmware.md 4.7, 7, 10.6): buses, dimms, regions,
 * namespaces, seeds, and the drivers' `bind` and `unbind`. Files of regions are the trees'; the series changes them.
 */
import type { AcpiNfitDesc } from '../drivers/acpi/nfit/acpi-desc.ts';
import { acpiNfitArsRescan } from '../drivers/acpi/nfit/ars.ts';
import { nvdimmProbe, nvdimmRemove } from '../drivers/nvdimm/dimm.ts';
import { ndLabelNfree } from '../drivers/nvdimm/label.ts';
import type { NamespaceIo, NdRegion, Nvdimm, NvdimmBus } from '../drivers/nvdimm/nd.ts';
import { EINVAL, ENODEV, ENXIO } from '../errno.ts';
import { attachDisk, bindNamespace, bindRegion, detachDisk, unbindRegion } from './bind.ts';
import { type SysfsFile, type SysfsFiles, parseUnsigned, textFile } from '../fs/sysfs-file.ts';
import { namespaceFiles } from './sysfs-namespace.ts';
import { claimFiles, seedFiles } from './sysfs-claim.ts';
import { type System, namespaceNamed } from './system.ts';

/** A device of the nd bus: its name, and what makes its files. */
type NdDevice = readonly [name: string, files: () => SysfsFiles];

/** Every device of the nd bus. */
export function* ndDevices(system: System): Generator<NdDevice> {
  for (const bus of system.buses) {
    yield [bus.name, () => busFiles(system, bus)];
    for (const dimm of bus.dimms ?? []) yield [dimm.name, () => dimmFiles(bus, dimm)];
    for (const region of bus.regions) {
      yield [region.name, () => regionFiles(system, region)];
      for (const namespace of region.children?.namespaces ?? []) {
        yield [namespace.name, () => namespaceFiles(system, namespace)];
      }
      for (const [kind, name] of seedsOf(region)) yield [name, () => seedFiles(system, region, kind)];
      for (const [name, claim] of region.children?.claims ?? []) {
        yield [name, () => claimFiles(system, name, claim)];
      }
    }
  }
}

/** The files of the device of that name, if there is one. */
export function ndDeviceFiles(system: System, wanted: string): SysfsFiles | undefined {
  for (const [name, files] of ndDevices(system)) if (name === wanted) return files();
  return undefined;
}

function seedsOf({ children }: NdRegion): ['btt' | 'pfn' | 'dax', string][] {
  const kinds = ['btt', 'pfn', 'dax'] as const;
  return kinds.flatMap((kind) => {
    const name = children?.seeds[kind];
    return name === undefined ? [] : [[kind, name] as ['btt' | 'pfn' | 'dax', string]];
  });
}

/** Commands that a bus over firmware takes, as its `commands` file names them. */
const BUS_COMMANDS = 'ars_cap ars_start ars_status clear_error ';

function busFiles(system: System, bus: NvdimmBus): SysfsFiles {
  const files = new Map<string, SysfsFile>([
    ['provider', textFile(bus.providerName)],
    ['commands', textFile(bus.commands === undefined ? '' : BUS_COMMANDS)],
    ['wait_probe', textFile('1')],
  ]);
  const desc = system.firmware.find((candidate) => candidate.bus === bus);
  if (desc === undefined) return files;
  files.set('nfit/revision', textFile(`${desc.revision}`));
  files.set('nfit/scrub', {
    mode: 0o644,
    show: () => `${desc.scrub.count}\n`,
    store: (text) => storeScrub(system, desc, text),
  });
  files.set('nfit/hw_error_scrub', {
    mode: 0o644,
    show: () => (desc.scrub.hwErrorScrub ? '1\n' : '0\n'),
    store: (text) => storeHwErrorScrub(desc, text),
  });
  return files;
}

/** scrub_store: only 1 is taken, and scrubs the persistent ranges again. */
function storeScrub(system: System, desc: AcpiNfitDesc, text: string): number {
  if (parseUnsigned(text) !== 1) return -EINVAL;
  acpiNfitArsRescan(desc, system.tree.nfit.scrubOperations(desc));
  return text.length;
}

/** hw_error_scrub_store: 0 or 1. */
function storeHwErrorScrub({ scrub }: AcpiNfitDesc, text: string): number {
  const value = parseUnsigned(text);
  if (value !== 0 && value !== 1) return -EINVAL;
  scrub.hwErrorScrub = value === 1;
  return text.length;
}

function dimmFiles(bus: NvdimmBus, dimm: Nvdimm): SysfsFiles {
  const isActive =
    dimm.driverData !== undefined &&
    bus.regions.some(
      ({ mappings, driverData }) =>
        driverData !== undefined && mappings.some(({ nvdimm }) => nvdimm === dimm),
    );
  const files = new Map<string, SysfsFile>([
    ['devtype', textFile('nvdimm')],
    ['modalias', textFile('nd:t1')],
    ['state', textFile(isActive ? 'active' : 'idle')],
    ['commands', textFile((dimm.commands ?? []).map((name) => `${name} `).join(''))],
    ['available_slots', textFile(availableSlots(dimm))],
  ]);
  for (const [name, value] of dimm.providerAttributes ?? []) files.set(`nfit/${name}`, textFile(value));
  return files;
}

/** available_slots_show: one slot stays free for updates; -ENXIO without labels. */
function availableSlots({ driverData }: Nvdimm): string | number {
  return driverData === undefined ? -ENXIO : `${ndLabelNfree(driverData) - 1}`;
}

function regionFiles({ tree }: System, region: NdRegion): SysfsFiles {
  const { nvdimm } = tree;
  const files = new Map<string, SysfsFile>([['modalias', textFile(`nd:t${nvdimm.toNdDeviceType(region)}`)]]);
  for (const [name, { show, store }] of nvdimm.ndRegionAttributes) {
    const mode = nvdimm.regionVisible(region, name);
    if (mode === 0) continue;
    files.set(name, {
      mode,
      show: () => show(region),
      ...(store === undefined ? {} : { store: (text: string) => store(region, text) }),
    });
  }
  return files;
}

function bindNamed(system: System, driver: string, name: string): number {
  if (driver === 'nvdimm') return withDimm(system, name, nvdimmProbe);
  const region = system.buses.flatMap(({ regions }) => regions).find((candidate) => candidate.name === name);
  if (driver === 'nd_region') return region === undefined ? -ENODEV : bindRegion(system, region);
  const namespace = namespaceNamed(system, name);
  if (namespace === undefined) return -ENODEV;
  const disk = diskNameOf(system, namespace);
  return system.pmem.has(disk) ? attachDisk(system, disk) : bindNamespace(system, namespace);
}

function withDimm({ buses }: System, name: string, act: (dimm: Nvdimm) => number): number {
  const dimm = buses.flatMap(({ dimms = [] }) => dimms).find((candidate) => candidate.name === name);
  return dimm === undefined ? -ENODEV : act(dimm);
}

function unbindNamed(system: System, driver: string, name: string): number {
  if (driver === 'nvdimm') {
    return withDimm(system, name, (dimm) => {
      if (dimm.isEnabled !== true) return -ENODEV;
      nvdimmRemove(dimm);
      return 0;
    });
  }
  const region = system.buses.flatMap(({ regions }) => regions).find((candidate) => candidate.name === name);
  if (driver === 'nd_region') return region === undefined ? -ENODEV : unbindRegion(system, region);
  const namespace = namespaceNamed(system, name);
  return namespace === undefined ? -ENODEV : detachDisk(system, diskNameOf(system, namespace));
}

const diskNameOf = ({ tree }: System, namespace: NamespaceIo): string =>
  tree.nvdimm.nvdimmNamespaceDiskName(namespace);

/** Drivers of the nd bus. */
const DRIVERS = ['nvdimm', 'nd_region', 'nd_pmem', 'nd_blk'];

/** The files of /sys/bus/nd/drivers/NAME. A probe that fails is only seen as -ENODEV, as in C. */
export function driverFiles(system: System, driver: string): SysfsFiles | undefined {
  if (!DRIVERS.includes(driver)) return undefined;
  const store =
    (act: (system: System, driver: string, name: string) => number) =>
    (text: string): number => {
      return act(system, driver, text.trimEnd()) === 0 ? text.length : -ENODEV;
    };
  return new Map([
    ['bind', { mode: 0o200, store: store(bindNamed) }],
    ['unbind', { mode: 0o200, store: store(unbindNamed) }],
  ]);
}
