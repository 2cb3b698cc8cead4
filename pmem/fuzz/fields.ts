/**
 * How each argument of the language is drawn, by the name of its field: a field without a draw is a type error, so an operation that
 * comes new into the language is generated as soon as its arguments are known, and none can be forgotten.
 */
import type { Random } from '#engine/fuzz/random.ts';
import type { FileName, PersonalityShape, VectorShape } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import type { Step } from '../language/workload.ts';
import { lengthsFrom, placeNear, sizeFrom } from './edges.ts';
import type { Machine } from './machines.ts';
import { drawTable } from './tables.ts';

/** What one operation is drawn with. */
export interface Drawing {
  readonly random: Random;
  readonly machine: Machine;
  /** What this workload is about. */
  readonly focus: Focus;
  readonly kind: Step['kind'];
  /** The arguments that were drawn before. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What operations of one workload have in common, so that they meet. */
export interface Focus {
  /** Disks, the ones that it is about several times. */
  readonly disks: readonly string[];
  readonly paths: readonly string[];
  readonly processes: readonly string[];
  /** Places that they come back to. */
  readonly anchors: readonly number[];
}

type Draw = (drawing: Drawing) => unknown;
type FieldOf<One> = One extends Step ? Exclude<keyof One, 'kind'> : never;
/** Names of all arguments of all operations. */
export type FieldName = FieldOf<Step>;

const KIB = 1024;
const MIB = 2 ** 20;

/** The disk that an operation is about, once it has been drawn. */
function diskIn({ values }: Drawing): string {
  const file = values['file'] as FileName | undefined;
  return file?.disk ?? (values['disk'] as string | undefined) ?? '';
}

const sizeOfDisk = (drawing: Drawing): number => drawing.machine.sizes.get(diskIn(drawing)) ?? MIB;
const offsetIn = ({ values }: Drawing): number => (values['offset'] as number | undefined) ?? 0;

/** Bytes from the place of an operation to the end of its disk. */
const roomOf = (drawing: Drawing): number => sizeOfDisk(drawing) - offsetIn(drawing);

/** Longest data of one operation. */
const DATA_MAX = 12 * KIB;

/** Operations whose places are whole sectors or pages, as the kernel wants them; others now and then. */
const UNITS: Partial<Record<Step['kind'], number>> = {
  'bio write': SECTOR_SIZE,
  'bio read': SECTOR_SIZE,
  'page write': PAGE_SIZE_BYTES,
  'page read': PAGE_SIZE_BYTES,
  zeroout: SECTOR_SIZE,
  mmap: PAGE_SIZE_BYTES,
  msync: PAGE_SIZE_BYTES,
};

/** Kinds that nothing but whole units makes sense for. */
const isStrict = (kind: Step['kind']): boolean => kind.startsWith('page ');

function drawOffset(drawing: Drawing): number {
  const { random, machine, focus, kind } = drawing;
  const size = sizeOfDisk(drawing);
  const least = isStrict(kind) ? PAGE_SIZE_BYTES : 1;
  const end = Math.max(1, size - least + 1);
  const at = random.chance(50)
    ? Math.min(end - 1, Math.max(0, random.pick(focus.anchors) + random.pick([0, 0, 0, 1, -1, 4, 8, -8, 64])))
    : placeNear(random, end, machine.borders);
  const unit = UNITS[kind];
  if (unit === undefined) return at;
  if (isStrict(kind)) return roundDown(at, random.chance(80) ? unit : SECTOR_SIZE);
  return random.chance(97) ? roundDown(at, unit) : at;
}

/** Sizes of operations on ranges of a file or a disk. */
function drawSize(drawing: Drawing): number {
  const { random, kind, machine } = drawing;
  const room = roomOf(drawing);
  const offset = offsetIn(drawing);
  if (kind === 'create') return Math.min(room, random.pick([4 * KIB, 8 * KIB, 64 * KIB, 100, 4 * MIB]));
  if (kind === 'truncate') return placeNear(random, sizeOfDisk(drawing), machine.borders);
  if (kind === 'create namespace') return random.pick([2 * MIB, 4 * MIB, 16 * MIB, 32 * MIB]);
  if (kind === 'store' || kind === 'load')
    return Math.min(room, random.pick([1, 2, 4, 8, 8, 8, 3, 16, 64, 100]));
  if (kind === 'mmap' || kind === 'msync')
    return Math.min(room, random.pick([4 * KIB, 4 * KIB, 8 * KIB, 1, 4000, 2 * MIB]));
  if (kind === 'zeroout') return sectors(random, room);
  const isHole = kind === 'punch' || kind === 'zero';
  if (isHole && random.chance(10)) return Math.max(1, Math.min(room, random.pick([16 * KIB, 2 * MIB])));
  return sizeFrom(random, offset, Math.min(room, DATA_MAX));
}

/** Whole sectors, or nearly so. */
function sectors(random: Random, room: number): number {
  const size = random.pick([1, 1, 1, 1, 1, 2, 2, 3, 8, 9]) * SECTOR_SIZE;
  const exact = random.chance(98) ? size : size - random.between(1, 8);
  return Math.max(1, Math.min(room, exact));
}

function drawLengths(drawing: Drawing): number[] {
  const { random } = drawing;
  let room = roomOf(drawing);
  const lengths: number[] = [];
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0 && room > 0; count--) {
    const length = sectors(random, room);
    lengths.push(length);
    room -= length;
  }
  return lengths;
}

