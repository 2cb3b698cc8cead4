/**
 * Which rows a sweep has, by rule. In full: offset by size by operation by machine, everything else at its default. In pairs:
 * for each operation every two of the other dimensions with every pair of their values, the rest at their defaults, at the
 * edges of offset and size. In a hurry: user segments at all offsets, the others at the edges, all on plain pmem, and every value
 * of each other dimension by itself; and segments over the end of what a device gives in one piece. What that leaves out is said in `leftOut`.
 */
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import { caseAt, deviceOf, isOfSectors, setupOf, SWEPT_OPERATIONS, type SweptOperation } from './cases.ts';
import {
  ALL_OFFSETS,
  ALL_SIZES,
  EDGE_OFFSETS,
  EDGE_SIZES,
  FEW_OFFSETS,
  FEW_SIZES,
  type Place,
  QUICK_SIZES,
  SPLITS,
} from './edges.ts';
import { MACHINES, prepare } from './machines.ts';
import type { SweepCase, SweepRow } from './row.ts';
import {
  DEFAULTS,
  type DimensionName,
  dimensionsOf,
  type Settings,
  settingsText,
  VALUES,
} from './settings.ts';

/** A row before its cases are made. */
export interface PlannedRow {
  readonly id: string;
  readonly make: () => SweepRow;
}

/** Cases that share a machine, at most (a block of more is a row by itself). */
const ROW_CASES = 257;

/** Sectors that a block write begins at and how many it takes: all ends of a page from inside and from outside. */
const SECTORS = [0, 1, 2, 3, 4, 5, 6, 7];
const SECTOR_COUNTS = [0, 1, 2, 3, 7, 8, 9, 16];

/** Cases of one shape at some offsets and sizes, both in bytes. */
interface Block {
  readonly settings: Settings;
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
}

/** A pipe is refused, and holes and zeroing in place go the way of `zero`: in full on plain pmem, elsewhere at the edges. */
const PLAIN_ONLY: ReadonlySet<SweptOperation> = new Set(['dax write pipe', 'punch', 'zero-in-place']);

/** Every row of the whole sweep. */
export function fullPlan(): PlannedRow[] {
  return SWEPT_OPERATIONS.flatMap((operation) => [
    ...rowsOf(
      operation,
      oneByOne(operation, PLAIN_ONLY.has(operation) ? [] : ['machine']).flatMap((settings) =>
        fullBlocks(operation, settings, ALL_SIZES),
      ),
      'in full',
    ),
    ...rowsOf(
      operation,
      inPairs(operation).map((settings) => ({ settings, ...edgesOf(operation) })),
      'pairs',
    ),
  ]);
}

/** The rows of `--quick`. */
export function quickPlan(): PlannedRow[] {
  return SWEPT_OPERATIONS.flatMap((operation) =>
    rowsOf(
      operation,
      [
        ...quickBlocks(operation),
        ...crossings(operation),
        ...oneByOne(operation, dimensionsOf(operation)).map((settings) => ({
          settings,
          ...fewOf(operation),
        })),
      ],
      'quick',
    ),
  );
}

/** What the plan does not try, a line each. */
export function leftOut(isQuick: boolean): string[] {
  const both = [
    'three and more of the other dimensions away from their defaults at once',
    `writes of more than ${ALL_SIZES.length - 1} bytes, and of more than ${Math.max(...SECTOR_COUNTS)} sectors`,
    'segments beyond two cut near an edge and seven chosen threes',
    'clflush and clflushopt, Kconfig switches, poison, several CPUs, power failures inside (scenarios and fuzz have them)',
  ];
  if (!isQuick)
    return [
      'the other dimensions away from the edges of offset and size',
      `${[...PLAIN_ONLY].join(', ')} away from these edges on other devices than plain pmem`,
      ...both,
    ];
  return [
    `sizes other than ${QUICK_SIZES.join(', ')}, and offsets other than ${EDGE_OFFSETS.join(', ')} but for dax write iov on plain pmem`,
    'two of the other dimensions away from their defaults at once but for segments over a page end (the full sweep has every pair)',
    ...both.slice(1),
  ];
}

/** The defaults, and every value of each dimension of `names` with the others at their defaults. */
function oneByOne(operation: SweptOperation, names: readonly DimensionName[]): Settings[] {
  const own = dimensionsOf(operation).filter((name) => names.includes(name));
  return [DEFAULTS, ...own.flatMap((name) => withEach(DEFAULTS, name))];
}

function withEach(settings: Settings, name: DimensionName): Settings[] {
  return VALUES[name].map((value) => ({ ...settings, [name]: value }));
}

/** Every pair of values of every two dimensions. */
function inPairs(operation: SweptOperation): Settings[] {
  const names = dimensionsOf(operation);
  return names.flatMap((first, index) =>
    names
      .slice(index + 1)
      .flatMap((second) => withEach(DEFAULTS, first).flatMap((settings) => withEach(settings, second))),
  );
}

/** Offsets in full: a block an offset; block writes have few enough for one. */
function fullBlocks(operation: SweptOperation, settings: Settings, sizes: readonly number[]): Block[] {
  if (isOfSectors(operation)) return [{ settings, ...edgesOf(operation) }];
  return ALL_OFFSETS.map((offset) => ({ settings, offsets: [offset], sizes }));
}

