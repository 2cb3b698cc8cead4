/** Runs the workload of a row on a tree: what its operations returned and which instructions they executed. */
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { EntryKind, type EntryKindValue, type InstructionRecord } from '#machine/hardware/record.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import type { Boot } from '#pmem/run/run.ts';
import type { TraceEvent } from './events.ts';
import { isPowerFailure } from '#pmem/language/workload.ts';
import type { RowWorkload } from './row-workload.ts';

export interface Performed {
  /** What the first operation of the row returned; the text of the oops of a kernel that died. */
  readonly returned: number | string;
  /** Places are relative to the device; `member` is its name in the model where there are several. */
  readonly events: readonly TraceEvent[];
}

/** Boots `bootLine`, performs the set-up, then the operations. A line that fails in the set-up is no reason to stop. */
export function performRow(boot: Boot, bootLine: string, workload: RowWorkload): Performed {
  const { setUp, operations, prefix = [] } = workload;
  const skipped = prefix.length === 0 ? 0 : run(boot, bootLine, prefix, prefix.length).events.length;
  const { returned, events } = run(boot, bootLine, [...setUp, ...operations], operations.length);
  return { returned, events: events.slice(skipped) };
}

function run(boot: Boot, bootLine: string, lines: readonly string[], lastCount: number): Performed {
  const { boot: configuration, steps } = parseWorkload([bootLine, ...lines].join('\n'));
  const subsystem = boot(configuration);
  const { record } = subsystem.machine;
  let from = 0;
  let returned: number | string | undefined;
  for (const [index, { operation }] of steps.entries()) {
    if (index === steps.length - lastCount) from = record.length;
    if (isPowerFailure(operation)) continue;
    const result = subsystem.perform(operation, index);
    if (index >= steps.length - lastCount) returned ??= result.oops ?? result.returned;
  }
  return { returned: returned ?? 0, events: eventsOf(subsystem, from) };
}

const LETTERS: Readonly<Partial<Record<EntryKindValue, string>>> = {
  [EntryKind.storeCached]: 'c',
  [EntryKind.storeString]: 'c',
  [EntryKind.lockedStore]: 'c',
  [EntryKind.storeNonTemporal]: 'n',
  [EntryKind.clwb]: 'W',
  [EntryKind.clflushopt]: 'O',
  [EntryKind.clflush]: 'X',
  [EntryKind.sfence]: 'S',
  [EntryKind.mfence]: 'M',
};

function eventsOf(subsystem: Subsystem, from: number): TraceEvent[] {
  const { record } = subsystem.machine;
  const events: TraceEvent[] = [];
  for (let entry = from; entry < record.length; entry++) {
    const event = eventOf(subsystem, record, entry);
    if (event !== undefined) events.push(event);
  }
  return events;
}

function eventOf({ memory }: Subsystem, record: InstructionRecord, entry: number): TraceEvent | undefined {
  const letter = LETTERS[(record.kinds[entry] ?? 0) as EntryKindValue];
  if (letter === undefined) return undefined;
  const sizeBytes = record.unitSizes[entry] ?? 0;
  const count = record.counts[entry] ?? 0;
  if (sizeBytes === 0) return { member: '', letter, place: -1, sizeBytes: 0, count };
  const address = record.addresses[entry] ?? 0;
  const disk = memory.find(({ start, sizeBytes: size }) => address >= start && address < start + size);
  const member = memory.length > 1 ? (disk?.disk ?? '') : '';
  return { member, letter, place: address - (disk?.start ?? 0), sizeBytes, count };
}
