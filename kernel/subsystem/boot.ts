/**
 * Boots a system: lays devices out in physical memory, powers the machine on, and lets the drivers of a tree attach
 * to them. Persistent ranges start at 4 GiB, RAM disks at 1 GiB, flush hints at 2 GiB, legacy ranges at 1 TiB, the
 * memory of axonram at 32 TiB and that of dcssblk at 64 TiB; firmware tables say themselves where their memory is.
 */
import { powerOn } from '#machine/machine.ts';
import type { FlushHint } from '#machine/machine.ts';
import type { MemoryRange } from '#machine/memory.ts';
import { parseNfit } from '#machine/nfit/table.ts';
import { roundUp } from '#machine/units.ts';
import { type NfitCommands, newAcpiNfitDesc } from '../drivers/acpi/nfit/acpi-desc.ts';
import { busCommandsOf } from '../drivers/acpi/nfit/ars.ts';
import { nfitCommands } from '../drivers/acpi/nfit/ctl.ts';
import { nfitMceRegister } from '../drivers/acpi/nfit/mce.ts';
import { nextDimmName } from '../drivers/acpi/nfit/nfit-mem.ts';
import { nvdimmProbe } from '../drivers/nvdimm/dimm.ts';
import { e820PmemProbe } from '../drivers/nvdimm/e820.ts';
import type { NdRegion, Nvdimm, NvdimmBus } from '../drivers/nvdimm/nd.ts';
import { type ConfigSymbol, newKernel } from '../kernel.ts';
import type { Tree } from '../tree.ts';
import { bindRegion, notifyRegion } from './bind.ts';
import { ACPI_PROVIDER } from './firmware-tables.ts';
import { bringUpMemoryDisk } from './memory-disks.ts';
import type {
  BootConfiguration,
  CarriedOver,
  DeviceConfiguration,
  FirmwareConfiguration,
} from './operation.ts';
import { performDmCreate } from './perform-dm.ts';
import { type PlacedFirmware, overlap, placeFirmware } from './place-firmware.ts';
import { mockBlkDoIo } from './mock.ts';
import { newPlatform, platformCommands } from './platform.ts';
import { platformMethod } from './platform-method.ts';
import { type System, labelAreaKey } from './system.ts';

/** Where the first device of each kind begins. */
const DEVICE_BASES = { ram: 2 ** 30, pmem: 2 ** 32, axonram: 2 ** 45, dcssblk: 2 ** 46 };

const HINT_BASE = 2 ** 31;

/** Regions start on this boundary, so that 2 MiB pages fit. */
const REGION_ALIGNMENT = 2 ** 21;

const HINT_PAGE_BYTES = 4096;

/** Unit in which platforms clear poison when nothing else is said, bytes. */
const DEFAULT_CLEAR_UNIT = 256;

type PmemConfiguration = Extract<DeviceConfiguration, { kind: 'pmem' }>;

interface PlacedDevice {
  readonly device: DeviceConfiguration;
  readonly range: MemoryRange;
  readonly dimms: readonly Nvdimm[];
}

/** Places devices one after the other, each kind in its own part of the address space. */
function placeDevices(devices: readonly DeviceConfiguration[]): PlacedDevice[] {
  const next = { ...DEVICE_BASES };
  let dimmCount = 0;
  return devices.map((device) => {
    const start = startOf(device, next[device.kind]);
    next[device.kind] = roundUp(start + device.sizeBytes, REGION_ALIGNMENT);
    const dimms = device.kind === 'pmem' ? dimmsOf(device, dimmCount) : [];
    dimmCount += dimms.length;
    const persistent = device.kind === 'pmem' && !device.isVolatile;
    const range: MemoryRange = {
      name: device.name,
      start,
      sizeBytes: device.sizeBytes,
      kind: persistent ? 'persistent' : 'volatile',
      modules: dimms.map(({ name }) => name),
    };
    return { device, range, dimms };
  });
}

