/** What each operation of a workload is like, in the words that contracts use (`vocabulary.ts`). */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import { spaTypeOf } from '#machine/nfit/guid.ts';
import { SubtableType } from '#machine/nfit/subtables.ts';
import { parseNfit } from '#machine/nfit/table.ts';
import { fileText } from './arguments/disks.ts';
import { DISABLED } from './boot/boot-line.ts';
import type { Aftermath, MadeDisk, Pieces } from './descriptor.ts';
import { descriptorOf, diskOf } from './operations.ts';
import type { Traits } from './vocabulary.ts';
import type { Step, Workload } from './workload.ts';

/** What traits follow from besides the operation itself. */
interface Context extends Aftermath {
  readonly boot: BootConfiguration;
  /** The kind of each device of the boot line. */
  readonly devices: ReadonlyMap<string, readonly string[]>;
  /** Members that each disk made by an operation has had: a mapping made under an earlier table still leads there. */
  readonly members: Map<string, readonly string[]>;
  /** Kinds of all ranges of the machine: what a disk or an attribute may be about that no boot word names. */
  readonly allKinds: readonly string[];
}

function contextOf(boot: BootConfiguration): Context {
  const devices = new Map(boot.devices.map((device) => [device.name, [deviceKind(device)]]));
  return {
    boot,
    devices,
    members: new Map(),
    allKinds: [...new Set([...[...devices.values()].flat(), ...firmwareKinds(boot)])],
    writeCache: new Map(),
    newFiles: new Set(),
  };
}

/** The traits of every step of a workload; power failures have none. */
export function traitsOf({ boot, steps }: Workload): (Traits | undefined)[] {
  const context = contextOf(boot);
  return steps.map(({ operation }) => {
    const { endsLife, makes, follow } = descriptorOf(operation);
    const traits = endsLife ? undefined : operationTraits(context, operation);
    const made = makes?.(operation);
    if (made !== undefined) addMade(context, made);
    follow?.(operation, context);
    return traits;
  });
}

/** Notes a disk made of others. It is switched as long as one of them was when it was made (docs/PROMISE.md). */
function addMade({ members, writeCache }: Context, made: MadeDisk): void {
  members.set(made.disk, [...(members.get(made.disk) ?? []), ...made.members]);
  const isSwitched = made.members.some((member) => writeCache.get(member) === 'write through');
  if (isSwitched) writeCache.set(made.disk, 'write through');
  else writeCache.delete(made.disk);
}

/** What booting is like: all devices of the machine count. */
export function bootTraits({ boot }: Workload): Traits {
  const context = contextOf(boot);
  return {
    operation: ['boot'],
    vector: [],
    ...pieceTraits(undefined),
    blocks: [],
    ...machineTraits(context, ''),
  };
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

/** The kinds of devices behind a disk, through all levels of mapped devices. */
function kindsBehind(context: Context, disk: string, above: readonly string[] = []): readonly string[] {
  const members = context.members.get(disk);
  if (members === undefined) {
    return context.devices.get(disk) ?? (disk.startsWith('ndblk') ? ['blk'] : context.allKinds);
  }
  const lower = members.filter((member) => !above.includes(member));
  return [...new Set(lower.flatMap((member) => kindsBehind(context, member, [...above, disk])))];
}

function operationTraits(context: Context, step: Step): Traits {
  const { pieces, vector } = descriptorOf(step);
  const disk = diskOf(step) ?? '';
  const isNew = 'file' in step && context.newFiles.has(fileText(step.file));
  return {
    operation: [step.kind],
    vector: vector === undefined ? [] : [vector(step)],
    ...pieceTraits(pieces?.(step)),
    blocks: 'file' in step ? [isNew ? 'new' : 'mapped'] : [],
    ...machineTraits(context, disk),
  };
}

/** The traits that follow from the machine and one of its disks. */
function machineTraits(
  context: Context,
  disk: string,
): Pick<Traits, 'device' | 'domain' | 'hints' | 'configuration' | 'writeCache'> {
  return {
    device: kindsBehind(context, disk),
    domain: [context.boot.domain],
    hints: hintWords(context.boot),
    configuration: configurationWords(context.boot),
    writeCache: [context.writeCache.get(disk) ?? 'default'],
  };
}

/** The traits of bytes in pieces; of none where there are none. */
function pieceTraits(pieces: Pieces | undefined): Pick<Traits, 'segments' | 'size' | 'alignment'> {
  const lengths = pieces?.lengths.filter((length) => length > 0) ?? [];
  if (pieces === undefined || lengths.length === 0) return { segments: [], size: [], alignment: [] };
  const onWords = pieces.offset % 8 === 0 && lengths.every((length) => length % 8 === 0);
  return {
    segments: [lengths.length === 1 ? 'one' : 'several'],
    size: [lengths.some((length) => length < 8) ? 'small' : 'large'],
    alignment: [onWords ? 'words' : 'edges'],
  };
}

function hintWords({ devices, firmware = [] }: BootConfiguration): string[] {
  if (firmware.length > 0) return ['table'];
  const regions = devices.flatMap((device) => (device.kind === 'pmem' ? [device.hintsByDimm] : []));
  if (regions.some((dimms) => dimms.includes(0) && dimms.some((hints) => hints > 0))) return ['mixed'];
  return [regions.length > 0 && regions.every((dimms) => dimms.some((hints) => hints > 0)) ? 'all' : 'none'];
}

function configurationWords({ disabledSymbols }: BootConfiguration): string[] {
  if (disabledSymbols.length === 0) return ['full'];
  return [...DISABLED].filter(([, symbol]) => disabledSymbols.includes(symbol)).map(([word]) => word);
}
