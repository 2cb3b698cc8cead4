/**
 * The memory behind a firmware table: what the machine must have where the table says it is. Ranges overlap or have
 * no size in broken tables; the machine then has the first of them.
 */
import type { FlushHint } from '#machine/machine.ts';
import type { MemoryRange } from '#machine/memory.ts';
import { spaTypeOf } from '#machine/nfit/guid.ts';
import type { FlushHintTable, MemoryMap, SpaRange } from '#machine/nfit/subtables.ts';
import { parseNfit } from '#machine/nfit/table.ts';

/** Types of range that are memory. */
const MEMORY_TYPES: ReadonlySet<string | undefined> = new Set([
  'volatile',
  'pmem',
  'volatile-disk',
  'volatile-cd',
  'persistent-disk',
  'persistent-cd',
]);

/** What one table puts into the machine. */
export interface PlacedFirmware {
  readonly ranges: readonly MemoryRange[];
  readonly flushHints: readonly FlushHint[];
  /** How many dimms the table speaks of. */
  readonly dimmCount: number;
}

/** The memory and the flush hints of a table; its dimms are `nmemN` from `firstDimm` on, by ascending handle. */
export function placeFirmware(table: Uint8Array, firstDimm: number): PlacedFirmware {
  const { subtables } = parseNfit(table);
  const spas = subtables.filter((subtable): subtable is SpaRange => subtable.type === 0);
  const memdevs = subtables.filter((subtable): subtable is MemoryMap => subtable.type === 1);
  const hintTables = subtables.filter((subtable): subtable is FlushHintTable => subtable.type === 6);
  const handles = [...new Set(memdevs.map(({ deviceHandle }) => deviceHandle))].sort((a, b) => a - b);
  const nameOf = (handle: number): string => `nmem${firstDimm + handles.indexOf(handle)}`;
  const ranges: MemoryRange[] = [];
  for (const spa of spas) {
    const range = memoryOf(spa, memdevs, nameOf);
    if (range !== undefined && !ranges.some((other) => overlap(range, other))) ranges.push(range);
  }
  const modules = new Map<number, string[]>();
  for (const { deviceHandle, addresses } of hintTables) {
    for (const address of addresses.map(Number)) {
      modules.set(address, [...(modules.get(address) ?? []), nameOf(deviceHandle)]);
    }
  }
  const flushHints = [...modules].map(([address, names]) => ({ address, modules: names }));
  return { ranges, flushHints, dimmCount: handles.length };
}

function memoryOf(
  spa: SpaRange,
  memdevs: readonly MemoryMap[],
  nameOf: (handle: number) => string,
): MemoryRange | undefined {
  const type = spaTypeOf(spa.guid);
  const [start, sizeBytes] = [Number(spa.address), Number(spa.lengthBytes)];
  if (!MEMORY_TYPES.has(type) || sizeBytes === 0 || !Number.isSafeInteger(start + sizeBytes))
    return undefined;
  const own = memdevs.filter(({ rangeIndex }) => rangeIndex === spa.rangeIndex);
  return {
    name: `spa${spa.rangeIndex}`,
    start,
    sizeBytes,
    kind: type?.startsWith('volatile') === true ? 'volatile' : 'persistent',
    modules: own.map(({ deviceHandle }) => nameOf(deviceHandle)),
  };
}

/** Whether two ranges have a byte in common. */
export function overlap(left: MemoryRange, right: MemoryRange): boolean {
  return left.start < right.start + right.sizeBytes && right.start < left.start + left.sizeBytes;
}
