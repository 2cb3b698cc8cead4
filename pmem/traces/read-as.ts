/**
 * How the instructions of the model read in another kernel, where that differs for reasons outside the series
 * (`kernels.ts`). Each rule changes the model's list and has a name, which reports print.
 */
import { isPartialZero } from './gate.ts';
import { logPlacesOf } from './btt-lines.ts';
import type { RowContext } from './context.ts';
import { type TraceEvent, canonicalEvents, firstDifference, isStore, isWriteBack } from './events.ts';

export interface ReadEvents {
  readonly events: readonly TraceEvent[];
  /** Names of the rules that changed something. */
  readonly rules: readonly string[];
}

interface ReadingRule {
  readonly name: string;
  /** The model's events as the row's kernel would have them; the real ones are given for how long the list is. */
  readonly read: (
    context: RowContext,
    ours: readonly TraceEvent[],
    theirs: readonly TraceEvent[],
  ) => readonly TraceEvent[] | undefined;
}

const RULES: readonly ReadingRule[] = [
  {
    name: 'a memset in line stores the edges first, then the middle',
    read: ({ row, kernel }, ours) =>
      kernel.partialZero === 'edges first' && isPartialZero(row.op) ? ours.flatMap(edgesFirst) : undefined,
  },
  {
    name: 'one call of the copy less at the position of a fault',
    read: ({ row, kernel }, ours, theirs) =>
      kernel.callsAfterFault === 1 && row.readableBytes !== undefined
        ? withoutLastCall(ours, theirs)
        : undefined,
  },
  {
    name: 'the two log entries of a BTT lane are 16 bytes apart',
    read: ({ kernel, place }, ours) =>
      kernel.logEntryDistanceBytes !== 32 && place.sectorBytes !== undefined
        ? logPlacesOf(ours, place.sectorBytes, kernel.logEntryDistanceBytes)
        : undefined,
  },
  {
    name: 'pages of a new memory section are marked reserved before they are initialised',
    read: ({ row, kernel }, ours) =>
      kernel.reservesPages === 'before they are initialised' && row.op.startsWith('bind_')
        ? reservedFirst(ours)
        : undefined,
  },
  {
    name: 'no struct pages on a small namespace',
    read: ({ row, kernel }, ours) =>
      kernel.reservesPages === 'stores none' && row.op.startsWith('bind_')
        ? ours.slice(0, memsetAt(ours))
        : undefined,
  },
];

/** The model's events as the row's kernel would have stored them. All lists are canonical. */
export function readAs(
  context: RowContext,
  ours: readonly TraceEvent[],
  theirs: readonly TraceEvent[],
): ReadEvents {
  let events = ours;
  const rules: string[] = [];
  for (const { name, read } of RULES) {
    const changed = read(context, events, theirs);
    if (changed === undefined || firstDifference(changed, events) === undefined) continue;
    events = canonicalEvents(changed);
    rules.push(name);
  }
  return { events, rules };
}

/** A memset of a size that the compiler knows: its first and last 8 bytes, then whole words between; 4 below 8 bytes. */
function edgesFirst(event: TraceEvent): TraceEvent[] {
  const { place, sizeBytes } = event;
  if (event.letter !== 'c' || sizeBytes < 4) return [event];
  const edge = sizeBytes >= 8 ? 8 : 4;
  const edges = [place, place + sizeBytes - edge].map((at) => ({ ...event, place: at, sizeBytes: edge }));
  const start = place + 8 - (place % 8);
  const middle = sizeBytes >= 8 ? place + sizeBytes - start - ((place + sizeBytes - start) % 8) : 0;
  return middle > 0 ? [...edges, { ...event, place: start, sizeBytes: middle }] : edges;
}

/**
 * The model's list without its last call, which fences and writes back exactly as the call before it did and stores
 * nothing: the list that is left must end with what is taken away.
 */
function withoutLastCall(
  ours: readonly TraceEvent[],
  theirs: readonly TraceEvent[],
): readonly TraceEvent[] | undefined {
  const [all, wanted] = [singles(ours), singles(theirs)];
  const extra = all.length - wanted.length;
  if (extra <= 0) return undefined;
  const [left, taken] = [all.slice(0, -extra), all.slice(-extra)];
  const repeats = firstDifference(left.slice(-extra), taken) === undefined;
  return repeats && !taken.some(({ letter }) => isStore(letter)) ? left : undefined;
}

/** Struct pages of a memory section, which is cleared first: 2 MiB. */
const SECTION_MEMMAP_BYTES = 2 * 2 ** 20;

/** Where the struct pages of a section are cleared, which is the first thing stored of them. */
function memsetAt(events: readonly TraceEvent[]): number | undefined {
  const index = events.findIndex(
    ({ letter, sizeBytes }) => letter === 'c' && sizeBytes === SECTION_MEMMAP_BYTES,
  );
  return index < 0 ? undefined : index;
}

/** SetPageReserved: one byte of a struct page. */
const isMark = ({ letter, sizeBytes }: TraceEvent): boolean => letter === 'c' && sizeBytes === 1;

/** The single bytes that mark pages reserved, right behind the memset of their section. */
function reservedFirst(events: readonly TraceEvent[]): readonly TraceEvent[] | undefined {
  const cleared = memsetAt(events);
  if (cleared === undefined) return undefined;
  const [head, rest] = [events.slice(0, cleared + 1), events.slice(cleared + 1)];
  return [...head, ...rest.filter(isMark), ...rest.filter((event) => !isMark(event))];
}

/** Runs of write-backs as single ones. */
function singles(events: readonly TraceEvent[]): TraceEvent[] {
  return events.flatMap((event) =>
    isWriteBack(event.letter)
      ? Array.from({ length: event.count }, (_, index) => ({
          ...event,
          place: event.place + index * event.sizeBytes,
          count: 1,
        }))
      : [event],
  );
}
