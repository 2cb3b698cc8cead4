/**
 * Random workloads with an eye to edges: of lines, pages, sectors, chunks and huge pages. Each picks a machine and the
 * few operations that it is made of, so that things meet that rarely do when everything is drawn at once.
 */
import { type Arbitrary, array, constantFrom, integer, oneof, option, subarray, tuple } from 'fast-check';

/** A machine: its boot line, operations that set it up, and the disks that operations name. */
interface Machine {
  readonly setup: readonly string[];
  readonly disks: readonly string[];
  /** Namespaces, for what works on them. */
  readonly pmem: readonly string[];
  readonly btt?: boolean;
  readonly dm?: boolean;
  readonly processes?: boolean;
}

const plain = (boot: string, more: Partial<Machine> = {}): Machine => ({
  setup: [boot],
  disks: ['pmem0'],
  pmem: ['pmem0'],
  ...more,
});

/** Several pmem devices after a domain, with their options. */
function several(boot: string, ...options: readonly string[]): Machine {
  const names = options.map((_, index) => `pmem${index}`);
  const words = options.map((option, index) => `pmem${index}=2M${option}`);
  return { setup: [`boot ${boot} ${words.join(' ')}`], disks: names, pmem: names };
}

const mapped = (boot: string, ...tables: readonly string[]): Machine => ({
  setup: [`boot ${boot}`, ...tables],
  disks: [...tables.map((table) => table.split(' ')[1] ?? ''), 'dm-0', 'pmem0'],
  pmem: ['pmem0'],
  dm: true,
});

const personality = (what: string, disk: string, more: Partial<Machine> = {}): Machine => ({
  setup: ['boot adr clwb pmem0=17M', `personality pmem0 ${what}`],
  disks: [disk],
  pmem: ['pmem0'],
  ...more,
});

const MACHINES: readonly Machine[] = [
  several('adr clwb', ''),
  several('adr clflush', ''),
  several('adr clflushopt', '', ',clear=512'),
  several('eadr clwb', ''),
  several('none clwb', ''),
  several('none clwb', ',hints=2+1'),
  several('none clwb', ',hints=1+0', ',hints=1'),
  several('adr clwb', '', ',no-dimm'),
  several('adr clwb', '', ',volatile'),
  several('eadr clwb', '', ',volatile'),
  several('adr clwb no-flushcache', ''),
  several('adr clwb no-pmem-api', ''),
  plain('boot adr clwb nfit=pmem'),
  plain('boot none clwb nfit=pmem-hints'),
  plain('boot none clwb nfit=mixed-dimms'),
  plain('boot none clwb nfit=shared-hint'),
  plain('boot adr clwb nfit=volatile'),
  plain('boot adr clwb nfit=vdisk'),
  plain('boot adr clwb e820=2M'),
  {
    ...plain('boot adr clwb pmem0=8M,pages'),
    processes: true,
    setup: ['boot adr clwb pmem0=8M,pages', 'create pmem0:/f 4M mapped align 2M'],
  },
  {
    ...plain('boot none clwb pmem0=8M,pages,hints=1'),
    processes: true,
    setup: ['boot none clwb pmem0=8M,pages,hints=1', 'create pmem0:/f 4M mapped align 2M'],
  },
  {
    setup: ['boot adr clwb pmem0=2M ram0=2M axonram0=1M'],
    disks: ['ram0', 'axonram0', 'pmem0'],
    pmem: ['pmem0'],
  },
  mapped('adr clwb pmem0=2M ram0=2M', 'dm dm-0 linear 1M pmem0@4K linear 1M ram0@0'),
  mapped('adr clwb pmem0=2M pmem1=2M', 'dm dm-0 stripe 1M 8K pmem0@0,pmem1@0', 'dm dm-1 linear 512K dm-0@4K'),
  mapped('none clwb pmem0=2M,hints=1 pmem1=2M', 'dm dm-0 stripe 256K 4K pmem0@4K,pmem1@64K'),
  mapped(
    'eadr clwb pmem0=2M',
    'dm dm-0 snapshot-origin 1M pmem0@0',
    'dm dm-1 linear 16K dm-0@512 error 4K linear 64K pmem0@1M',
  ),
  personality('btt 512', 'pmem0s', { btt: true }),
  personality('btt 4096', 'pmem0s', { btt: true }),
  personality('pfn ram', 'pmem0', { processes: true }),
  {
    setup: ['boot none clwb pmem0=17M,hints=1', 'personality pmem0 btt 512'],
    disks: ['pmem0s'],
    pmem: ['pmem0'],
    btt: true,
  },
  {
    setup: [
      'boot adr clwb pmem0=17M pmem1=1M',
      'personality pmem0 btt 512',
      'dm dm-0 linear 32K pmem0s@512 linear 32K pmem1@0',
    ],
    disks: ['dm-0', 'pmem0s'],
    pmem: ['pmem0', 'pmem1'],
    btt: true,
  },
  plain('boot adr clwb nfit=windows', { disks: ['ndblk0.0'], pmem: ['ndblk0.0'] }),
  plain('boot adr clwb nfit=windows-interleaved', { disks: ['ndblk0.0'], pmem: ['ndblk0.0'] }),
];

