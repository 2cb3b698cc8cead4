/**
 * Boots a system: lays devices out in physical memory (`layout.ts`), powers the machine on, and lets the drivers of a
 * tree attach to them.
 */
import { latin1Bytes } from '#base/latin1.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import type { FlushHint } from '#machine/hardware/machine.ts';
import { parseNfit } from '#machine/nfit/table.ts';
import { type NfitCommands, newAcpiNfitDesc } from '../drivers/acpi/nfit/acpi-desc.ts';
import { busCommandsOf } from '../drivers/acpi/nfit/ars.ts';
import { nfitCommands } from '../drivers/acpi/nfit/ctl.ts';
import { nfitMceRegister } from '../drivers/acpi/nfit/mce.ts';
import { nextDimmName } from '../drivers/acpi/nfit/nfit-mem.ts';
import { nvdimmProbe } from '../drivers/nvdimm/dimm.ts';
import { e820PmemProbe } from '../drivers/nvdimm/e820.ts';
import type { NdRegion, NvdimmBus } from '../drivers/nvdimm/nd.ts';
import { type ConfigSymbol, newKernel } from '../kernel.ts';
import type { Tree } from '../tree.ts';
import { bindRegion, notifyRegion } from './bind.ts';
import { ACPI_PROVIDER } from './firmware-tables.ts';
import { type Layout, type PlacedDevice, layoutOf, rangesOf, systemRamBelow } from './layout.ts';
import { bringUpMemoryDisk } from './memory-disks.ts';
import type { BootConfiguration, CarriedOver, FirmwareConfiguration } from './operation.ts';
import { performDmCreate } from './perform-dm.ts';
import { mockBlkDoIo } from './mock.ts';
import { overlap, placeFirmware } from './place-firmware.ts';
import { newPlatform, platformCommands } from './platform.ts';
import { platformMethod } from './platform-method.ts';
import { type System, labelAreaKey } from './system.ts';

/** A system at power-on: the kernel runs, no device is attached yet. */
export function powerOnSystem(
  tree: Tree,
  configuration: BootConfiguration,
): { readonly system: System; readonly layout: Layout } {
  const layout = layoutOf(configuration);
  const deviceHints: FlushHint[] = layout.placed.flatMap(({ dimms }) =>
    dimms.flatMap(({ name, flushHints: addresses }) =>
      addresses.map((address) => ({ address, modules: [name] })),
    ),
  );
  const machine = powerOn({
    domain: configuration.domain,
    features: configuration.features,
    ranges: rangesOf(layout),
    flushHints: [...deviceHints, ...layout.firmware.flatMap((placed) => placed.flushHints)],
    ...(configuration.media === undefined ? {} : { initialMedia: configuration.media }),
    onInstruction: configuration.onInstruction,
  });
  const symbols = [...tree.selectedSymbols, 'BLK_DEV_RAM_DAX' as const];
  const enabled = symbols.filter((symbol: ConfigSymbol) => !configuration.disabledSymbols.includes(symbol));
  const system: System = {
    kernel: newKernel(machine, enabled),
    tree,
    buses: [],
    firmware: [],
    platform: newPlatform(),
    pmem: new Map(),
    mapped: new Map(),
    fileSystems: new Map(),
    tables: new Map(),
    carriedOver: configuration.carriedOver,
  };
  for (const cell of configuration.carriedOver?.poisonedCells ?? []) machine.memory.poison(cell, 1);
  return { system, layout };
}

/** The driver's commands, as bytes through firmware's method, over a platform. */
function commandsOver(system: System, providerName: string, platform: NfitCommands): NfitCommands {
  const evaluate = platformMethod(platform);
  return nfitCommands(system.kernel, providerName, evaluate, () => system.platform.maxRecords);
}

/** A bus whose regions get their drivers as they appear. */
function newBus(system: System, providerName: string, commands: NfitCommands, isMock = false): NvdimmBus {
  const bus: NvdimmBus = {
    kernel: system.kernel,
    name: `ndbus${system.buses.length}`,
    providerName,
    isMock,
    commands: busCommandsOf(commands),
    poison: [],
    regions: [],
    dimms: [],
    regionAdded: (region) => bindRegion(system, region),
    poisonChanged: (region) => notifyRegion(system, region),
  };
  system.buses.push(bus);
  return bus;
}

