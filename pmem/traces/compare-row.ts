/** One row against a tree: equal, not comparable and why, or different and where. */
import { PAGE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import type { Boot } from '#pmem/run/run.ts';
import type { RowContext } from './context.ts';
import { type TraceEvent, canonicalEvents, cutLike, firstDifference, isFence } from './events.ts';
import { type Performed, performRow } from './perform-row.ts';
import { type ReadEvents, readAs } from './read-as.ts';
import { reasonNotComparable } from './reasons.ts';
import type { TraceRow } from './row.ts';
import { type RowWorkload, workloadOf } from './row-workload.ts';

/** What came of a row. */
export type Verdict =
  | { readonly kind: 'equal'; readonly rules: readonly string[] }
  | { readonly kind: 'not comparable'; readonly reason: string }
  | Difference;

export interface Difference {
  readonly kind: 'different';
  /** The workload that was run in the row's place, one line each, the boot line first. */
  readonly workload: readonly string[];
  readonly kernel: SideOfRow;
  readonly model: SideOfRow;
  /** Index of the first event that differs; `undefined` where only the results do. */
  readonly firstDifference: number | undefined;
}

export interface SideOfRow {
  readonly returned: number | string;
  readonly events: readonly TraceEvent[];
}

/** Compares a row. `bootLine` replaces the boot line that the row's disks ask for. */
export function compareRow(boot: Boot, context: RowContext, bootLine?: string): Verdict {
  const reason = reasonNotComparable(context);
  if (reason !== undefined) return { kind: 'not comparable', reason };
  const workload = workloadOf(context);
  if (workload === undefined) {
    return { kind: 'not comparable', reason: `the model has no operation '${context.row.op}'` };
  }
  const line = bootLine ?? bootLineOf(context, workload);
  const run = { workload, line, performed: performRow(boot, line, workload) };
  const { events } = context.row;
  return events === undefined ? compareCounts(context, run) : compareEvents(context, run, events);
}

/** A row's workload, the boot line that it was run with, and what came of it. */
interface RowRun {
  readonly workload: RowWorkload;
  readonly line: string;
  readonly performed: Performed;
}

function bootLineOf({ machine }: RowContext, { devices }: RowWorkload): string {
  return `boot ${machine.keepsCaches ? 'eadr' : 'adr'} ${machine.writeBack} ${devices}`;
}

function compareEvents(
  context: RowContext,
  { workload, line, performed }: RowRun,
  wanted: readonly TraceEvent[],
): Verdict {
  const theirs = canonicalEvents(wanted);
  const { events, rules } = ourEvents(context, workload, performed, theirs);
  const ours = context.row.isCut ? cutLike(events, theirs) : events;
  return verdictOf(context.row, { workload, line, performed }, ours, theirs, rules);
}

/** A row that only counts: the numbers of fences and of write-backs. */
function compareCounts({ row }: RowContext, run: RowRun): Verdict {
  const theirs = countedEvents(Object.entries(row.counts ?? {}));
  const ours = countedEvents(run.performed.events.map(({ letter, count }) => [`${letter}@`, count]));
  return verdictOf(row, run, ours, theirs, []);
}

function verdictOf(
  row: TraceRow,
  { workload, line, performed }: RowRun,
  ours: readonly TraceEvent[],
  theirs: readonly TraceEvent[],
  rules: readonly string[],
): Verdict {
  const first = firstDifference(ours, theirs);
  if (first === undefined && isSameResult(workload, performed, row.returned)) return { kind: 'equal', rules };
  return {
    kind: 'different',
    workload: [line, ...workload.setUp, ...workload.operations],
    kernel: { returned: row.returned, events: theirs },
    model: { returned: performed.returned, events: ours },
    firstDifference: first,
  };
}

function isSameResult({ returned: how }: RowWorkload, { returned }: Performed, wanted: number): boolean {
  if (typeof returned === 'string') return false;
  if (how === 'ignored') return true;
  return how === 'exact' ? returned === wanted : returned < 0 === wanted < 0;
}

/** The model's events with the row's names of devices and its places, read as the row's kernel has them. */
function ourEvents(
  context: RowContext,
  { isPlaced }: RowWorkload,
  { events }: Performed,
  theirs: readonly TraceEvent[],
): ReadEvents {
  const { members } = context.place;
  const names = new Map(members.map((name, index) => [`pmem${index}`, name]));
  const single = theirs.find(({ member }) => member !== '')?.member ?? '';
  const shift = isPlaced ? 0 : pageOfFirst(theirs) - pageOfFirst(events);
  const isAsItIs = shift === 0 && single === '';
  const named = isAsItIs
    ? events
    : events.map((event) => {
        if (isFence(event.letter)) return event;
        const member = event.member === '' ? single : (names.get(event.member) ?? event.member);
        return { ...event, member, place: event.place + shift };
      });
  return readAs(context, canonicalEvents(named), theirs);
}

/** The page of the first place that a list names. */
function pageOfFirst(events: readonly TraceEvent[]): number {
  const first = events.find(({ letter }) => !isFence(letter));
  return first === undefined ? 0 : roundDown(first.place, PAGE_SIZE_BYTES);
}

/** Counts by letter and function as events without a place: fences, then write-backs. */
function countedEvents(counts: readonly (readonly [key: string, count: number])[]): TraceEvent[] {
  return ['S', 'M', 'W', 'O', 'X'].flatMap((letter) => {
    const found = counts.filter(([key]) => key.startsWith(`${letter}@`));
    const count = found.reduce((sum, [, value]) => sum + value, 0);
    return count === 0 ? [] : [{ member: '', letter, place: -1, sizeBytes: 0, count }];
  });
}
