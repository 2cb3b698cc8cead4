/**
 * One row of a file of kernel traces: an operation that a real kernel performed, what it returned, and every store, fence
 * and cache write-back of it (docs/KERNELS.md has the format). Rows come as JSON, one a line; names are changed from
 * `file_offset` to `fileOffset` on the way in. Fields that are not listed are ignored.
 */
import * as v from 'valibot';
import { DATA_LIMIT_BYTES } from '../language/check-workload.ts';
import { formatSize, sumOf } from '../language/sizes.ts';
import { type TraceEvent, parseEvent } from './events.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Each byte that an operation copies is recorded. */
const segments = v.pipe(
  v.array(count),
  v.check(
    (lengths) => sumOf(lengths) <= DATA_LIMIT_BYTES,
    `more than ${formatSize(DATA_LIMIT_BYTES)} in one operation\n  allowed: segments of at most ${DATA_LIMIT_BYTES} bytes together`,
  ),
);
const optionalText = v.nullish(v.string());

/** What an event may be, for messages. */
export const EVENTS_ALLOWED =
  'nPLACE:BYTES (movnti), cPLACE:BYTES (cached store), WPLACE OPLACE XPLACE (clwb, clflushopt, clflush of the line at PLACE), ' +
  'S (sfence), M (mfence); *COUNT for that many at consecutive places; MEMBER@ in front of a place, such as pmem3@n64:8*2';

const rowSchema = v.object({
  id: v.number(),
  op: v.string(),
  on: v.string(),
  disk: optionalText,
  file_offset: v.nullish(count),
  dest_offset_in_page: v.nullish(count),
  dev_offset: v.nullish(count),
  segments: v.nullish(segments),
  readable_source_bytes: v.nullish(count),
  returned: v.pipe(v.number(), v.integer()),
  errno: v.nullish(count),
  relative_to: v.nullish(v.picklist(['destination page', 'device'])),
  events: v.nullish(v.array(v.string())),
  events_cut_after: v.nullish(count),
  fences_write_backs_and_user_copies_by_function: v.nullish(v.record(v.string(), count)),
  calls: v.nullish(v.array(v.string())),
  value: optionalText,
  par: optionalText,
  queue_write_cache: optionalText,
  dax_write_cache: optionalText,
  kernel: optionalText,
  machine: optionalText,
  boot: optionalText,
});

/** An operation of a real kernel. Offsets and sizes are bytes. */
export interface TraceRow {
  /** Line of the file it stands in, counted from 1. */
  readonly line: number;
  readonly id: number;
  /** What was done, e.g. `pwrite`. */
  readonly op: string;
  /** To what, e.g. `ext4 dax on pmem0`. */
  readonly on: string;
  readonly disk: string | undefined;
  readonly fileOffset: number | undefined;
  readonly offsetInPage: number | undefined;
  /** Where `fileOffset` lies on the device. */
  readonly deviceOffset: number | undefined;
  /** Sizes of the pieces of the user's memory. */
  readonly segments: readonly number[];
  /** How many of those bytes can be read before the source faults. */
  readonly readableBytes: number | undefined;
  /** What the system call returned; a negative error number where it failed. */
  readonly returned: number;
  /** Whether places are relative to the page that `fileOffset` lies in; else they are places on the device. */
  readonly isRelativeToPage: boolean;
  /** `undefined` for a row that only counts (`counts`). */
  readonly events: readonly TraceEvent[] | undefined;
  /** The list of events is the beginning of a longer one. */
  readonly isCut: boolean;
  /** `S@FUNCTION` fences and `W@FUNCTION` write-backs; other keys are ignored. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  /** Names of the kernel functions that were entered, in order; `undefined` when nobody looked. */
  readonly calls: readonly string[] | undefined;
  /** The text that was written to a file of sysfs, or the device that was bound. */
  readonly value: string | undefined;
  /** How the device was configured, e.g. the sector size of a BTT. */
  readonly parameter: string | undefined;
  /** What the disk's files said when the operation ran; an empty text for a file that the kernel has not. */
  readonly queueWriteCache: string | undefined;
  readonly daxWriteCache: string | undefined;
  /** `queue/write_cache` by disk, `dm` for the mapped device: the fields `wc_DISK`. */
  readonly writeCaches: ReadonlyMap<string, string>;
  readonly kernel: string | undefined;
  readonly machine: string | undefined;
  readonly boot: string | undefined;
}

/** The row that a JSON value is, or what is wrong with it: where in the row, and what is allowed. */
export function parseRow(value: unknown, line: number): TraceRow | string {
  const parsed = v.safeParse(rowSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue);
    return `${where === null ? '' : `${where}: `}${issue.message}`;
  }
  const raw = parsed.output;
  const counts = raw.fences_write_backs_and_user_copies_by_function ?? undefined;
  const events = raw.events?.map((text) => parseEvent(text) ?? text);
  if (events === undefined && counts === undefined) {
    return 'events: missing\n  allowed: a list of events, such as ["n0:8*2", "S"]; [] when there are none';
  }
  const wrong = events?.findIndex((event) => typeof event === 'string') ?? -1;
  if (wrong >= 0) {
    return `events.${wrong}: '${raw.events?.[wrong] ?? ''}' is no event\n  allowed: ${EVENTS_ALLOWED}`;
  }
  return {
    line,
    id: raw.id,
    op: raw.op,
    on: raw.on,
    disk: raw.disk ?? undefined,
    fileOffset: raw.file_offset ?? undefined,
    offsetInPage: raw.dest_offset_in_page ?? undefined,
    deviceOffset: raw.dev_offset ?? undefined,
    segments: raw.segments ?? [],
    readableBytes: raw.readable_source_bytes ?? undefined,
    returned: typeof raw.errno === 'number' ? -raw.errno : raw.returned,
    isRelativeToPage: raw.relative_to === 'destination page',
    events: events?.filter((event) => typeof event !== 'string'),
    isCut: typeof raw.events_cut_after === 'number',
    counts,
    calls: raw.calls?.map(functionOf),
    value: raw.value ?? undefined,
    parameter: raw.par ?? undefined,
    queueWriteCache: raw.queue_write_cache ?? undefined,
    daxWriteCache: raw.dax_write_cache ?? undefined,
    writeCaches: writeCachesOf(value),
    kernel: raw.kernel ?? undefined,
    machine: raw.machine ?? undefined,
    boot: raw.boot ?? undefined,
  };
}

/** `@12 __copy_user_nocache(pmem0+64,8)` is `__copy_user_nocache(pmem0+64,8)`. */
const functionOf = (call: string): string => call.replace(/^@\d+ /, '');

function writeCachesOf(value: unknown): Map<string, string> {
  const entries = Object.entries(value as Record<string, unknown>);
  return new Map(
    entries.flatMap(([key, text]) =>
      key.startsWith('wc_') && typeof text === 'string' ? [[key.slice('wc_'.length), text]] : [],
    ),
  );
}

/** Bytes of all segments. */
export function totalBytes({ segments }: TraceRow): number {
  return segments.reduce((sum, length) => sum + length, 0);
}

/** Whether the kernel entered a function; `undefined` when the row does not say. */
export function hasCalled({ calls }: TraceRow, name: string): boolean | undefined {
  return calls?.some((call) => call === name || call.startsWith(`${name}(`));
}
