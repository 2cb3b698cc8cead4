/** The sectors of BTTs that a workload has written or is writing, and what each may hold after a power failure. */
import type { Operation } from '#kernel/subsystem/operation.ts';
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import { tagBytes } from '#kernel/subsystem/tag-bytes.ts';
import { sameBytes } from '#machine/images/image-set.ts';
import { roundDown } from '#machine/hardware/units.ts';
import { blockRange } from './ranges.ts';
import { eachRefusedByte } from './refused-bytes.ts';
import { type JudgedStep, pagesOf } from './step.ts';
import type { ByteSpace } from './versions.ts';

/** One sector. Offsets and lengths in bytes. */
export interface KnownSector {
  readonly disk: string;
  readonly offset: number;
  readonly length: number;
  /** The operation that wrote it last; -1 for none. */
  readonly writer: number;
  /** Whether these bytes are what it may hold. */
  readonly isRight: (bytes: Uint8Array) => boolean;
}

/** Whether what is on a namespace goes with the operation. */
export function isDestroyedBy(operation: Operation, { disk, namespace }: DiskPlace): boolean {
  switch (operation.kind) {
    case 'personality':
      return disk === operation.disk || disk === `${operation.disk}s`;
    case 'destroy namespace':
      return namespace === operation.namespace;
    case 'zero labels':
      return true;
    default:
      return false;
  }
}

/** Every sector of a BTT that is known and owed when an operation begins, and those that it writes. */
export function sectorsOf(step: JudgedStep): KnownSector[] {
  const found = new Map<string, KnownSector>();
  const { state, operation } = step;
  for (const space of state.disks.all()) {
    const place = state.disks.placeOf(space.disk);
    if (place === undefined || isDestroyedBy(operation, place) || !isKept(step, place)) continue;
    for (const { start, end } of space.writtenRanges())
      for (const sector of cut(space, start, end, place.sectorBytes)) found.set(keyOf(sector), sector);
  }
  for (const sector of underWay(step)) found.set(keyOf(sector), sector);
  return [...found.values()];
}

/** Whether a disk is a BTT that must keep its sectors: nothing of it is poisoned, and durability is owed to it. */
function isKept({ state }: JudgedStep, place: DiskPlace): boolean {
  const { namespaceStart: start, namespaceBytes } = place;
  const isInside = (cell: number): boolean => cell >= start && cell < start + namespaceBytes;
  const { before, after } = state;
  const isPoisoned = [...before.poisonedCells, ...after.poisonedCells].some(isInside);
  return place.kind === 'btt' && !isPoisoned && state.owed.onDisk(place);
}

const keyOf = ({ disk, offset }: KnownSector): string => `${disk} ${offset}`;

function cut(space: ByteSpace, start: number, end: number, length: number): KnownSector[] {
  const sectors: KnownSector[] = [];
  for (let offset = roundDown(start, length); offset < end; offset += length) {
    const { disk } = space;
    const writer = space.newestWriter(offset);
    sectors.push({ disk, offset, length, writer, isRight: (bytes) => isOld(space, offset, bytes) });
  }
  return sectors;
}

/** The sectors that the operation writes: each is what it was, or new as a whole. */
function underWay(step: JudgedStep): KnownSector[] {
  const { state, operation, index } = step;
  const isWrite = ['bio write', 'page write', 'zeroout'].includes(operation.kind);
  const range = isWrite ? blockRange(operation) : undefined;
  if (range === undefined) return [];
  const { offset, length } = range;
  const data = operation.kind === 'zeroout' ? new Uint8Array(length) : tagBytes(index, offset, length);
  return state.locate(range).flatMap(({ space, address, length: size, done }) => {
    const place = state.disks.placeOf(space.disk);
    if (place === undefined || !isKept(step, place)) return [];
    return cut(space, address, address + size, place.sectorBytes).map((sector) => {
      const start = done + sector.offset - address;
      const isNew = (bytes: Uint8Array): boolean =>
        sameBytes(bytes, data.subarray(start, start + bytes.length));
      return { ...sector, isRight: (bytes: Uint8Array) => isNew(bytes) || sector.isRight(bytes) };
    });
  });
}

/** Whether bytes are what reads were allowed to return before the operation. */
function isOld(space: ByteSpace, offset: number, bytes: Uint8Array): boolean {
  let isRight = true;
  for (const { page, from, to, done } of pagesOf({ space, address: offset, length: bytes.length, done: 0 }))
    eachRefusedByte(page, { from, to }, bytes, done, 'read', () => (isRight = false));
  return isRight;
}
