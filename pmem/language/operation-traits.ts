/** What an operation of a workload is like, in the words that contracts use to say where a difference shows. */
import type { BootConfiguration, FileName, Operation } from '#kernel/subsystem/operation.ts';
import { spaTypeOf } from '#machine/nfit/guid.ts';
import { SubtableType } from '#machine/nfit/subtables.ts';
import { parseNfit } from '#machine/nfit/table.ts';
import type { Workload } from './workload.ts';

/** The traits of one operation; each may have several values (the members of a mapped device). */
export type Traits = Readonly<Record<TraitName, readonly string[]>>;

/** What operations are told apart by. */
export type TraitName =
  | 'operation'
  | 'vector'
  | 'segments'
  | 'size'
  | 'alignment'
  | 'blocks'
  | 'device'
  | 'domain'
  | 'configuration'
  | 'writeCache';

/** State that earlier operations leave for later ones' traits. */
interface Context {
  readonly boot: BootConfiguration;
  /** Kinds of devices behind each disk that is not a mapped device. */
  readonly devices: Map<string, readonly string[]>;
  /** Members of the tables each mapped device has had: a mapping made under an earlier one still leads there. */
  readonly members: Map<string, readonly string[]>;
  /** Kinds of all ranges of the machine: what a disk or an attribute may be about that no boot word names. */
  readonly allKinds: readonly string[];
  readonly writeCache: Map<string, string>;
  /** Files whose blocks are made when they are written. */
  readonly newFiles: Set<string>;
}

const CONFIGURATION_WORDS: Readonly<Record<string, string>> = {
  ARCH_HAS_PMEM_API: 'no-pmem-api',
  ARCH_HAS_UACCESS_FLUSHCACHE: 'no-flushcache',
  BLK_DEV_RAM_DAX: 'no-ram-dax',
};

/** The traits of every step of a workload; power failures have none. */
export function traitsOf(workload: Workload): (Traits | undefined)[] {
  const devices = new Map(workload.boot.devices.map((device) => [device.name, [deviceKind(device)]]));
  const context: Context = {
    boot: workload.boot,
    devices,
    members: new Map(),
    allKinds: [...new Set([...[...devices.values()].flat(), ...firmwareKinds(workload.boot)])],
    writeCache: new Map(),
    newFiles: new Set(),
  };
  return workload.steps.map(({ operation }) => {
    if (operation.kind === 'crash') {
      context.writeCache.clear();
      return undefined;
    }
    const traits = operationTraits(context, operation);
    follow(context, operation);
    return traits;
  });
}

function deviceKind(device: BootConfiguration['devices'][number]): string {
  return device.kind === 'pmem' && device.isVolatile ? 'volatile' : device.kind;
}

/** The kinds of ranges in firmware tables and legacy ranges. */
function firmwareKinds({ firmware = [], legacyRanges = [] }: BootConfiguration): string[] {
  const types = firmware.flatMap(({ table }) =>
    parseNfit(table).subtables.flatMap((subtable) =>
      subtable.type === SubtableType.spaRange ? [spaTypeOf(subtable.guid)] : [],
    ),
  );
  const kinds = types.flatMap((type) => {
    if (type === undefined || type.startsWith('dimm')) return [];
    if (type === 'block-data-window') return ['blk'];
    return type.startsWith('volatile') ? ['volatile'] : ['pmem'];
  });
  return [...new Set([...kinds, ...legacyRanges.map(() => 'pmem')])];
}

/** The disk an operation works on, if it names one. */
export function diskOf(operation: Operation): string | undefined {
  if ('file' in operation) return operation.file.disk;
  if ('disk' in operation) return operation.disk;
  return 'path' in operation ? /^(?:\/sys)?(?:\/block\/)?([^/]+)\//.exec(operation.path)?.[1] : undefined;
}

/** The kinds of devices behind a disk, through all levels of mapped devices. */
function kindsBehind(context: Context, disk: string, above: readonly string[] = []): readonly string[] {
  const members = context.members.get(disk);
  if (members === undefined) {
    return context.devices.get(disk) ?? (disk.startsWith('ndblk') ? ['blk'] : context.allKinds);
  }
  const lower = members.filter((member) => !above.includes(member));
  return [...new Set(lower.flatMap((member) => kindsBehind(context, member, [...above, disk])))];
}

const fileKey = ({ disk, path }: FileName): string => `${disk}:${path}`;

function operationTraits(context: Context, operation: Operation): Traits {
  const disk = diskOf(operation) ?? '';
  const { disabledSymbols } = context.boot;
  const lengths = lengthsOf(operation);
  const start = 'offset' in operation ? operation.offset : 0;
  const isNew = 'file' in operation && context.newFiles.has(fileKey(operation.file));
  return {
    operation: [operation.kind],
    vector: 'vector' in operation ? [operation.vector.kind] : [],
    segments: lengths.length === 0 ? [] : [lengths.length === 1 ? 'one' : 'several'],
    size: lengths.length === 0 ? [] : [lengths.some((length) => length < 8) ? 'small' : 'large'],
    alignment: lengths.length === 0 ? [] : [onWords(start, lengths) ? 'words' : 'edges'],
    blocks: 'file' in operation ? [isNew ? 'new' : 'mapped'] : [],
    device: kindsBehind(context, disk),
    domain: [context.boot.domain],
    configuration:
      disabledSymbols.length === 0
        ? ['full']
        : disabledSymbols.map((symbol) => CONFIGURATION_WORDS[symbol] ?? symbol),
    writeCache: [context.writeCache.get(disk) ?? 'default'],
  };
}

function lengthsOf(operation: Operation): number[] {
  if ('vector' in operation) return operation.vector.lengths.filter((length) => length > 0);
  if ('lengths' in operation) return operation.lengths.filter((length) => length > 0);
  return 'sizeBytes' in operation && 'offset' in operation ? [operation.sizeBytes] : [];
}

/** Whether every piece begins and ends on an 8-byte boundary. */
function onWords(start: number, lengths: readonly number[]): boolean {
  return start % 8 === 0 && lengths.every((length) => length % 8 === 0);
}

/** Takes over what the operation changes for later ones. */
function follow(context: Context, operation: Operation): void {
  if (operation.kind === 'create' && operation.blocks !== 'mapped')
    context.newFiles.add(fileKey(operation.file));
  if (operation.kind === 'dm create') {
    const members = operation.targets.flatMap((target) => target.members.map(({ disk }) => disk));
    context.members.set(operation.disk, [...(context.members.get(operation.disk) ?? []), ...members]);
  }
  if (operation.kind === 'personality') {
    // The disk of a BTT is called after that of its namespace.
    context.devices.set(`${operation.disk}s`, kindsBehind(context, operation.disk));
  }
  if (operation.kind === 'sysfs write' && operation.path.endsWith('queue/write_cache')) {
    const disk = diskOf(operation) ?? '';
    if (operation.text.startsWith('write back')) context.writeCache.set(disk, 'write back');
    if (/^(write through|none)/.test(operation.text)) context.writeCache.set(disk, 'write through');
  }
}
