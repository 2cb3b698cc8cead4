/** Workloads made by fast-check: every kind of operation with every shape of its arguments, on boot lines of all kinds. */
import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  option,
  oneof,
  record,
  string,
  stringMatching,
  subarray,
} from 'fast-check';
import type {
  BootConfiguration,
  DeviceConfiguration,
  DmTargetShape,
  PersonalityShape,
  VectorShape,
} from '#kernel/subsystem/operation.ts';
import type { Step, StepOf, Workload } from '#pmem/language/workload.ts';

const disk = constantFrom('pmem0', 'pmem1', 'pmem0s', 'ram0', 'dm-0', 'ndblk0.0');
/** Any word that begins with a slash: `;` would end the line. */
const path = stringMatching(/^\/[!-:<-~äß文]{1,6}$/);
const file = record({ disk, path });
const offset = oneof(integer({ min: 0, max: 9000 }), constantFrom(4096, 1 << 20, 2 ** 40, 2 ** 53 - 1));
const sizeBytes = oneof(integer({ min: 1, max: 9000 }), constantFrom(4096, 1 << 20));
const lengths = array(oneof(sizeBytes, constant(0)), { minLength: 1, maxLength: 4 });
const range = { file, offset, sizeBytes };
const process = constantFrom('A', 'B', 'by');

const absentOr = <Value>(value: Arbitrary<Value>) => option(value, { nil: undefined });

function vector(kinds: readonly VectorShape['kind'][]): Arbitrary<VectorShape> {
  return record({ kind: constantFrom(...kinds), lengths, accessibleBytes: absentOr(sizeBytes) }).map(
    ({ accessibleBytes, ...rest }) => (accessibleBytes === undefined ? rest : { ...rest, accessibleBytes }),
  );
}

const member = record({ disk, startBytes: offset });

const target: Arbitrary<DmTargetShape> = oneof(
  record({
    type: constant('linear' as const),
    sizeBytes,
    chunkBytes: constant(0),
    members: array(member, { minLength: 1, maxLength: 1 }),
  }),
  record({
    type: constant('striped' as const),
    sizeBytes,
    chunkBytes: sizeBytes,
    members: array(member, { minLength: 1, maxLength: 3 }),
  }),
  record({
    type: constant('error' as const),
    sizeBytes,
    chunkBytes: constant(0),
    members: constant([]),
  }),
  record({
    type: constant('snapshot-origin' as const),
    sizeBytes,
    chunkBytes: constant(0),
    members: disk.map((name) => [{ disk: name, startBytes: 0 }]),
  }),
);

const personality: Arbitrary<PersonalityShape> = oneof(
  constant({ type: 'raw' as const }),
  record({ type: constant('btt' as const), sectorBytes: sizeBytes }),
  record({
    type: constantFrom('pfn' as const, 'dax' as const),
    memmap: constantFrom('ram' as const, 'pmem' as const),
    alignBytes: constantFrom(4096, 1 << 21, 1 << 30),
  }),
);

const bio = { disk, offset, lengths, preflush: boolean(), fua: boolean() };
const raw = { disk, offset, sizeBytes, atomic: boolean() };
const pattern = stringMatching(/^(?:[0-9a-f]{2}){1,3}$/);
/** A path of sysfs, or any other word. */
const sysfsPath = oneof(path, constantFrom('pmem0/queue/write_cache', '/sys/block/pmem0/size'));
const dimm = constantFrom('nmem0', 'nmem12');

/** One of a kind: its name and the rest of it. */
const of = <Kind extends Step['kind'], Rest extends object>(kind: Kind, rest: Arbitrary<Rest>) =>
  rest.map((fields) => ({ kind, ...fields }));

