/**
 * Boots a system: lays devices out in physical memory, powers the machine on, and lets the drivers of a tree attach
 * to them. Persistent ranges start at 4 GiB, RAM disks at 1 GiB, flush hints at 2 GiB.
 */
import { powerOn } from '#machine/machine.ts';
import type { FlushHint } from '#machine/machine.ts';
import type { MemoryRange } from '#machine/memory.ts';
import { roundUp } from '#machine/units.ts';
import { brdAlloc, brdDaxOps } from '../drivers/block/brd.ts';
import type { BusCommands, NamespaceIo, Nvdimm, NvdimmBus } from '../drivers/nvdimm/nd.ts';
import { EIO } from '../errno.ts';
import { type ConfigSymbol, type Kernel, isEnabled, newKernel } from '../kernel.ts';
import type { Tree } from '../tree.ts';
import type { BootConfiguration, DeviceConfiguration } from './operation.ts';
import { performDmCreate } from './perform-dm.ts';
import type { System } from './system.ts';

const RAM_BASE = 2 ** 30;
const HINT_BASE = 2 ** 31;
const PMEM_BASE = 2 ** 32;

/** Regions start on this boundary, so that 2 MiB pages fit. */
const REGION_ALIGNMENT = 2 ** 21;

const HINT_PAGE_BYTES = 4096;

type PmemConfiguration = Extract<DeviceConfiguration, { kind: 'pmem' }>;

interface PlacedDevice {
  readonly device: DeviceConfiguration;
  readonly range: MemoryRange;
  readonly dimms: readonly Nvdimm[];
}

/** Places devices one after the other, each kind in its own part of the address space. */
function placeDevices(devices: readonly DeviceConfiguration[]): PlacedDevice[] {
  const next = { ram: RAM_BASE, pmem: PMEM_BASE };
  let dimmCount = 0;
  return devices.map((device) => {
    const start = next[device.kind];
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

/** Commands of a platform whose clear-error works in `clearUnitBytes` and always succeeds. */
function platformCommands(kernel: () => Kernel, clearUnitBytes: number): BusCommands {
  return {
    arsCap: () => ({ clearErrUnit: clearUnitBytes }),
    clearError: (start, length) => {
      kernel().machine.memory.clearPoison(start, length);
      return length;
    },
  };
}

/** Brings up one pmem device: region, namespace, disk. */
function attachPmem(system: System, placed: PlacedDevice, device: PmemConfiguration): void {
  const { tree, bus } = system;
  const { start, sizeBytes } = placed.range;
  const mappings = placed.dimms.map((nvdimm) => ({ nvdimm, start: 0, sizeBytes }));
  const type = device.isVolatile ? 'nd_volatile' : 'nd_pmem';
  const region = tree.nvdimm.ndRegionCreate(
    bus,
    { start, sizeBytes, mappings, pagemap: device.hasStructPages },
    type,
  );
  if (region === undefined || tree.nvdimm.toNdDeviceType(region) === 0) return;
  if (tree.nvdimm.ndRegionActivate(region) !== 0) return;
  const namespace: NamespaceIo = { region, name: `namespace${region.id}.0`, id: 0, start, sizeBytes };
  system.pmem.set(device.name, { namespace, hasStructPages: device.hasStructPages });
  attachDisk(system, device.name);
}

/** Attaches the pmem driver to a namespace. Returns 0 or a negative error. */
export function attachDisk(system: System, name: string): number {
  const slot = system.pmem.get(name);
  if (slot === undefined) return -EIO;
  if (slot.namespace.badblocks !== undefined) system.tree.nvdimm.devmNsioDisable(slot.namespace);
  const layout = { dataOffset: 0, pfnPad: 0, hasStructPages: slot.hasStructPages };
  const disk = system.tree.nvdimm.pmemAttachDisk(slot.namespace, name, layout);
  if (typeof disk === 'number') return disk;
  slot.attached = disk;
  return 0;
}

/** Boots `tree` on a machine as `configuration` says. */
export function bootSystem(tree: Tree, configuration: BootConfiguration): System {
  const placed = placeDevices(configuration.devices);
  const flushHints: FlushHint[] = placed.flatMap(({ dimms }) =>
    dimms.flatMap(({ name, flushHints: addresses }) =>
      addresses.map((address) => ({ address, modules: [name] })),
    ),
  );
  const machine = powerOn({
    domain: configuration.domain,
    features: configuration.features,
    ranges: placed.map(({ range }) => range),
    flushHints,
    ...(configuration.media === undefined ? {} : { initialMedia: configuration.media }),
  });
  const symbols = [...tree.selectedSymbols, 'BLK_DEV_RAM_DAX' as const];
  const enabled = symbols.filter((symbol: ConfigSymbol) => !configuration.disabledSymbols.includes(symbol));
  const kernel = newKernel(machine, enabled);
  const units = configuration.devices.map((device) => (device.kind === 'pmem' ? device.clearUnitBytes : 0));
  const bus: NvdimmBus = {
    kernel,
    name: 'ndbus0',
    providerName: 'ACPI.NFIT',
    commands: platformCommands(() => kernel, Math.max(1, ...units)),
    poison: [],
    regions: [],
  };
  const system: System = {
    kernel,
    tree,
    bus,
    pmem: new Map(),
    mapped: new Map(),
    fileSystems: new Map(),
    tables: new Map(),
    carriedOver: configuration.carriedOver,
  };
  for (const cell of configuration.carriedOver?.poisonedCells ?? []) machine.memory.poison(cell, 1);
  for (const { start, length } of configuration.carriedOver?.knownPoison ?? []) {
    tree.nvdimm.nvdimmBusAddPoison(bus, start, length);
  }
  for (const device of placed) bringUp(system, device);
  for (const table of configuration.carriedOver?.tables ?? []) performDmCreate(system, table);
  return system;
}

function bringUp(system: System, placed: PlacedDevice): void {
  const { kernel, tree } = system;
  if (placed.device.kind === 'pmem') {
    attachPmem(system, placed, placed.device);
    return;
  }
  const { name, start, sizeBytes } = placed.range;
  const brd = brdAlloc(kernel, name, start, sizeBytes);
  if (isEnabled(kernel, 'BLK_DEV_RAM_DAX')) tree.dax.allocDax(kernel, name, brdDaxOps(brd));
}
