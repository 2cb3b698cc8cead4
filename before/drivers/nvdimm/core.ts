/** drivers/nvdimm/core.c: the bus's list of poisoned ranges and the bad-block tables made from it (6.1, 6.2). */
import { type BadBlocks, badblocksSet } from '#kernel/block/badblocks.ts';
import type { NdRegion, NvdimmBus } from '#kernel/drivers/nvdimm/nd.ts';
import { printOnce, warnOnce } from '#kernel/kernel.ts';
import { isNdPmem } from './nd-core.ts';

/** A physical byte range, inclusive of neither gaps nor its end. */
export interface PhysicalRange {
  readonly start: number;
  readonly sizeBytes: number;
}

/** nvdimm_bus_add_poison: a new record; one with the same start only changes length. Returns 0. */
export function nvdimmBusAddPoison(bus: NvdimmBus, start: number, length: number): number {
  const known = bus.poison.find((entry) => entry.start === start);
  if (known === undefined) bus.poison.push({ start, length });
  else known.length = length;
  return 0;
}

/** nvdimm_forget_poison: takes `[start, start + length)` out of the list, trimming and splitting records. */
export function nvdimmForgetPoison(bus: NvdimmBus, start: number, length: number): void {
  const end = start + length;
  warnOnce(bus.kernel, bus.poison.length === 0, 'nvdimm_forget_poison: empty list');
  const kept = bus.poison.splice(0);
  const split: { start: number; length: number }[] = [];
  for (const entry of kept) {
    const entryEnd = entry.start + entry.length;
    if (entryEnd <= start || end <= entry.start) {
      bus.poison.push(entry);
      continue;
    }
    if (entry.start < start) bus.poison.push({ start: entry.start, length: start - entry.start });
    if (end < entryEnd) {
      const rest = { start: end, length: entryEnd - end };
      if (entry.start < start) split.push(rest);
      else bus.poison.push(rest);
    }
  }
  bus.poison.push(...split);
}

/**
 * nvdimm_badblocks_populate: enters the poison inside `range` into `table`, in sectors from the range's start. Only
 * for pmem regions. Rounds as v4.12.0 did: a record that starts inside a sector can lose its last one.
 */
export function nvdimmBadblocksPopulate(region: NdRegion, table: BadBlocks, range: PhysicalRange): void {
  const { kernel } = region;
  if (warnOnce(kernel, !isNdPmem(region), 'nvdimm_badblocks_populate only valid for pmem regions')) return;
  const rangeEnd = range.start + range.sizeBytes;
  for (const entry of region.bus.poison) {
    const from = Math.max(entry.start, range.start);
    const to = Math.min(entry.start + entry.length, rangeEnd);
    if (from >= to) continue;
    const sector = Math.floor((from - range.start) / 512);
    if (badblocksSet(table, sector, Math.ceil((to - from) / 512), true) !== 0) {
      printOnce(kernel, 'info', region.name, 'set_badblock', `failed for sector ${sector.toString(16)}`);
    }
  }
}