/** A memory section, and how much of it System RAM has where it ends below a device; bytes. */
const SECTION_BYTES = 2 ** 27;
const RAM_IN_SECTION_BYTES = 2 ** 26;

/** Where a device goes that may begin at `from`. */
function startOf(device: DeviceConfiguration, from: number): number {
  const hasRamBelow = device.kind === 'pmem' && device.hasRamBelow;
  return hasRamBelow ? roundUp(from, SECTION_BYTES) + RAM_IN_SECTION_BYTES : from;
}

function dimmsOf(device: PmemConfiguration, firstIndex: number): Nvdimm[] {
  return device.hintsByDimm.map((hintCount, position) => {
    const index = firstIndex + position;
    const page = HINT_BASE + index * HINT_PAGE_BYTES;
    return {
      name: `nmem${index}`,
      flushHints: Array.from({ length: hintCount }, (_, slot) => page + slot * 8),
      aliasing: false,
      unarmed: device.isReadOnly,
    };
  });
}

/** Where legacy ranges begin. */
const LEGACY_BASE = 2 ** 40;

/** The ranges of the `e820` words, one after the other. */
function legacyRanges(sizes: readonly number[]): MemoryRange[] {
  let next = LEGACY_BASE;
  return sizes.map((sizeBytes, index) => {
    const start = next;
    next = roundUp(start + sizeBytes, REGION_ALIGNMENT);
    return { name: `e820-${index}`, start, sizeBytes, kind: 'persistent', modules: [] };
  });
}

/** Everything that the machine must have before the kernel runs. */
interface Layout {
  readonly placed: readonly PlacedDevice[];
  readonly legacy: readonly MemoryRange[];
  readonly firmware: readonly PlacedFirmware[];
}

function layoutOf(configuration: BootConfiguration): Layout {
  const placed = placeDevices(configuration.devices);
  let dimmCount = placed.reduce((sum, { dimms }) => sum + dimms.length, 0);
  const firmware = (configuration.firmware ?? []).map(({ table, isMock }) => {
    const placedTable = placeFirmware(table, dimmCount, isMock);
    dimmCount += placedTable.dimmCount;
    return placedTable;
  });
  return { placed, legacy: legacyRanges(configuration.legacyRanges ?? []), firmware };
}

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
  const ranges = [
    ...layout.placed.map(({ range }) => range),
    ...layout.legacy,
    ...layout.firmware.flatMap((placed) => placed.ranges),
  ];
  const machine = powerOn({
    domain: configuration.domain,
    features: configuration.features,
    ranges: ranges.filter((range, index) => !ranges.slice(0, index).some((other) => overlap(range, other))),
    flushHints: [...deviceHints, ...layout.firmware.flatMap((placed) => placed.flushHints)],
    ...(configuration.media === undefined ? {} : { initialMedia: configuration.media }),
  });
  const symbols = [...tree.selectedSymbols, 'BLK_DEV_RAM_DAX' as const];
  const enabled = symbols.filter((symbol: ConfigSymbol) => !configuration.disabledSymbols.includes(symbol));
  const units = configuration.devices.map((device) => (device.kind === 'pmem' ? device.clearUnitBytes : 0));
  const system: System = {
    kernel: newKernel(machine, enabled),
    tree,
    buses: [],
    firmware: [],
    platform: newPlatform(Math.max(0, ...units) || DEFAULT_CLEAR_UNIT),
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
  if (isMock) area.set(new TextEncoder().encode('label'));
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
  const platform = platformCommands(() => system.kernel.machine, system.platform);
  const bus = newBus(system, ACPI_PROVIDER, commandsOver(system, ACPI_PROVIDER, platform));
  for (const { device, range, dimms } of placed) {
    bus.dimms?.push(...dimms);
    if (device.kind !== 'pmem' || !device.hasRamBelow) continue;
    const start = range.start - RAM_IN_SECTION_BYTES;
    system.kernel.systemRam.push({ start, sizeBytes: RAM_IN_SECTION_BYTES });
  }
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
