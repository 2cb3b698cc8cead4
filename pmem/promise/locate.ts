/**
 * Where the bytes of a disk lie: in memory or in a space of their own, through the tables of mapped devices. Works from
 * the tables as they were loaded (memory-and-dax.md 8.3, 8.4), not from what a tree makes of them.
 */
import type { DmTargetShape } from '#kernel/subsystem/operation.ts';
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import type { ByteSpace, Piece } from './versions.ts';

/** What leads from disks to bytes. */
export interface DiskMap {
  /** Tables of the mapped devices. */
  readonly tables: ReadonlyMap<string, readonly DmTargetShape[]>;
  /** Where a disk without a table is; a member of a table stays where it was when its driver goes. */
  readonly placeOf: (disk: string, isMember: boolean) => DiskPlace | undefined;
  /** The bytes of disks that have no fixed place in memory. */
  readonly disks: { readonly spaceOf: (place: DiskPlace) => ByteSpace };
  readonly memory: ByteSpace;
}

/** A part of a disk. */
export interface DiskRange {
  readonly disk: string;
  readonly offset: number;
  readonly length: number;
}

/** The pieces that a part of a disk consists of, as far as it leads anywhere: what lies behind the first byte that does not is left out. */
export function locate(map: DiskMap, range: DiskRange, above: readonly string[] = []): Piece[] {
  const { disk, offset, length } = range;
  if (above.includes(disk)) return [];
  const chain = [...above, disk];
  const table = map.tables.get(disk);
  if (table !== undefined) return locateThrough(map, table, range, chain);
  const place = map.placeOf(disk, above.length > 0);
  if (place === undefined || place.kind === 'none' || offset + length > place.sizeBytes) return [];
  if (place.kind !== 'memory')
    return [{ space: map.disks.spaceOf(place), address: offset, length, done: 0, chain }];
  return [{ space: map.memory, address: place.start + offset, length, done: 0, chain }];
}

function locateThrough(
  map: DiskMap,
  table: readonly DmTargetShape[],
  { offset, length }: DiskRange,
  chain: readonly string[],
): Piece[] {
  const found: Piece[] = [];
  for (let done = 0; done < length;) {
    const member = memberAt(table, offset + done);
    if (member === undefined) return found;
    const part = Math.min(member.room, length - done);
    const below = locate(map, { disk: member.disk, offset: member.offset, length: part }, chain);
    for (const piece of below) found.push({ ...piece, done: piece.done + done });
    if (lengthOf(below) < part) return found;
    done += part;
  }
  return found;
}

/** How many bytes pieces have together. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** The member that has byte `offset` of a mapped device, its place there, and how many bytes follow in a row. */
function memberAt(
  table: readonly DmTargetShape[],
  offset: number,
): { disk: string; offset: number; room: number } | undefined {
  let begin = 0;
  for (const { type, sizeBytes, chunkBytes, members } of table) {
    if (offset >= begin + sizeBytes) {
      begin += sizeBytes;
      continue;
    }
    const inTarget = offset - begin;
    if (type === 'error') return undefined;
    const chunk = type === 'striped' ? Math.floor(inTarget / chunkBytes) : 0;
    const inChunk = type === 'striped' ? inTarget % chunkBytes : inTarget;
    const member = members[chunk % members.length];
    if (member === undefined) return undefined;
    const row = Math.floor(chunk / members.length);
    const room = (type === 'striped' ? chunkBytes : sizeBytes) - inChunk;
    return { disk: member.disk, offset: member.startBytes + row * chunkBytes + inChunk, room };
  }
  return undefined;
}

/** Every disk at or below `disk`, itself first. */
export function disksBelow(tables: DiskMap['tables'], disk: string): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const { members } of tables.get(name) ?? []) for (const member of members) visit(member.disk);
  };
  visit(disk);
  return [...found];
}
