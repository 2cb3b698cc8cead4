/**
 * Machines that workloads are made for: a power-fail domain, a processor, a kernel, and disks of one sort or several. Sorts that take
 * long to bring up come less often.
 */
import type { Random, Weighted } from '#engine/fuzz/random.ts';
import type {
  BootConfiguration,
  DeviceConfiguration,
  DmTargetShape,
  FirmwareConfiguration,
  MemoryDiskKind,
  PersonalityShape,
} from '#kernel/subsystem/operation.ts';
import { FIRMWARE_TABLE_NAMES } from '#kernel/subsystem/firmware-tables.ts';
import { DISABLED, parseBoot } from '../language/boot/boot-line.ts';
import { plainPmem, type PmemDevice } from '../language/boot/device-word.ts';
import { lineOf } from '../language/lines.ts';
import { WordReader } from '../language/words.ts';
import type { Step } from '../language/workload.ts';
import { drawTable } from './tables.ts';

/** A machine, and what is known of it before the kernel runs. */
export interface Machine {
  readonly boot: BootConfiguration;
  /** What is done first; it makes the disks that operations name. */
  readonly setup: readonly Step[];
  /** Bytes of each disk there is. */
  readonly sizes: Map<string, number>;
  /** Disks that operations name, the ones that the machine is about first. */
  readonly disks: string[];
  /** Disks of namespaces. */
  readonly namespaces: readonly string[];
  /** Places on disks where something else begins: members, chunks, targets, huge pages. */
  readonly borders: readonly number[];
}

const MIB = 2 ** 20;

/** Sorts of machines. */
const SORTS = [
  ['plain', 40],
  ['mapped', 22],
  ['huge pages', 12],
  ['memory disks', 8],
  ['personality', 5],
  ['firmware', 10],
  ['legacy', 3],
] as const;

const FEATURES: Weighted<BootConfiguration['features']> = [
  [{ clwb: true, clflushopt: true }, 6],
  [{ clwb: false, clflushopt: true }, 2],
  [{ clwb: false, clflushopt: false }, 2],
];

const DISABLED_PERCENT = 4;

/** Ready-made tables; the mocks of the regression suite take long to boot. */
/** Virtual disks of volatile memory have no device that contracts speak of (docs/FUZZ.md, limits). */
const UNSPOKEN: ReadonlySet<string> = new Set(['vdisk', 'vcd']);

const TABLES: Weighted<string> = FIRMWARE_TABLE_NAMES.filter((name) => !UNSPOKEN.has(name)).map((name) => [
  name,
  name.startsWith('mock') ? 0.05 : 1,
]);

/** Draws machines; tables of firmware are read once. */
export function machineDrawer(): (random: Random) => Machine {
  const firmware = new Map<string, FirmwareConfiguration>();
  const tableOf = (word: string): FirmwareConfiguration => {
    const known = firmware.get(word) ?? parseBoot(new WordReader(lineOf(word, 1))).firmware?.[0];
    if (known === undefined) throw new Error(`${word} is no table`);
    firmware.set(word, known);
    return known;
  };
  return (random) => machineOf(random, tableOf);
}

function machineOf(random: Random, tableOf: (word: string) => FirmwareConfiguration): Machine {
  const domain = random.pickWeighted([
    ['adr', 5],
    ['none', 2.5],
    ['eadr', 2.5],
  ] as const);
  const base = {
    domain,
    features: random.pickWeighted(FEATURES),
    disabledSymbols: [...DISABLED.values()].filter(() => random.chance(DISABLED_PERCENT)),
  };
  const sort = random.pickWeighted(SORTS);
  const needsHints = domain === 'none';
  switch (sort) {
    case 'firmware':
      return firmwareMachine(random, base, tableOf);
    case 'legacy':
      return found({ ...base, devices: [], legacyRanges: [2 * MIB] }, ['pmem0']);
    case 'huge pages':
      return hugeMachine(random, base, needsHints);
    case 'personality':
      return personalityMachine(random, base, needsHints);
    case 'memory disks':
      return withDisks({ ...base, devices: [...memoryDisks(random), ...pmems(random, 1, needsHints)] });
    case 'mapped': {
      const devices = [
        ...pmems(random, random.between(1, 2), needsHints),
        ...(random.chance(30) ? memoryDisks(random) : []),
      ];
      return mapped(random, withDisks({ ...base, devices }));
    }
    default:
      return withDisks({ ...base, devices: pmems(random, random.pick([1, 1, 1, 2, 3]), needsHints) });
  }
}

/** pmem devices of 2 MiB, with options now and then. */
function pmems(random: Random, count: number, needsHints: boolean): PmemDevice[] {
  return Array.from({ length: count }, (_, index) =>
    withOptions(random, plainPmem(`pmem${index}`, 2 * MIB), needsHints),
  );
}

const HINTS = [[1], [1], [2, 1], [1, 1, 1], [1, 0], [0, 4], [8], [0]];

function withOptions(random: Random, device: PmemDevice, needsHints: boolean): PmemDevice {
  const hasHints = random.chance(needsHints ? 85 : 12);
  return {
    ...device,
    hintsByDimm: random.chance(6) ? [] : hasHints ? random.pick(HINTS) : [0],
    isVolatile: random.chance(6),
    isReadOnly: random.chance(2),
    hasRamBelow: random.chance(2),
    hasStructPages: device.hasStructPages || random.chance(6),
    clearUnitBytes: random.chance(8) ? random.pick([64, 512, 1024, 4096]) : 256,
  };
}

