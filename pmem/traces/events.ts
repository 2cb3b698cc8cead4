/**
 * Events of a trace as data: an instruction or a run of equal ones at consecutive places. Two lists are the same when
 * their canonical forms are: runs are merged as far as they go, and a run of single-byte cached stores counts as the
 * string store of the same bytes, which a kernel may use in its place.
 */

/** `pmem3@n64:8*2` is member pmem3, letter n, place 64, size 8, count 2. */
export interface TraceEvent {
  /** The device that `place` is on; empty where there is only one. */
  readonly member: string;
  /** `n` movnti, `c` cached store, `W` clwb, `O` clflushopt, `X` clflush, `S` sfence, `M` mfence. */
  readonly letter: string;
  /** Bytes; -1 for a fence. */
  readonly place: number;
  /** Bytes that one instruction stores or writes back; 0 for a fence. */
  readonly sizeBytes: number;
  readonly count: number;
}

const LINE_BYTES = 64;
const EVENT = /^(?:(?:([^@\s]+)@)?(?:([nc])(\d+):(\d+)|([WOX])(\d+))|([SM]))(?:\*(\d+))?$/;

/** The event that a text is, `undefined` when it is none. */
export function parseEvent(text: string): TraceEvent | undefined {
  const match = EVENT.exec(text);
  if (match === null) return undefined;
  const [, member = '', store, place, size, writeBack, line, fence, count = '1'] = match;
  const rest = { member, count: Number(count) };
  if (store !== undefined) return { ...rest, letter: store, place: Number(place), sizeBytes: Number(size) };
  if (writeBack !== undefined)
    return { ...rest, letter: writeBack, place: Number(line), sizeBytes: LINE_BYTES };
  return { ...rest, letter: fence ?? '', place: -1, sizeBytes: 0 };
}

/** The text of an event. */
export function formatEvent({ member, letter, place, sizeBytes, count }: TraceEvent): string {
  const repeated = count > 1 ? `*${count}` : '';
  if (isFence(letter)) return `${letter}${repeated}`;
  const size = isWriteBack(letter) ? '' : `:${sizeBytes}`;
  return `${member === '' ? '' : `${member}@`}${letter}${place}${size}${repeated}`;
}

export const isFence = (letter: string): boolean => letter === 'S' || letter === 'M';

export const isWriteBack = (letter: string): boolean => letter === 'W' || letter === 'O' || letter === 'X';

export const isStore = (letter: string): boolean => letter === 'n' || letter === 'c';

/** The canonical form of a list: see above. Fences stay single. */
export function canonicalEvents(events: readonly TraceEvent[]): TraceEvent[] {
  const merged: TraceEvent[] = [];
  for (const event of events) {
    const last = merged[merged.length - 1];
    if (isFence(event.letter)) {
      for (let index = 0; index < event.count; index++) merged.push({ ...event, count: 1 });
    } else if (last !== undefined && continues(last, event)) {
      merged[merged.length - 1] = { ...last, count: last.count + event.count };
    } else merged.push(event);
  }
  return merged.map((event) =>
    event.letter === 'c' && event.sizeBytes === 1 ? { ...event, sizeBytes: event.count, count: 1 } : event,
  );
}

function continues(last: TraceEvent, next: TraceEvent): boolean {
  return (
    last.letter === next.letter &&
    last.member === next.member &&
    last.sizeBytes === next.sizeBytes &&
    last.place + last.sizeBytes * last.count === next.place
  );
}

/** Index of the first event that differs, `undefined` when the lists are equal. Both are canonical. */
export function firstDifference(
  left: readonly TraceEvent[],
  right: readonly TraceEvent[],
): number | undefined {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) if (!isSame(left[index], right[index])) return index;
  return left.length === right.length ? undefined : length;
}

function isSame(one: TraceEvent | undefined, other: TraceEvent | undefined): boolean {
  return (
    one?.letter === other?.letter &&
    one?.member === other?.member &&
    one?.place === other?.place &&
    one?.sizeBytes === other?.sizeBytes &&
    one?.count === other?.count
  );
}

/** `events` up to where `prefix`, the beginning of a longer list, ends. Both are canonical. */
export function cutLike(events: readonly TraceEvent[], prefix: readonly TraceEvent[]): TraceEvent[] {
  const cut = events.slice(0, prefix.length);
  const [ours, theirs] = [cut.at(-1), prefix.at(-1)];
  if (ours === undefined || theirs === undefined || cut.length < prefix.length) return cut;
  const isString = ours.letter === 'c' && ours.count === 1 && theirs.count === 1;
  if (isString) cut[cut.length - 1] = { ...ours, sizeBytes: Math.min(ours.sizeBytes, theirs.sizeBytes) };
  else cut[cut.length - 1] = { ...ours, count: Math.min(ours.count, theirs.count) };
  return cut;
}
