/**
 * Where the memory of a machine lies. Firmware tables say themselves where theirs is, flush hints of the devices start
 * at 2 GiB. Everything else gets the first free place from where its kind begins: RAM disks at 1 GiB, persistent
 * devices at 4 GiB, legacy ranges at 1 TiB, the memory of axonram at 32 TiB and that of dcssblk at 64 TiB.
 */
import { InputError } from '#base/input-error.ts';
import type { MemoryRange } from '#machine/hardware/memory.ts';
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import type { Nvdimm } from '../drivers/nvdimm/nd.ts';
import type { BootConfiguration, DeviceConfiguration } from './operation.ts';
import { type PlacedFirmware, overlap, placeFirmware } from './place-firmware.ts';

/** Where the search for a place begins, by kind. */
const BASES = { ram: 2 ** 30, pmem: 2 ** 32, legacy: 2 ** 40, axonram: 2 ** 45, dcssblk: 2 ** 46 };

const HINT_BASE = 2 ** 31;

/** Regions start on this boundary, so that 2 MiB pages fit. */
const REGION_ALIGNMENT = 2 ** 21;

/** A memory section, and how much of it System RAM has where it ends below a device; bytes. */
const SECTION_BYTES = 2 ** 27;
const RAM_IN_SECTION_BYTES = 2 ** 26;

/** Physical addresses of x86-64 have at most 52 bits. */
const ADDRESS_LIMIT = 2 ** 52;

export interface PlacedDevice {
  readonly device: DeviceConfiguration;
  readonly range: MemoryRange;
  readonly dimms: readonly Nvdimm[];
}

/** Everything that the machine must have before the kernel runs. */
export interface Layout {
  readonly placed: readonly PlacedDevice[];
  readonly legacy: readonly MemoryRange[];
  readonly firmware: readonly PlacedFirmware[];
}

/** Gives a range the first free place from `base` on that is a multiple of `alignment`. */
type Take = (range: Omit<MemoryRange, 'start'>, base: number, alignment?: number) => MemoryRange;

/** Addresses that are not free, and whose they are. */
type Taken = Pick<MemoryRange, 'name' | 'start' | 'sizeBytes'>;

/**
 * Lays out what a boot line asks for. Throws `InputError` when something has no room; it names what is in the way.
 */
export function layoutOf({ devices, firmware = [], legacyRanges = [] }: BootConfiguration): Layout {
  const dimms = dimmsOf(devices);
  const ownCount = dimms.flat().length;
  let dimmCount = ownCount;
  const hintPages = { name: 'flush hints', start: HINT_BASE, sizeBytes: ownCount * PAGE_SIZE_BYTES };
  const placedTables = firmware.map(({ table, isMock }) => {
    const placedTable = placeFirmware(table, dimmCount, isMock);
    dimmCount += placedTable.dimmCount;
    return placedTable;
  });
  const taken: Taken[] = [...(ownCount > 0 ? [hintPages] : []), ...placedTables.flatMap(takenBy)];
  const take: Take = (range, base, alignment = REGION_ALIGNMENT) => {
    const placed = { ...range, start: freePlace(range, base, alignment, taken) };
    taken.push(placed);
    return placed;
  };
  return {
    placed: devices.map((device, index) => placeDevice(device, dimms[index] ?? [], take)),
    legacy: legacyRanges.map((sizeBytes, index) =>
      take({ name: `e820-${index}`, sizeBytes, kind: 'persistent', modules: [] }, BASES.legacy),
    ),
    firmware: placedTables,
  };
}

/** The memory of the machine. Of ranges that overlap in broken tables it has the first. */
export function rangesOf({ placed, legacy, firmware }: Layout): MemoryRange[] {
  const described = firmware.flatMap(({ ranges }) => ranges);
  return [
    ...placed.map(({ range }) => range),
    ...legacy,
    ...described.filter((range, index) => !described.slice(0, index).some((other) => overlap(range, other))),
  ];
}

/** The dimms of each device, numbered through. */
function dimmsOf(devices: readonly DeviceConfiguration[]): Nvdimm[][] {
  let index = 0;
  return devices.map((device) => {
    if (device.kind !== 'pmem') return [];
    return device.hintsByDimm.map((hintCount) => newDimm(index++, hintCount, device.isReadOnly));
  });
}

function newDimm(index: number, hintCount: number, isReadOnly: boolean): Nvdimm {
  const page = HINT_BASE + index * PAGE_SIZE_BYTES;
  return {
    name: `nmem${index}`,
    flushHints: Array.from({ length: hintCount }, (_, slot) => page + slot * 8),
    aliasing: false,
    unarmed: isReadOnly,
  };
}

function placeDevice(device: DeviceConfiguration, dimms: readonly Nvdimm[], take: Take): PlacedDevice {
  const { name, sizeBytes } = device;
  const kind = device.kind === 'pmem' && !device.isVolatile ? 'persistent' : 'volatile';
  const modules = dimms.map((dimm) => dimm.name);
  const range = { name, sizeBytes, kind, modules } as const;
  if (device.kind !== 'pmem' || !device.hasRamBelow) {
    return { device, dimms, range: take(range, BASES[device.kind]) };
  }
  const withRam = { ...range, sizeBytes: RAM_IN_SECTION_BYTES + sizeBytes };
  const { start } = take(withRam, BASES.pmem, SECTION_BYTES);
  return { device, dimms, range: { ...range, start: start + RAM_IN_SECTION_BYTES } };
}

/** The System RAM that ends where a device begins, if any does. */
export function systemRamBelow({ device, range }: PlacedDevice): { start: number; sizeBytes: number }[] {
  if (device.kind !== 'pmem' || !device.hasRamBelow) return [];
  return [{ start: range.start - RAM_IN_SECTION_BYTES, sizeBytes: RAM_IN_SECTION_BYTES }];
}

/** What a firmware table takes: its memory, and the pages of its flush hints. */
function takenBy({ ranges, flushHints }: PlacedFirmware): Taken[] {
  const hintPages = new Set(flushHints.map(({ address }) => roundDown(address, PAGE_SIZE_BYTES)));
  const hints: Taken[] = [...hintPages].map((start) => ({
    name: 'flush hints',
    start,
    sizeBytes: PAGE_SIZE_BYTES,
  }));
  return [...ranges, ...hints];
}

/** The first place for `range` from `base` on that nothing has taken. */
function freePlace(
  { name, sizeBytes }: Omit<Taken, 'start'>,
  base: number,
  alignment: number,
  taken: readonly Taken[],
): number {
  let start = roundUp(base, alignment);
  let inTheWay: Taken | undefined;
  while (start + sizeBytes <= ADDRESS_LIMIT) {
    const range = { start, sizeBytes };
    const next = taken.find((other) => overlap(range, other));
    if (next === undefined) return start;
    inTheWay = next;
    start = roundUp(next.start + next.sizeBytes, alignment);
  }
  const behind = inTheWay === undefined ? '' : ` behind ${inTheWay.name}`;
  throw new InputError(
    `no room for the ${sizeBytes} bytes of ${name}${behind}\n  allowed: less than ${ADDRESS_LIMIT} bytes (4096T) in all, which is where physical addresses end`,
  );
}