/** Operations of every kind. A kind that is not here is a type error. */
export const generatedSteps: { readonly [Kind in Step['kind']]: Arbitrary<StepOf<Kind>> } = {
  create: of(
    'create',
    record({
      file,
      sizeBytes,
      blocks: constantFrom('mapped' as const, 'unwritten' as const, 'hole' as const),
      alignBytes: constantFrom(4096, 1 << 21),
    }),
  ),
  'dax write': of(
    'dax write',
    record({ file, offset, vector: vector(['iovec', 'kvec', 'bvec', 'pipe']), sync: boolean() }),
  ),
  'dax read': of('dax read', record({ file, offset, vector: vector(['iovec', 'kvec', 'bvec']) })),
  mmap: of('mmap', record({ ...range, process })),
  store: of('store', record({ ...range, process })),
  load: of('load', record({ ...range, process })),
  fsync: of('fsync', record({ file })),
  msync: of('msync', record({ ...range, waits: boolean() })),
  zero: of('zero', record(range)),
  'zero in place': of('zero in place', record(range)),
  punch: of('punch', record(range)),
  truncate: of('truncate', record({ file, sizeBytes })),
  'bio write': of('bio write', record(bio)),
  'bio read': of('bio read', record(bio)),
  'page write': of('page write', record({ disk, offset })),
  'page read': of('page read', record({ disk, offset })),
  zeroout: of('zeroout', record({ disk, offset, sizeBytes })),
  flush: of('flush', record({ disk })),
  'set read-only': of('set read-only', record({ disk, readOnly: boolean() })),
  'raw write': oneof(of('raw write', record(raw)), of('raw write', record({ ...raw, pattern }))),
  'raw read': of('raw read', record(raw)),
  'dm create': of(
    'dm create',
    record({
      disk: stringMatching(/^[\w.ä-]{1,5}$/),
      targets: array(target, { minLength: 1, maxLength: 3 }),
    }),
  ),
  'sysfs read': of('sysfs read', record({ path: sysfsPath })),
  'sysfs write': of('sysfs write', record({ path: sysfsPath, text: string({ unit: 'binary' }) })),
  'sysfs list': of('sysfs list', record({ path: sysfsPath })),
  poison: of('poison', record({ disk, offset, sizeBytes })),
  'media poison': of('media poison', record({ disk, offset, sizeBytes })),
  'clear error': of('clear error', record({ disk, offset, sizeBytes })),
  'machine check': of('machine check', record({ disk, offset })),
  platform: of(
    'platform',
    record({
      setting: constantFrom(
        'clear-unit' as const,
        'clear-limit' as const,
        'clear-fails' as const,
        'ars-records' as const,
      ),
      value: offset,
    }),
  ),
  'check namespace': of('check namespace', record({ disk, force: boolean(), repair: boolean() })),
  personality: of('personality', record({ disk, personality })),
  'create namespace': oneof(
    of('create namespace', record({ region: constant('region5'), sizeBytes, personality })),
    of(
      'create namespace',
      record({ region: constant('region5'), sizeBytes, sectorBytes: sizeBytes, personality }),
    ),
  ),
  'destroy namespace': of('destroy namespace', record({ namespace: constant('namespace5.0') })),
  'zero labels': of('zero labels', record({ dimm })),
  'fail commands': of('fail commands', record({ dimm, mask: integer({ min: 0, max: 255 }) })),
  kill: of('kill', record({ disk })),
  detach: of('detach', record({ disk })),
  attach: of('attach', record({ disk })),
  shutdown: of('shutdown', record({ disk })),
  pid: of('pid', record({ pid: offset })),
  signal: of('signal', record({ pending: boolean() })),
  crash: of('crash', record({ image: constantFrom('worst' as const, 'best' as const) })),
  'crash inside': of('crash inside', record({ bound: integer({ min: 1, max: 100 }) })),
};

const deviceSize = integer({ min: 1, max: 4096 }).map((pages) => pages * 4096);

const device = oneof(
  record({
    kind: constant('pmem' as const),
    sizeBytes: deviceSize,
    hintsByDimm: array(integer({ min: 0, max: 9 }), { maxLength: 3 }),
    isVolatile: boolean(),
    isReadOnly: boolean(),
    hasRamBelow: boolean(),
    hasStructPages: boolean(),
    clearUnitBytes: constantFrom(256, 512, 4096, 0),
  }),
  record({
    kind: constantFrom('ram' as const, 'axonram' as const, 'dcssblk' as const),
    sizeBytes: deviceSize,
  }),
);

/** Boot lines without tables. */
export const generatedBoot: Arbitrary<BootConfiguration> = record({
  domain: constantFrom('none' as const, 'adr' as const, 'eadr' as const),
  features: constantFrom(
    { clwb: true, clflushopt: true },
    { clwb: false, clflushopt: true },
    { clwb: false, clflushopt: false },
  ),
  disabledSymbols: subarray([
    'ARCH_HAS_PMEM_API' as const,
    'ARCH_HAS_UACCESS_FLUSHCACHE' as const,
    'BLK_DEV_RAM_DAX' as const,
  ]),
  devices: array(device, { maxLength: 4 }).map((devices) =>
    devices.map((own, index): DeviceConfiguration => {
      const earlier = devices.slice(0, index).filter(({ kind }) => kind === own.kind);
      return { ...own, name: `${own.kind}${earlier.length}` };
    }),
  ),
});

/** Workloads of operations of all kinds; most of them name disks that are not there. */
export const generatedWorkload: Arbitrary<Workload> = record({
  boot: generatedBoot,
  steps: array(
    oneof(...Object.values<Arbitrary<Step>>(generatedSteps)).map((operation) => ({ operation })),
    { minLength: 1, maxLength: 6 },
  ),
});
