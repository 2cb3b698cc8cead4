/**
 * What operations on whole namespaces and raw bytes do to disks whose bytes lie somewhere in them: a BTT that was made
 * anew, or whose namespace was written to, may hold anything.
 */
import { arenaGeometry, BTT_START_BYTES, MAP_ENTRY_BYTES } from '#kernel/drivers/nvdimm/btt-layout.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { disksBelow } from './locate.ts';
import type { PromiseState } from './state.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Says to the disks that a block write will reach that it comes. */
export function noteWrites(state: PromiseState, operation: Operation): void {
  if (operation.kind !== 'bio write' && operation.kind !== 'page write' && operation.kind !== 'zeroout')
    return;
  for (const disk of disksBelow(state.tables, operation.disk)) state.disks.noteWrite(disk);
}

/** Takes over what `operation` does to the bytes of BTTs and block windows. */
export function followEnvironment(state: PromiseState, operation: Operation, index: number): void {
  switch (operation.kind) {
    case 'raw write':
      writeBelow(state, operation, index);
      return;
    case 'personality':
      if (isBlank(state, operation.disk)) return;
      for (const disk of [operation.disk, `${operation.disk}s`]) state.disks.forget(disk);
      return;
    case 'create namespace':
    case 'destroy namespace':
    case 'zero labels':
      state.disks.forgetAll();
      return;
    default:
  }
}

/** Whether a namespace has held nothing but zeros so far. */
function isBlank({ after, life, memory, disks }: PromiseState, disk: string): boolean {
  if (disks.has(disk) || disks.has(`${disk}s`)) return false;
  const place = after.places.find((other) => other.disk === disk || other.disk === `${disk}s`);
  if (place === undefined || place.namespaceStart < 0) return false;
  const { namespaceStart: start, namespaceBytes } = place;
  const { initialMedia } = life.subsystem.machine.memory;
  const isInside = (page: number): boolean =>
    page * PAGE_SIZE_BYTES >= start && page * PAGE_SIZE_BYTES < start + namespaceBytes;
  return !memory.isWritten(isInside) && ![...initialMedia.keys()].some(isInside);
}

/** A raw write to the map of a BTT gives sectors other blocks; any other one may do anything to it. */
function writeBelow(
  state: PromiseState,
  operation: OperationOf<'raw read' | 'raw write'>,
  index: number,
): void {
  const disk = `${operation.disk}s`;
  const place = state.disks.placeOf(disk);
  const sectors =
    place === undefined ? undefined : mappedSectors(place, operation.offset, operation.sizeBytes);
  if (place === undefined || sectors === undefined) state.disks.forget(disk);
  else {
    const { sectorBytes } = place;
    state.disks.forgetRemapped(disk, sectors.first * sectorBytes, sectors.count * sectorBytes, index);
  }
}

/** The sectors whose map entries lie in a part of a namespace that holds nothing else; BTTs of one arena only. */
function mappedSectors(
  { sectorBytes, sizeBytes, namespaceBytes }: DiskPlace,
  offset: number,
  length: number,
): { first: number; count: number } | undefined {
  const geometry = arenaGeometry(namespaceBytes - BTT_START_BYTES, BTT_START_BYTES, 0, sectorBytes, false);
  const { mapOffset, externalLbaCount } = geometry;
  if (externalLbaCount * sectorBytes !== sizeBytes) return undefined;
  if (offset < mapOffset || offset + length > mapOffset + externalLbaCount * MAP_ENTRY_BYTES)
    return undefined;
  const first = Math.floor((offset - mapOffset) / MAP_ENTRY_BYTES);
  const end = Math.ceil((offset + length - mapOffset) / MAP_ENTRY_BYTES);
  return { first, count: end - first };
}
