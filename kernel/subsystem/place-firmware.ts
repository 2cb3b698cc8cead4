/**
 * The memory behind a firmware table: what the machine must have where the table says it is. Ranges overlap or have
 * no size in broken tables; the machine then has the first of them.
 */
import type { FlushHint } from '#machine/hardware/machine.ts';
import type { MemoryRange } from '#machine/hardware/memory.ts';
import { spaTypeOf } from '#machine/nfit/guid.ts';
import type { BlockWindow, FlushHintTable, MemoryMap, SpaRange, Subtable } from '#machine/nfit/subtables.ts';
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
  /** Where the memory behind block windows begins, by the handle of the dimm. */
  readonly dimmMemory: ReadonlyMap<number, number>;
}

/** Memory behind block windows lies here, out of the way of all ranges, and this far apart. */
const DIMM_MEMORY_BASE = 2 ** 47;
const DIMM_MEMORY_STRIDE = 2 ** 41;

/**
 * The memory and the flush hints of a table; its dimms are `nmemN` from `firstDimm` on, by ascending handle. Memory
 * behind block windows is apart from the ranges of memory, as in the mock topology, where the windows' range is it.
 */
export function placeFirmware(table: Uint8Array, firstDimm: number, isMock = false): PlacedFirmware {
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
  const dimmMemory = new Map<number, number>();
  for (const [index, handle] of handles.entries()) {
    const windows = windowRanges(subtables, handle, {
      name: nameOf(handle),
      start: DIMM_MEMORY_BASE + (firstDimm + index) * DIMM_MEMORY_STRIDE,
      isMock,
    });
    const isFree = windows.every((range) => !ranges.some((other) => overlap(range, other)));
    if (!isFree || windows[0] === undefined) continue;
    dimmMemory.set(handle, windows[0].start);
    ranges.push(...windows);
  }
  const modules = new Map<number, string[]>();
  for (const { deviceHandle, addresses } of hintTables) {
    for (const address of addresses.map(Number)) {
      modules.set(address, [...(modules.get(address) ?? []), nameOf(deviceHandle)]);
    }
  }
  const flushHints = [...modules].map(([address, names]) => ({ address, modules: names }));
  return { ranges, flushHints, dimmCount: handles.length, dimmMemory };
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

/** What the block window of a dimm needs: the memory behind it first, then its registers. Empty without a window. */
function windowRanges(
  subtables: readonly Subtable[],
  handle: number,
  { name, start, isMock }: { readonly name: string; readonly start: number; readonly isMock: boolean },
): MemoryRange[] {
  const own = subtables.filter(
    (subtable): subtable is MemoryMap => subtable.type === 1 && subtable.deviceHandle === handle,
  );
  const spaOf = (type: string): SpaRange | undefined =>
    subtables.find(
      (subtable): subtable is SpaRange =>
        subtable.type === 0 &&
        spaTypeOf(subtable.guid) === type &&
        own.some(({ rangeIndex }) => rangeIndex === subtable.rangeIndex),
    );
  const [registers, aperture] = [spaOf('dimm-control-region'), spaOf('block-data-window')];
  const window = subtables.find(
    (subtable): subtable is BlockWindow =>
      subtable.type === 5 && own.some(({ regionIndex }) => regionIndex === subtable.regionIndex),
  );
  if (registers === undefined || aperture === undefined || window === undefined) return [];
  const capacity = Number(window.startAddress) + Number(window.capacityBytes);
  if (registers.lengthBytes === 0n || capacity === 0 || capacity > DIMM_MEMORY_STRIDE) return [];
  return [
    {
      name,
      start: isMock ? Number(aperture.address) : start,
      sizeBytes: isMock ? Number(aperture.lengthBytes) : capacity,
      kind: 'persistent',
      modules: [name],
    },
    {
      name: `${name}-registers`,
      start: Number(registers.address),
      sizeBytes: Number(registers.lengthBytes),
      kind: 'volatile',
      modules: [],
    },
  ];
}

/** Whether two ranges have a byte in common. */
export function overlap(
  left: Pick<MemoryRange, 'start' | 'sizeBytes'>,
  right: Pick<MemoryRange, 'start' | 'sizeBytes'>,
): boolean {
  return left.start < right.start + right.sizeBytes && right.start < left.start + left.sizeBytes;
}
