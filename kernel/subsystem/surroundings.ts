/**
 * Where things lie, as the kernel around the series keeps it: disks, files, poison. No tree decides any of it, so a
 * judge of trees may know it. What has not changed since the last look is the very object of the last look.
 */
import { decodePfnInfo, PFN_INFO_BYTES, PFN_INFO_OFFSET } from '../drivers/nvdimm/pfn-info.ts';
import type { PhysicalMemory } from '#machine/hardware/memory.ts';
import { SECTOR_SIZE } from '../block/bio.ts';
import { layoutsOf } from './carried-over.ts';
import type { FileLayout } from './operation.ts';
import { isOnBlockWindows } from './personality.ts';
import type { PmemSlot, System } from './system.ts';

/** A disk, or the namespace that would have one, and the memory under it. Addresses and sizes in bytes. */
export interface DiskPlace {
  readonly disk: string;
  /** `memory`: byte n of the disk is byte `start + n`; `none`: no disk is there, because no driver is bound. */
  readonly kind: 'memory' | 'btt' | 'windows' | 'none';
  /** Physical address of the first byte of the disk; -1 on block windows. */
  readonly start: number;
  readonly sizeBytes: number;
  readonly sectorBytes: number;
  /** The whole namespace, with what a personality keeps for itself; empty names where there is none. */
  readonly namespace: string;
  readonly namespaceStart: number;
  readonly namespaceBytes: number;
  readonly region: string;
  /** Another object each time a driver is bound: only good for telling bindings apart. */
  readonly binding: object | undefined;
}

/** Where everything is at one moment. */
export interface Surroundings {
  readonly places: readonly DiskPlace[];
  /** Files of the file systems that are mounted. */
  readonly files: readonly FileLayout[];
  /** Addresses of the poisoned cells (64 bytes) of the media, ascending. */
  readonly poisonedCells: readonly number[];
}

/** The surroundings now; `last`, or parts of it, where nothing has changed since. */
export function surroundingsOf(system: System, last: Surroundings | undefined): Surroundings {
  const places = unlessSame(last?.places, placesOf(system, last?.places ?? []), samePlace);
  const files = unlessSame(last?.files, [...system.fileSystems.values()].flatMap(layoutsOf), sameFile);
  const poisonedCells = system.kernel.machine.memory.poisonedCells();
  const isSame = last?.places === places && last.files === files && last.poisonedCells === poisonedCells;
  return isSame ? last : { places, files, poisonedCells };
}

function unlessSame<Item>(
  last: readonly Item[] | undefined,
  now: readonly Item[],
  isSame: (left: Item, right: Item) => boolean,
): readonly Item[] {
  if (last?.length !== now.length) return now;
  for (const [index, item] of now.entries()) {
    const before = last[index];
    if (before === undefined || !isSame(before, item)) return now;
  }
  return last;
}

function samePlace(left: DiskPlace, right: DiskPlace): boolean {
  return (
    left.disk === right.disk &&
    left.kind === right.kind &&
    left.start === right.start &&
    left.sizeBytes === right.sizeBytes &&
    left.namespaceStart === right.namespaceStart &&
    left.namespaceBytes === right.namespaceBytes &&
    left.binding === right.binding
  );
}

function sameFile(left: FileLayout, right: FileLayout): boolean {
  return (
    left.extents === right.extents &&
    left.sizeBytes === right.sizeBytes &&
    left.path === right.path &&
    left.disk === right.disk
  );
}

function placesOf(system: System, last: readonly DiskPlace[]): DiskPlace[] {
  const { kernel, pmem } = system;
  const { memory, configuration } = kernel.machine;
  const places: DiskPlace[] = [];
  for (const [name, slot] of pmem) places.push(placeOfSlot(memory, name, slot, last));
  for (const { name, start, sizeBytes } of configuration.ranges) {
    if (pmem.has(name) || !kernel.disks.has(name)) continue;
    const whole = { namespace: '', namespaceStart: start, namespaceBytes: sizeBytes, region: '' };
    places.push({
      disk: name,
      kind: 'memory',
      start,
      sizeBytes,
      sectorBytes: SECTOR_SIZE,
      ...whole,
      binding: undefined,
    });
  }
  return places;
}

function placeOfSlot(
  memory: PhysicalMemory,
  name: string,
  slot: PmemSlot,
  last: readonly DiskPlace[],
): DiskPlace {
  const { namespace, btt, attached } = slot;
  const isWindows = isOnBlockWindows(namespace);
  const start = isWindows ? -1 : namespace.start;
  const base = {
    start,
    sizeBytes: namespace.sizeBytes,
    sectorBytes: SECTOR_SIZE,
    namespace: namespace.name,
    namespaceStart: start,
    namespaceBytes: namespace.sizeBytes,
    region: namespace.region.name,
  };
  if (btt !== undefined) {
    const sizeBytes = btt.disk.capacitySectors * SECTOR_SIZE;
    return {
      ...base,
      disk: `${name}s`,
      kind: 'btt',
      sizeBytes,
      sectorBytes: btt.sectorSizeBytes,
      binding: btt,
    };
  }
  if (attached === undefined) return { ...base, disk: name, kind: 'none', binding: undefined };
  const sizeBytes = attached.disk.capacitySectors * SECTOR_SIZE;
  if (isWindows) return { ...base, disk: name, kind: 'windows', sizeBytes, binding: attached };
  const known = last.find(({ binding }) => binding === attached);
  const dataStart = known?.start ?? start + (namespace.claim === undefined ? 0 : dataOffsetOf(memory, start));
  return { ...base, disk: name, kind: 'memory', start: dataStart, sizeBytes, binding: attached };
}

/** Where the data of a pfn device begins in its namespace, as its info block says (nvdimm-and-firmware.md 7.4). */
function dataOffsetOf(memory: PhysicalMemory, namespaceStart: number): number {
  const info = decodePfnInfo(memory.read(namespaceStart + PFN_INFO_OFFSET, PFN_INFO_BYTES));
  return Number(info.dataOffset) + info.startPadBytes;
}
