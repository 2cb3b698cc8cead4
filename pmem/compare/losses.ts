/**
 * Which bytes a power failure may lose: those whose last stored value is not in every image. The unit of the fact
 * files' loss tables (memory-and-dax.md 15, 17).
 */
import type { ImageSet } from '#machine/images/crash-images.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { DiskMemory } from '#kernel/subsystem/operation.ts';
import type { Run } from '../run/run.ts';

/** A run of bytes of one disk, `end` exclusive. */
export interface ByteRange {
  readonly disk: string;
  readonly start: number;
  readonly end: number;
}

/** The bytes of `set` that may hold something else than what was stored last, in ranges, ascending. */
export function lossesOf(set: ImageSet, memory: readonly DiskMemory[]): ByteRange[] {
  const borders = memory.flatMap(({ start, sizeBytes }) => [start, start + sizeBytes]);
  const ranges: ByteRange[] = [];
  for (const span of set.uncertainRanges()) {
    const cuts = borders.filter((border) => border > span.start && border < span.end);
    const places = [...new Set([span.start, ...cuts, span.end])].sort((left, right) => left - right);
    for (const [index, end] of places.slice(1).entries()) {
      const start = places[index] ?? end;
      const { disk, offset } = placeOf(start, memory);
      ranges.push({ disk, start: offset, end: offset + end - start });
    }
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

/** The 8-byte words at ascending addresses as text, e.g. `pmem0:64-79`. */
export function wordsText(addresses: readonly number[], memory: readonly DiskMemory[]): string {
  const ranges: ByteRange[] = [];
  for (const address of addresses) {
    const { disk, offset } = placeOf(address, memory);
    const last = ranges.at(-1);
    const continues = last?.disk === disk && last.end === offset;
    if (continues) ranges.pop();
    ranges.push({ disk, start: continues ? last.start : offset, end: offset + WORD_SIZE_BYTES });
  }
  return formatRanges(ranges);
}

/** The bytes that a power failure after the last operation may lose, as text. */
export function lostAtEnd(run: Run): string {
  const last = run.outcomes.at(-1);
  const life = last === undefined ? undefined : run.lives[last.life];
  if (last === undefined || life === undefined) return 'none';
  return formatRanges(lossesOf(life.history.acked(last.acknowledgement), life.subsystem.memory));
}