/** User memory, which is copied by the most intricate rules, at all offsets; the rest at the edges. */
function quickBlocks(operation: SweptOperation): Block[] {
  if (operation === 'dax write iov') return fullBlocks(operation, DEFAULTS, QUICK_SIZES);
  if (operation === 'dax write pipe' || isOfSectors(operation)) return [];
  return [{ settings: DEFAULTS, offsets: EDGE_OFFSETS, sizes: QUICK_SIZES }];
}

/** Ways to cut that put an end of a segment on either side of the end of a page. */
const CROSSING_SPLITS = ['whole', '8|…', '…|8', '64|…|1'];

/** Writes over the end of what a device gives in one piece: a page of a RAM disk, a chunk of a stripe. */
function crossings(operation: SweptOperation): Block[] {
  if (!operation.startsWith('dax write') || operation === 'dax write pipe') return [];
  const machines = MACHINES.filter(({ name }) => name === 'brd' || name === 'stripe');
  const splits = SPLITS.filter(({ name }) => CROSSING_SPLITS.includes(name));
  return machines.flatMap((machine) =>
    splits.map((split) => ({
      settings: { ...DEFAULTS, machine, place: 'over a page end' as const, split },
      ...fewOf(operation),
    })),
  );
}

type Extent = Pick<Block, 'offsets' | 'sizes'>;

function edgesOf(operation: SweptOperation): Extent {
  if (!isOfSectors(operation)) return { offsets: EDGE_OFFSETS, sizes: EDGE_SIZES };
  return { offsets: bytesOf(SECTORS), sizes: bytesOf(SECTOR_COUNTS) };
}

function fewOf(operation: SweptOperation): Extent {
  if (!isOfSectors(operation)) return { offsets: FEW_OFFSETS, sizes: FEW_SIZES };
  return { offsets: bytesOf([0, 7]), sizes: bytesOf([1, 3]) };
}

const bytesOf = (sectors: readonly number[]): number[] => sectors.map((count) => count * SECTOR_SIZE);

/** What one machine is booted and made ready for. */
const machineText = ({ machine, domain, cache }: Settings): string =>
  settingsText({ ...DEFAULTS, machine, domain, cache });

/** Packs blocks in rows: those of one machine together, up to about `ROW_CASES` cases. Blocks of the same settings and extent are one. */
function rowsOf(operation: SweptOperation, blocks: readonly Block[], name: string): PlannedRow[] {
  const machines = new Map<string, Map<string, Block>>();
  for (const block of blocks) {
    const machine = machineText(block.settings);
    const known = machines.get(machine) ?? new Map<string, Block>();
    known.set(`${settingsText(block.settings)} ${block.offsets.join()} ${block.sizes.join()}`, block);
    machines.set(machine, known);
  }
  return [...machines].flatMap(([machine, own]) =>
    packed([...own.values()]).map((some, index) => {
      const id = `${operation}, ${machine}, ${name} ${index + 1}`;
      return { id, make: () => makeRow(id, operation, some) };
    }),
  );
}

function packed(blocks: readonly Block[]): Block[][] {
  const rows: Block[][] = [];
  let room = 0;
  for (const block of blocks) {
    const count = block.offsets.length * block.sizes.length;
    if (room < count) {
      rows.push([]);
      room = ROW_CASES;
    }
    rows.at(-1)?.push(block);
    room -= count;
  }
  return rows;
}

function makeRow(id: string, operation: SweptOperation, blocks: readonly Block[]): SweepRow {
  const [first] = blocks;
  if (first === undefined) throw new RangeError('a row without blocks');
  const { machine, domain, cache } = first.settings;
  const device = deviceOf(operation);
  const own = device === undefined ? machine : { ...machine, devices: device };
  const { boot, steps: setup } = prepare(own, domain, cache, setupOf(operation));
  const places = new Places(isOfSectors(operation) ? PAGE_SIZE_BYTES : LINE_SIZE_BYTES);
  const cases: SweepCase[] = [];
  for (const { settings, offsets, sizes } of blocks)
    for (const offset of offsets)
      for (const sizeBytes of sizes) {
        const at = places.next(settings.place) + offset;
        const one = caseAt({ ...settings, operation, disk: machine.disk }, at, sizeBytes);
        if (one === undefined) continue;
        cases.push(one);
        places.take(at + sizeBytes);
      }
  return { id, boot, setup, cases };
}

/** Hands out places, one behind the other, with a free line or page between them. */
class Places {
  readonly #unit: number;
  #free = 0;

  constructor(unit: number) {
    this.#unit = unit;
  }

  /** The next place: the first free one, or the last line of a page. */
  next(place: Place): number {
    if (place === 'anywhere') return this.#free;
    return roundUp(this.#free + LINE_SIZE_BYTES, PAGE_SIZE_BYTES) - LINE_SIZE_BYTES;
  }

  take(end: number): void {
    this.#free = roundUp(end, this.#unit) + this.#unit;
  }
}