/** Places near edges: of the line, of a page, of a sector, of a chunk. */
const edge = (bound: number, unit: number): Arbitrary<number> =>
  oneof(
    { weight: 4, arbitrary: integer({ min: 0, max: Math.min(64, bound) }) },
    {
      weight: 4,
      arbitrary: tuple(
        integer({ min: 1, max: Math.max(1, Math.floor(bound / unit)) }),
        integer({ min: -9, max: 9 }),
      ).map(([times, delta]) => Math.max(0, Math.min(bound, times * unit + delta))),
    },
    { weight: 1, arbitrary: integer({ min: 0, max: bound }) },
  );

const offset = oneof(edge(8192, 64), edge(65536, 4096));
const size = oneof(
  integer({ min: 1, max: 16 }),
  constantFrom(8, 63, 64, 65, 128, 511, 512, 4095, 4096, 4097, 8192),
  integer({ min: 1, max: 9000 }),
);
const sector = integer({ min: 0, max: 40 }).map((count) => count * 512);
const sectors = constantFrom(512, 512, 1024, 4096, 8192);
const pageNumber = integer({ min: 0, max: 6 });
const file = constantFrom('/f', '/f', '/g');
const vector = tuple(
  constantFrom('iov', 'iov', 'kvec', 'bvec'),
  oneof(
    size.map((bytes) => `${bytes}`),
    array(integer({ min: 1, max: 600 }), { minLength: 2, maxLength: 4 }).map((lengths) => lengths.join(',')),
  ),
);

const by = (name: string | undefined): string => (name === undefined ? '' : ` by ${name}`);

