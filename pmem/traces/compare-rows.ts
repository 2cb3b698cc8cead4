/** A file of rows against a tree. */
import { InputError } from '#base/input-error.ts';
import type { Boot } from '#pmem/run/run.ts';
import { type Verdict, compareRow } from './compare-row.ts';
import type { RowContext } from './context.ts';
import { type KernelTraits, kernelTraits, seenKernel } from './kernels.ts';
import { type MachineWords, parseMachine, seenMachine } from './machine.ts';
import { type Place, placeOf } from './place.ts';
import type { TraceRow } from './row.ts';
import { treeTraits } from './tree-traits.ts';

/** What the caller says of rows that do not say it themselves. */
export interface Given {
  /** Kernel version; without it that of each row, else the one that the rows show. */
  readonly kernel?: string;
  readonly machine?: Partial<MachineWords>;
  /** Boot line in place of the one that a row's disks ask for. */
  readonly boot?: string;
}

export interface ComparedRow {
  readonly row: TraceRow;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** Kernel versions of the rows, in order of appearance. */
  readonly kernels: readonly string[];
  readonly machine: MachineWords;
}

/** Compares rows with a tree. `name` is the file's, for errors in it. Throws `InputError`. */
export function compareRows(
  boot: Boot,
  rows: readonly TraceRow[],
  name: string,
  given: Given = {},
): Comparison {
  const seen = seenKernel(rows);
  const versions = rows.map((row) => given.kernel ?? row.kernel ?? seen);
  const traits = rows.map((row, index) => traitsOf(versions[index] ?? seen, `${name}:${row.line}`));
  const newest = traits.at(-1) ?? traitsOf(seen, name);
  const machine = { ...seenMachine(rows, newest), ...given.machine };
  const tree = treeTraits(boot);
  const history = new History(rows);
  const compared = rows.map((row, index): ComparedRow => {
    const place = placeOf(row);
    if (place === undefined) return { row, verdict: unknownPlace(row) };
    const context: RowContext = {
      row,
      place,
      kernel: traits[index] ?? newest,
      machine: { ...machine, ...machineOf(row, name) },
      tree,
      badSectors: history.badSectorsBefore(row),
      deviceMinusFile: history.deviceMinusFile(row, place),
    };
    history.note(row);
    return { row, verdict: verdictOf(boot, context, given.boot ?? row.boot, `${name}:${row.line}`) };
  });
  return { rows: compared, kernels: [...new Set(versions)], machine };
}

function verdictOf(boot: Boot, context: RowContext, bootLine: string | undefined, where: string): Verdict {
  try {
    return compareRow(boot, context, bootLine);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${where}: ${error.message}`);
    throw error;
  }
}

function unknownPlace({ on }: TraceRow): Verdict {
  return { kind: 'not comparable', reason: `the model has nothing like '${on}'` };
}

function traitsOf(version: string, where: string): KernelTraits {
  const traits = kernelTraits(version);
  if (traits !== undefined) return traits;
  throw new InputError(`${where}: kernel '${version}' is no version\n  allowed: a version such as 4.13.9`);
}

function machineOf({ machine, line }: TraceRow, name: string): Partial<MachineWords> {
  return machine === undefined ? {} : parseMachine(machine, `${name}:${line}: machine`);
}

/** What rows say about the rows after them, or about all of the same file system. */
class History {
  readonly #bad = new Map<string, string[]>();
  readonly #placed: readonly TraceRow[];

  constructor(rows: readonly TraceRow[]) {
    this.#placed = rows.filter(
      ({ deviceOffset, fileOffset }) => deviceOffset !== undefined && fileOffset !== undefined,
    );
  }

  note({ op, on, value, returned }: TraceRow): void {
    if (op !== 'sysfs_badblocks_set' || value === undefined || returned < 0) return;
    this.#bad.set(on, [...(this.#bad.get(on) ?? []), value]);
  }

  badSectorsBefore({ on }: TraceRow): readonly string[] {
    return this.#bad.get(on) ?? [];
  }

  /** Only for files; from the row of the same file system whose place is nearest. */
  deviceMinusFile({ on, fileOffset }: TraceRow, { kind }: Place): number | undefined {
    if (kind !== 'dax file' || fileOffset === undefined) return undefined;
    const same = this.#placed.filter((row) => row.on === on);
    const distance = (row: TraceRow): number => Math.abs((row.fileOffset ?? 0) - fileOffset);
    const [nearest] = same.sort((left, right) => distance(left) - distance(right));
    return nearest === undefined ? undefined : (nearest.deviceOffset ?? 0) - (nearest.fileOffset ?? 0);
  }
}