const memoryDisks = (random: Random): DeviceConfiguration[] =>
  random
    .several<MemoryDiskKind>(
      [
        ['ram', 3],
        ['axonram', 1],
        ['dcssblk', 1],
      ],
      random.between(1, 2),
    )
    .map((kind) => ({ kind, name: `${kind}0`, sizeBytes: 2 * MIB }));

function withDisks(boot: BootConfiguration, setup: readonly Step[] = []): Machine {
  const names = boot.devices.map(({ name }) => name);
  return {
    boot,
    setup,
    sizes: new Map(boot.devices.map(({ name, sizeBytes }) => [name, sizeBytes])),
    disks: names,
    namespaces: boot.devices.filter(({ kind }) => kind === 'pmem').map(({ name }) => name),
    borders: [],
  };
}

/** A machine whose disks no word names; they are taken to be of 1 MiB. */
function found(boot: BootConfiguration, disks: string[]): Machine {
  return {
    boot,
    setup: [],
    sizes: new Map(disks.map((name) => [name, MIB])),
    disks,
    namespaces: disks,
    borders: [],
  };
}

type Base = Pick<BootConfiguration, 'domain' | 'features' | 'disabledSymbols'>;

function firmwareMachine(
  random: Random,
  base: Base,
  tableOf: (word: string) => FirmwareConfiguration,
): Machine {
  const name = random.pickWeighted(TABLES);
  const options = random.pick(['', '', '', '', ',labels', ',no-labels', ',ars=overflow']);
  const firmware = [tableOf(`nfit=${name}${options}`)];
  return found(
    { ...base, devices: [], firmware },
    name.startsWith('windows') ? ['ndblk0.0'] : ['pmem0', 'pmem1'],
  );
}

/** A device with struct pages and a file that begins at a huge page. */
function hugeMachine(random: Random, base: Base, needsHints: boolean): Machine {
  const plain = { ...plainPmem('pmem0', 8 * MIB), hasStructPages: true };
  const device = random.chance(70) && !needsHints ? plain : withOptions(random, plain, needsHints);
  const file = { disk: 'pmem0', path: '/f' };
  // A huge page that has no written block yet is zeroed as a whole, which takes as long as thirty other workloads.
  const blocks = random.pickWeighted([
    ['mapped', 30],
    ['unwritten', 1],
    ['hole', 1],
  ] as const);
  const create: Step = { kind: 'create', file, sizeBytes: 4 * MIB, blocks, alignBytes: 2 * MIB };
  const machine = withDisks({ ...base, devices: [device] }, [create]);
  return { ...machine, borders: [2 * MIB, 2 * MIB, 4 * MIB] };
}

/** A namespace that something lives on: large enough for a BTT. */
function personalityMachine(random: Random, base: Base, needsHints: boolean): Machine {
  const device = withOptions(random, plainPmem('pmem0', 17 * MIB), needsHints);
  const personality = random.pickWeighted<PersonalityShape>([
    [{ type: 'btt', sectorBytes: 512 }, 4],
    [{ type: 'btt', sectorBytes: 4096 }, 3],
    [{ type: 'pfn', memmap: 'ram', alignBytes: 2 * MIB }, 2],
    [{ type: 'dax', memmap: 'ram', alignBytes: 2 * MIB }, 0.3],
  ]);
  const machine = withDisks({ ...base, devices: [device] }, [
    { kind: 'personality', disk: 'pmem0', personality },
  ]);
  const isBtt = personality.type === 'btt';
  machine.sizes.set(isBtt ? 'pmem0s' : 'pmem0', 12 * MIB);
  return { ...machine, disks: isBtt ? ['pmem0s', 'pmem0s', 'pmem0s', 'pmem0'] : ['pmem0'] };
}

/** Mapped devices over the disks of a machine: one, or one on another. */
function mapped(random: Random, machine: Machine): Machine {
  const setup: Step[] = [...machine.setup];
  const borders: number[] = [];
  const { sizes } = machine;
  const below = [...machine.disks];
  const made: string[] = [];
  for (let index = 0; index < random.pick([1, 1, 2]); index++) {
    const disk = `dm-${index}`;
    const members = random.chance(70) ? made.concat(below.slice(0, 1)) : below;
    const targets = drawTable(random, index === 0 ? below : members, sizes);
    setup.push({ kind: 'dm create', disk, targets });
    borders.push(...bordersOf(targets));
    sizes.set(
      disk,
      targets.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    made.push(disk);
  }
  const top = made.toReversed();
  return { ...machine, setup, sizes, borders, disks: [...top, ...top, ...top, ...below] };
}

/** Where targets and chunks of a table begin. */
function bordersOf(targets: readonly DmTargetShape[]): number[] {
  const borders: number[] = [];
  let at = 0;
  for (const { sizeBytes, chunkBytes } of targets) {
    if (chunkBytes > 0) borders.push(...[1, 2, 3].map((chunk) => at + chunk * chunkBytes));
    at += sizeBytes;
    borders.push(at);
  }
  return borders.filter((border) => border < at);
}
