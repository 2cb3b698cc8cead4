/**
 * Which bytes a power failure may lose: those whose last stored value is not in every image. The unit of the fact
 * files' loss tables (memory-and-dax.md 15, 17).
 */
import type { ImageSet } from '#machine/crash-images.ts';
import type { DiskMemory } from '#kernel/subsystem/operation.ts';

/** A run of bytes of one disk, `end` exclusive. */
export interface ByteRange {
  readonly disk: string;
  readonly start: number;
  readonly end: number;
}

/** The bytes of `set` that may hold something else than what was stored last, in ranges, ascending. */
export function lossesOf(set: ImageSet, memory: readonly DiskMemory[]): ByteRange[] {
  const ranges: { disk: string; start: number; end: number }[] = [];
  for (const { address } of set.uncertainBytes()) {
    const place = placeOf(address, memory);
    const last = ranges.at(-1);
    if (last !== undefined && last.disk === place.disk && last.end === place.offset) last.end++;
    else ranges.push({ disk: place.disk, start: place.offset, end: place.offset + 1 });
  }
  return ranges;
}

/** A physical address as disk and offset. */
export function placeOf(address: number, memory: readonly DiskMemory[]): { disk: string; offset: number } {
  const found = memory.find(({ start, sizeBytes }) => address >= start && address < start + sizeBytes);
  return found === undefined
    ? { disk: 'memory', offset: address }
    : { disk: found.disk, offset: address - found.start };
}

/** Ranges as text, e.g. `pmem0:64-65,100`; `none` when there are none. */
export function formatRanges(ranges: readonly ByteRange[]): string {
  if (ranges.length === 0) return 'none';
  const disks = [...new Set(ranges.map(({ disk }) => disk))];
  return disks
    .map((disk) => {
      const own = ranges.filter((range) => range.disk === disk);
      return `${disk}:${own.map(({ start, end }) => (end === start + 1 ? `${start}` : `${start}-${end - 1}`)).join(',')}`;
    })
    .join(' ');
}
