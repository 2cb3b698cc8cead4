/**
 * The machine that rows were recorded on: which write-back instruction its CPU has, and whether CPU caches survive a power
 * failure. Said by the caller, by the field `machine` of a row, or seen in the rows: every write-back of a machine is
 * its best instruction, but for those between two mfences, which drop lines and are clflushopt where there is one.
 */
import { InputError } from '#base/input-error.ts';
import { isWriteBack } from './events.ts';
import { isAfterStore, isPartialZero } from './gate.ts';
import type { KernelTraits } from './kernels.ts';
import type { TraceRow } from './row.ts';

const INSTRUCTIONS = ['clwb', 'clflushopt', 'clflush'] as const;

export interface MachineWords {
  readonly writeBack: (typeof INSTRUCTIONS)[number];
  /** Whether CPU caches survive a power failure (eADR). */
  readonly keepsCaches: boolean;
}

export const MACHINE_ALLOWED = `${INSTRUCTIONS.join(', ')}, with eadr if CPU caches survive, such as 'clflushopt' or 'clwb eadr'`;

/** The machine that words such as `clwb eadr` describe. Throws `InputError`, with `where` in front. */
export function parseMachine(text: string, where: string): Partial<MachineWords> {
  let machine: Partial<MachineWords> = {};
  for (const word of text.trim().split(/[\s,]+/)) {
    const writeBack = INSTRUCTIONS.find((name) => name === word);
    if (writeBack !== undefined) machine = { ...machine, writeBack };
    else if (word === 'eadr' || word === 'adr') machine = { ...machine, keepsCaches: word === 'eadr' };
    else throw new InputError(`${where}: '${word}' is no word for a machine\n  allowed: ${MACHINE_ALLOWED}`);
  }
  return machine;
}

/** The machine of a file of rows, as far as they show it. */
export function seenMachine(rows: readonly TraceRow[], kernel: KernelTraits): MachineWords {
  return { writeBack: seenWriteBack(rows) ?? 'clwb', keepsCaches: seesCachesKept(rows, kernel) };
}

const LETTERS: Readonly<Record<string, MachineWords['writeBack']>> = {
  W: 'clwb',
  O: 'clflushopt',
  X: 'clflush',
};

function seenWriteBack(rows: readonly TraceRow[]): MachineWords['writeBack'] | undefined {
  let best: number | undefined;
  for (const { events = [] } of rows) {
    let isBetweenFences = false;
    for (const { letter } of events) {
      if (letter === 'M') isBetweenFences = !isBetweenFences;
      const name = LETTERS[letter];
      if (name === undefined || isBetweenFences) continue;
      best = Math.min(best ?? INSTRUCTIONS.length, INSTRUCTIONS.indexOf(name));
    }
  }
  return best === undefined ? undefined : INSTRUCTIONS[best];
}

/**
 * Whether a kernel that knows of such platforms wrote back nothing that it zeroed or that a mapped store had dirtied, although
 * the dax device's flag was not switched off: then the flag was off because caches survive.
 */
function seesCachesKept(rows: readonly TraceRow[], kernel: KernelTraits): boolean {
  if (!kernel.knowsPersistentCaches) return false;
  const owed = rows.filter((row) => row.daxWriteCache !== '0' && owesWriteBack(row));
  return (
    owed.length > 0 && owed.every(({ events = [] }) => !events.some(({ letter }) => isWriteBack(letter)))
  );
}

/** Whether an operation on a dax file writes back something wherever the flag is on. */
function owesWriteBack({ op, on, events = [] }: TraceRow): boolean {
  if (!/ dax on /.test(on) || events.length === 0) return false;
  return isAfterStore(op) || (isPartialZero(op) && events.some(({ letter }) => letter === 'c'));
}