const VECTORS = [
  ['iovec', 6],
  ['kvec', 2],
  ['bvec', 2],
  ['pipe', 1],
] as const;

function drawVector(drawing: Drawing): VectorShape {
  const { random, kind: operation } = drawing;
  const drawn = random.pickWeighted(VECTORS);
  const kind = operation === 'dax read' && drawn === 'pipe' ? 'iovec' : drawn;
  const room = Math.min(roomOf(drawing), DATA_MAX);
  const lengths = lengthsFrom(random, offsetIn(drawing), random.pick([1, 1, 1, 2, 3]), room);
  const start = kind === 'pipe' ? undefined : startInPage(random);
  const shape = { kind, lengths, ...(start !== undefined && { startInPage: start }) };
  if (kind !== 'iovec' || !random.chance(12)) return shape;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return { ...shape, accessibleBytes: Math.min(total, random.pick([0, 1, 8, 40, 63, 64, 65, 4095])) };
}

/** Mostly anywhere; else at the edges of a page and of what is aligned in it. */
const startInPage = (random: Random): number | undefined =>
  random.chance(15) ? random.pick([0, 1, 7, 8, 63, 100, 4088, 4095]) : undefined;

const PERSONALITIES: readonly PersonalityShape[] = [
  { type: 'raw' },
  { type: 'raw' },
  { type: 'btt', sectorBytes: 512 },
  { type: 'btt', sectorBytes: 4096 },
  { type: 'pfn', memmap: 'ram', alignBytes: 2 * MIB },
  { type: 'pfn', memmap: 'pmem', alignBytes: 4096 },
  { type: 'dax', memmap: 'ram', alignBytes: 2 * MIB },
];

/** Attributes, and what is written to them. */
function attributes({ focus, random }: Drawing): [path: string, text: string] {
  const disk = random.pick(focus.disks);
  const region = `/sys/bus/nd/devices/region${random.below(2)}`;
  return random.pickWeighted<[string, string]>([
    [[`${disk}/queue/write_cache`, random.pick(['write through', 'write through', 'write back'])], 7],
    [[`${region}/deep_flush`, random.pick(['1', '1', '0'])], 2],
    [[`${disk}/badblocks`, `${random.below(32)} ${random.between(1, 8)}`], 0.5],
    [[`${region}/read_only`, random.pick(['1', '0'])], 0.5],
    [[`${disk}/${random.pick(['size', 'ro', 'queue/dax', 'queue/none'])}`, '1'], 0.5],
  ]);
}