/** The drivers attach to what the configuration names, then device-mapper tables are loaded again. */
export function bringUp(system: System, layout: Layout, configuration: BootConfiguration): void {
  const { carriedOver } = configuration;
  if (layout.placed.length > 0) bringUpDevices(system, layout.placed, carriedOver);
  if (layout.legacy.length > 0) {
    const name = `ndbus${system.buses.length}`;
    const regionAdded = (region: NdRegion): void => void bindRegion(system, region);
    const poisonChanged = (region: NdRegion): void => notifyRegion(system, region);
    const hooks = { regionAdded, poisonChanged };
    system.buses.push(e820PmemProbe(system.kernel, system.tree, name, layout.legacy, hooks));
  }
  const { firmware = [] } = configuration;
  for (const [index, table] of firmware.entries()) {
    bringUpFirmware(system, table, layout.firmware[index]?.dimmMemory ?? new Map());
  }
  for (const desc of system.firmware) system.tree.nfit.acpiNfitScrubWork(desc);
  for (const table of carriedOver?.tables ?? []) performDmCreate(system, table);
}

/** Dimms and block-window regions of one table; the other regions come with the scrub of all tables. */
function bringUpFirmware(
  system: System,
  configuration: FirmwareConfiguration,
  dimmMemory: ReadonlyMap<number, number>,
): void {
  const { table, labels, isMock } = configuration;
  const platform = platformCommands(() => system.kernel.machine, system.platform, {
    mock: isMock,
    firmwareScrub: { kind: configuration.firmwareScrub, ...firstRange(table) },
  });
  const commands = commandsOver(system, configuration.providerName, platform);
  const bus = newBus(system, configuration.providerName, commands, isMock);
  const labelled = (handle: number): boolean => labels === 'all' || labels.includes(handle);
  const hardware = {
    labelArea: (handle: number) => (labelled(handle) ? labelAreaOf(system, bus, handle, isMock) : undefined),
    memoryStart: (handle: number) => dimmMemory.get(handle) ?? 0,
    ...(isMock ? { blkDoIo: mockBlkDoIo } : {}),
  };
  const desc = newAcpiNfitDesc(bus, commands, hardware, parseNfit(table).header?.revision ?? 0);
  if (system.tree.nfit.acpiNfitInit(desc, table) !== 0) return;
  system.firmware.push(desc);
  nfitMceRegister(desc, system.tree.nfit.scrubOperations(desc));
}

/** Bytes of the label area of a dimm that has one. */
const LABEL_AREA_BYTES = 128 * 1024;

/** What the label area of a dimm holds at power-on: what was left, or text that is no label on a mock dimm. */
function labelAreaOf(
  { carriedOver }: System,
  { name }: NvdimmBus,
  handle: number,
  isMock: boolean,
): Uint8Array {
  const kept = carriedOver?.labelAreas.get(labelAreaKey(name, handle));
  if (kept !== undefined) return kept.slice();
  const area = new Uint8Array(LABEL_AREA_BYTES);
  if (isMock) area.set(latin1Bytes('label'));
  return area;
}

/** The first memory range of a table: the one firmware began to scrub. */
function firstRange(table: Uint8Array): { start: number; length: number } {
  const [first] = placeFirmware(table, 0).ranges;
  return { start: first?.start ?? 0, length: first?.sizeBytes ?? 0 };
}

/** The words for devices: regions that a platform describes without tables, on one bus, and disks over memory. */
function bringUpDevices(
  system: System,
  placed: readonly PlacedDevice[],
  carriedOver: CarriedOver | undefined,
): void {
  const clearUnitAt = (address: number): number | undefined => {
    const found = placed.find(({ range }) => overlap(range, { start: address, sizeBytes: 1 }))?.device;
    return found?.kind === 'pmem' ? found.clearUnitBytes : undefined;
  };
  const platform = platformCommands(() => system.kernel.machine, system.platform, { clearUnitAt });
  const bus = newBus(system, ACPI_PROVIDER, commandsOver(system, ACPI_PROVIDER, platform));
  system.kernel.systemRam.push(...placed.flatMap(systemRamBelow));
  for (const { dimms } of placed) bus.dimms?.push(...dimms);
  for (const { start, length } of carriedOver?.knownPoison ?? []) {
    system.tree.nvdimm.nvdimmBusAddPoison(bus, start, length);
  }
  for (const { device, range, dimms } of placed) {
    if (device.kind !== 'pmem') {
      bringUpMemoryDisk(system, device.kind, range);
      continue;
    }
    for (const nvdimm of dimms) {
      nextDimmName(system.kernel);
      nvdimmProbe(nvdimm);
    }
    const { start, sizeBytes } = range;
    const mappings = dimms.map((nvdimm) => ({ nvdimm, start: 0, sizeBytes }));
    const description = { start, sizeBytes, mappings, pagemap: device.hasStructPages };
    system.tree.nvdimm.ndRegionCreate(bus, description, device.isVolatile ? 'nd_volatile' : 'nd_pmem');
  }
}