/** The operations of one machine, each family under its name. */
function familiesOf(machine: Machine): Record<string, Arbitrary<string>> {
  const disk = constantFrom(...machine.disks);
  const pmem = constantFrom(...machine.pmem);
  const process =
    machine.processes === true ? option(constantFrom('A', 'B'), { nil: undefined }) : constantFrom(undefined);
  const flags = constantFrom('', '', ' fua', ' preflush', ' preflush fua');
  const on = tuple(disk, file).map(([name, path]) => `${name}:${path}`);
  const families: Record<string, Arbitrary<string>> = {
    daxWrite: tuple(on, offset, vector, constantFrom('', '', ' sync'), constantFrom(0, 0, 0, 1)).map(
      ([target, at, [kind, lengths], sync, cut]) => {
        const readable = cut === 1 && kind === 'iov' ? ` readable ${Math.max(1, (at * 7) % 90)}` : '';
        return `dax write ${target} @${at} ${kind} ${lengths}${readable}${sync}`;
      },
    ),
    daxRead: tuple(on, offset, size).map(([target, at, bytes]) => `dax read ${target} @${at} iov ${bytes}`),
    store: tuple(on, offset, constantFrom(1, 2, 4, 8, 8, 64, 100), process).map(
      ([target, at, bytes, name]) => `store ${target} @${at} ${bytes}${by(name)}`,
    ),
    load: tuple(on, offset, constantFrom(1, 8, 64), process).map(
      ([target, at, bytes, name]) => `load ${target} @${at} ${bytes}${by(name)}`,
    ),
    fsync: on.map((target) => `fsync ${target}`),
    msync: tuple(on, pageNumber, integer({ min: 1, max: 3 })).map(
      ([target, page, pages]) => `msync ${target} @${page * 4096} ${pages * 4096 - 96}`,
    ),
    zero: tuple(constantFrom('zero', 'zero-in-place', 'punch'), on, offset, size).map(
      ([kind, target, at, bytes]) => `${kind} ${target} @${at} ${bytes}`,
    ),
    mmap: tuple(on, pageNumber, integer({ min: 1, max: 3 })).map(
      ([target, page, pages]) => `mmap ${target} @${page * 4096} ${pages * 4096} by B`,
    ),
    truncate: tuple(on, offset).map(([target, bytes]) => `truncate ${target} ${bytes}`),
    create: tuple(on, constantFrom('8K', '64K'), constantFrom('mapped', 'unwritten', 'hole')).map(
      ([target, bytes, blocks]) => `create ${target} ${bytes} ${blocks}`,
    ),
    bioWrite: tuple(disk, sector, array(sectors, { minLength: 1, maxLength: 3 }), flags).map(
      ([name, at, lengths, more]) => `bio write ${name} @${at} ${lengths.join(',')}${more}`,
    ),
    bioRead: tuple(disk, sector, sectors).map(([name, at, bytes]) => `bio read ${name} @${at} ${bytes}`),
    page: tuple(constantFrom('write', 'read'), disk, pageNumber).map(
      ([kind, name, page]) => `page ${kind} ${name} @${page * 4096}`,
    ),
    zeroout: tuple(disk, sector, sectors).map(([name, at, bytes]) => `zeroout ${name} @${at} ${bytes}`),
    flush: disk.map((name) => `flush ${name}`),
    switch: tuple(disk, constantFrom('write back', 'write through')).map(
      ([name, text]) => `sysfs write ${name}/queue/write_cache "${text}"`,
    ),
    raw: tuple(
      pmem,
      edge(8192, 64),
      size,
      constantFrom('write', 'write', 'read'),
      constantFrom('', ' bytes 5aa5'),
    ).map(
      ([name, at, bytes, kind, pattern]) =>
        `raw ${kind} ${name} @${at} ${bytes}${kind === 'write' ? pattern : ''}`,
    ),
    driver: tuple(constantFrom('detach', 'attach', 'shutdown'), pmem).map(
      ([kind, name]) => `${kind} ${name}`,
    ),
    deepFlush: constantFrom('sysfs write /sys/bus/nd/devices/region0/deep_flush "1"'),
    poison: tuple(
      constantFrom('poison', 'media-poison', 'clear-error'),
      pmem,
      edge(8192, 512),
      constantFrom(1, 64, 512, 700),
    ).map(([kind, name, at, bytes]) => `${kind} ${name} @${at} ${bytes}`),
    platform: constantFrom(
      'platform clear-fails 1',
      'platform clear-fails 0',
      'platform clear-limit 256',
      'machine-check pmem0 @576',
    ),
    crash: constantFrom('crash', 'crash', 'crash best'),
  };
  if (machine.dm === true)
    families['reload'] = constantFrom(
      'dm dm-0 linear 512K pmem0@64K',
      'dm dm-0 linear 1M pmem0@0',
      'dm dm-0 linear 4K pmem0@0 error 64K linear 64K pmem0@0',
    );
  if (machine.btt === true)
    families['personality'] = constantFrom(
      'personality pmem0 raw',
      'personality pmem0 btt 512',
      'check-namespace pmem0 force',
    );
  return families;
}

/** The text of a workload of up to `length` operations, one a line. */
export function anyWorkload(length: number): Arbitrary<string> {
  return constantFrom(...MACHINES).chain((machine) => {
    const families = familiesOf(machine);
    return subarray(Object.keys(families), { minLength: 3, maxLength: 9 }).chain((names) => {
      const operation = oneof(...names.map((name) => families[name]!));
      return array(operation, { minLength: 1, maxLength: length, size: 'max' }).map((operations) =>
        [...machine.setup, ...operations].join('\n'),
      );
    });
  });
}