/** Numbers that each setting of the platform takes. */
const PLATFORM: Readonly<Record<string, readonly number[]>> = {
  'clear-unit': [64, 256, 512, 4096],
  'clear-limit': [0, 256, 512, 4096],
  'clear-fails': [1, 1, 0],
  'ars-records': [1, 2, 128],
};

const anyOf =
  <Item>(...items: readonly Item[]): Draw =>
  ({ random }) =>
    random.pick(items);

const flag =
  (percent: number): Draw =>
  ({ random }) =>
    random.chance(percent);

/** Ways to draw each argument. */
export const FIELDS: { readonly [Name in FieldName]: Draw } = {
  file: ({ random, focus }): FileName => ({
    disk: random.pick(focus.disks),
    path: random.pick(focus.paths),
  }),
  disk: ({ random, machine, focus, kind }) => {
    if (kind === 'dm create') return random.pick(['dm-0', 'dm-0', 'dm-1', 'dm-2']);
    return random.pick(NAMESPACE_KINDS.has(kind) ? machine.namespaces : focus.disks);
  },
  offset: drawOffset,
  sizeBytes: drawSize,
  lengths: drawLengths,
  vector: drawVector,
  process: ({ random, focus }) => random.pick(focus.processes),
  blocks: anyOf('mapped', 'unwritten', 'hole'),
  alignBytes: anyOf(4096, 4096, 4096, 2 * MIB),
  sync: flag(25),
  waits: flag(90),
  preflush: flag(30),
  fua: flag(30),
  atomic: flag(15),
  pattern: anyOf(undefined, undefined, undefined, '00', '5aa5', 'ff'),
  readOnly: flag(60),
  targets: ({ random, machine, values }) => {
    const own = values['disk'];
    // A device may not be a member of itself, so only what is booted is one here.
    const booted = machine.boot.devices.map(({ name }) => name).filter((name) => name !== own);
    return drawTable(random, booted.length > 0 ? booted : machine.disks, machine.sizes);
  },
  path: (drawing) => {
    const { random, kind } = drawing;
    if (kind !== 'sysfs list') return attributes(drawing)[0];
    return random.pick(['/sys/block', '/sys/bus/nd/devices', '/sys/bus/nd/devices/region0']);
  },
  text: (drawing) => {
    const { values } = drawing;
    for (let tries = 0; tries < 40; tries++) {
      const [path, text] = attributes(drawing);
      if (path.split('/').at(-1) === String(values['path']).split('/').at(-1)) return text;
    }
    return '1';
  },
  setting: anyOf('clear-unit', 'clear-limit', 'clear-fails', 'clear-fails', 'ars-records'),
  value: ({ random, values }) => random.pick(PLATFORM[String(values['setting'])] ?? [1]),
  personality: anyOf(...PERSONALITIES),
  region: anyOf('region0', 'region1', 'region2'),
  sectorBytes: anyOf(undefined, 512, 4096),
  namespace: anyOf('namespace0.0', 'namespace1.0'),
  dimm: anyOf('nmem0', 'nmem1'),
  mask: anyOf(0, 0x10, 0x20, 0x40, 0x70),
  force: flag(70),
  repair: flag(50),
  pid: anyOf(1, 2, 77),
  pending: flag(60),
  image: anyOf('worst', 'worst', 'best'),
  bound: anyOf(1, 8, 20),
  startInPage: ({ random }) => startInPage(random),
};

/** Operations that work on namespaces alone. */
const NAMESPACE_KINDS: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'raw write',
  'raw read',
  'poison',
  'media poison',
  'clear error',
  'machine check',
  'check namespace',
  'personality',
  'detach',
  'attach',
  'shutdown',
]);
