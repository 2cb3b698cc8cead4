/**
 * Where things lie, as the kernel around the series keeps it: disks, files, poison. No tree decides any of it, so a
 * judge of trees may know it. What has not changed since the last look is the very object of the last look.
 */
import { decodePfnInfo, PFN_INFO_BYTES, PFN_INFO_OFFSET } from '../drivers/nvdimm/pfn-info.ts';
import type { PhysicalMemory } from '#machine/hardware/memory.ts';
import { SECTOR_SIZE } from '../block/bio.ts';
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

/** The surroundings now; `last`, or parts of it, where nothing has changed since. Asked for after every operation. */
export function surroundingsOf(system: System, last: Surroundings | undefined): Surroundings {
  const places = placesOf(system, last?.places ?? []);
  const files = filesOf(system, last?.files ?? []);
  const poisonedCells = system.kernel.machine.memory.poisonedCells();
  const isSame = last?.places === places && last.files === files && last.poisonedCells === poisonedCells;
  return isSame ? last : { places, files, poisonedCells };
}

/** `last` where it has the very items of `now`. */
function unlessSame<Item>(last: readonly Item[], now: readonly Item[]): readonly Item[] {
  return last.length === now.length && now.every((item, index) => item === last[index]) ? last : now;
}

function filesOf({ fileSystems }: System, last: readonly FileLayout[]): readonly FileLayout[] {
  const files: FileLayout[] = [];
  for (const fs of fileSystems.values())
    for (const { path, sizeBytes, extents } of fs.files.values()) {
      const known = last[files.length];
      const isKnown =
        known?.extents === extents &&
        known.sizeBytes === sizeBytes &&
        known.path === path &&
        known.disk === fs.disk.name;
      files.push(isKnown ? known : { disk: fs.disk.name, path, sizeBytes, extents });
    }
  return unlessSame(last, files);
}

function placesOf(system: System, last: readonly DiskPlace[]): readonly DiskPlace[] {
  const { kernel, pmem } = system;
  const { memory, configuration } = kernel.machine;
  const places: DiskPlace[] = [];
  for (const [name, slot] of pmem) {
    const known = last[places.length];
    const isKnown = known !== undefined && isStill(known, name, slot);
    places.push(isKnown ? known : placeOfSlot(memory, name, slot, last));
  }
  for (const { name, start, sizeBytes } of configuration.ranges) {
    if (pmem.has(name) || !kernel.disks.has(name)) continue;
    const known = last[places.length];
    const isKnown = known?.disk === name && known.start === start && known.namespace === '';
    places.push(isKnown ? known : placeOfRange(name, start, sizeBytes));
  }
  return unlessSame(last, places);
}

function placeOfRange(disk: string, start: number, sizeBytes: number): DiskPlace {
  const whole = { namespace: '', namespaceStart: start, namespaceBytes: sizeBytes, region: '' };
  return {
    disk,
    kind: 'memory',
    start,
    sizeBytes,
    sectorBytes: SECTOR_SIZE,
    ...whole,
    binding: undefined,
  };
}

/** Whether a place is that of a slot in which nothing has changed. */
function isStill(place: DiskPlace, name: string, { namespace, btt, attached }: PmemSlot): boolean {
  const { disk = undefined } = btt ?? attached ?? {};
  return (
    place.binding === (btt ?? attached) &&
    place.disk === (btt === undefined ? name : `${name}s`) &&
    place.sizeBytes === (disk === undefined ? namespace.sizeBytes : disk.capacitySectors * SECTOR_SIZE) &&
    place.namespace === namespace.name &&
    place.namespaceBytes === namespace.sizeBytes &&
    place.namespaceStart === (isOnBlockWindows(namespace) ? -1 : namespace.start) &&
    place.region === namespace.region.name
  );
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
