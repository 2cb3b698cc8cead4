/** One line of a recording read as JSON, with every field checked. Unknown fields are ignored; an unknown kind is an error. */
import * as v from 'valibot';
import { EntryKind, type EntryKindValue } from '#machine/hardware/record.ts';
import { printable } from '#base/printable.ts';
import type { RecordingBuilder } from './builder.ts';

/** MS_SYNC of msync(2). */
const MS_SYNC = 4;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0, 'a number that is not negative'));
const text = v.string();
const data = v.pipe(
  v.string(),
  v.check((digits) => digits.length % 2 === 0, 'an even number of hexadecimal digits'),
  v.regex(/^[0-9a-fA-F]*$/, 'hexadecimal digits'),
);
const optional = v.optional(count, 0);

const store = v.object({
  t: count,
  f: count,
  a: count,
  u: v.optional(v.pipe(count, v.minValue(1, 'a unit of at least 1 byte'))),
  d: data,
  p: optional,
  b: optional,
});
const writeBack = v.object({ t: count, f: count, a: count, p: optional, b: optional });
const fence = v.object({ t: count, p: optional, b: optional });

/** What a line of each kind does; the fields are those of docs/RECORDINGS.md. */
const LINES: Readonly<Record<string, (builder: RecordingBuilder, line: unknown) => 'end' | void>> = {
  recording: (builder) => builder.fail('expected one recording line, the first; found another'),
  map: lineOf(
    v.object({
      f: count,
      path: text,
      a: count,
      n: v.pipe(count, v.minValue(1, 'at least one byte')),
      size: count,
      sync: v.boolean(),
      initial: v.optional(v.pipe(text, v.regex(/^(zeros|fnv1a64:[0-9a-f]{16})$/, "'zeros' or 'fnv1a64:…'"))),
    }),
    (builder, { f, path, a, n, size, sync, initial }) => {
      const known = builder.files[f];
      if (known === undefined && initial === undefined)
        builder.fail(`expected "initial" in the first mapping of file ${f}`);
      if (known !== undefined && known.path !== path)
        builder.fail(`file ${f} was ${printable(known.path)} and is now ${printable(path)}`);
      builder.map(
        f,
        { path, initial: initial ?? 'zeros' },
        { from: a, size: n, fileSize: size, isSync: sync },
      );
    },
  ),
  pc: lineOf(
    v.object({
      p: count,
      object: text,
      offset: count,
      function: v.optional(text),
      source: v.optional(text),
      inlined: v.optional(v.array(text), []),
    }),
    (builder, { p, object, offset, function: name, source, inlined }) =>
      builder.tell(p, { object, offset, function: name, source, inlined }),
  ),
  ...Object.fromEntries(
    Object.entries({
      c: EntryKind.storeCached,
      n: EntryKind.storeNonTemporal,
      r: EntryKind.storeString,
      L: EntryKind.lockedStore,
    }).map(([name, kind]) => [name, storeLine(kind)]),
  ),
  ...Object.fromEntries(
    Object.entries({ W: EntryKind.clwb, O: EntryKind.clflushopt, X: EntryKind.clflush }).map(
      ([name, kind]) => [
        name,
        eventOf(writeBack, (builder, { t, f, a, p, b }) => builder.writeBack(kind, t, f, a, p, b)),
      ],
    ),
  ),
  ...Object.fromEntries(
    Object.entries({ S: EntryKind.sfence, M: EntryKind.mfence, F: EntryKind.lockedNoStore }).map(
      ([name, kind]) => [name, eventOf(fence, (builder, { t, p, b }) => builder.fence(kind, t, p, b))],
    ),
  ),
  A: eventOf(v.object({ t: count, n: count, name: v.optional(text, '') }), (builder, { t, n, name }) =>
    builder.acknowledge('marker', name, n, t),
  ),
  B: eventOf(v.object({ t: count, name: text }), (builder, { t, name }) => {
    if (name.endsWith('.END')) builder.acknowledge('marker', name.slice(0, -4), undefined, t);
  }),
  Y: eventOf(v.looseObject({ t: count, name: text }), systemCall),
  P: eventOf(v.object({ t: count, f: count, a: count, d: data }), (builder, { t, f, a, d }) =>
    builder.kernelCopy(t, f, a, Buffer.from(d, 'hex')),
  ),
  lost: lineOf(v.object({ why: text }), (builder, { why }) =>
    builder.fail(`the recorder lost sight of the program (${printable(why)}), so no verdict can be given`),
  ),
  end: lineOf(v.object({ events: count, lost: v.optional(count, 0) }), (builder, { events, lost }) => {
    if (lost > 0)
      builder.fail(`the recorder lost sight of the program ${lost} times, so no verdict can be given`);
    if (events !== builder.eventCount)
      builder.fail(`the end line counts ${events} events, found ${builder.eventCount}: lines are missing`);
    return 'end';
  }),
};

/** Reads a line; says when it was the last. Throws `InputError` by `builder.fail`. */
export function readSlowLine(builder: RecordingBuilder, line: string): 'end' | void {
  const value = parsed(builder, line);
  if (builder.line === 1) return header(builder, value);
  const kind = String((value as { k?: unknown }).k);
  const read = Object.hasOwn(LINES, kind) ? LINES[kind] : undefined;
  if (read === undefined)
    builder.fail(`unknown kind of line ${quoted(kind)}\n  allowed: ${Object.keys(LINES).join(', ')}`);
  return read(builder, value);
}

function parsed(builder: RecordingBuilder, line: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const what = builder.line === 1 ? 'a recording line' : 'a line of JSON';
    builder.fail(`expected ${what}, found ${quoted(line)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    builder.fail(`expected a JSON object, found ${quoted(line)}`);
  return value;
}

function header(builder: RecordingBuilder, value: unknown): void {
  const { k, version, serial, isa } = value as Record<string, unknown>;
  if (k !== 'recording') builder.fail(`expected a recording line first, found "k":${quoted(String(k))}`);
  if (version !== 1) builder.fail(`expected version 1, found ${quoted(String(version))}: a newer recorder?`);
  if (isa !== undefined && isa !== 'x86-64')
    builder.fail(`expected isa x86-64, found ${quoted(String(isa))}`);
  if (serial !== undefined && typeof serial !== 'boolean') builder.fail('expected "serial":true or false');
  builder.isSerial = serial === true;
}

const quoted = (value: string): string =>
  `'${printable(value.length > 60 ? `${value.slice(0, 57)}...` : value)}'`;

/** A line whose fields `schema` checks. */
function lineOf<T>(
  schema: v.GenericSchema<unknown, T>,
  act: (builder: RecordingBuilder, fields: T) => 'end' | void,
): (builder: RecordingBuilder, line: unknown) => 'end' | void {
  return (builder, line) => {
    const found = v.safeParse(schema, line);
    if (!found.success) {
      const [issue] = found.issues;
      const where = (issue.path ?? []).map(({ key }) => String(key)).join('.');
      builder.fail(
        `"${where}": expected ${issue.expected ?? issue.message}, found ${quoted(issue.received)}`,
      );
    }
    return act(builder, found.output as T);
  };
}

/** A line that the end line counts. */
function eventOf<T>(
  schema: v.GenericSchema<unknown, T>,
  act: (builder: RecordingBuilder, fields: T) => void,
): (builder: RecordingBuilder, line: unknown) => void {
  return lineOf(schema, (builder, fields) => {
    builder.countEvent();
    act(builder, fields);
  }) as (builder: RecordingBuilder, line: unknown) => void;
}

function storeLine(kind: EntryKindValue): (builder: RecordingBuilder, line: unknown) => void {
  return eventOf(store, (builder, { t, f, a, u, d, p, b }) =>
    builder.store(kind, { thread: t, file: f, offset: a, unit: u ?? 0 }, p, b, Buffer.from(d, 'hex')),
  );
}

const msync = v.object({ f: count, a: count, n: count, flags: count });
const fsync = v.object({ f: count });

function systemCall(builder: RecordingBuilder, call: { t: number; name: string }): void {
  const { t, name } = call;
  if (name === 'msync') {
    const { f, a, n, flags } = fieldsOf(builder, msync, call);
    if ((flags & MS_SYNC) === 0) return;
    checkMapped(builder, f);
    builder.synchronise(t, f, a, a + n);
  } else if (name === 'fsync') {
    const { f } = fieldsOf(builder, fsync, call);
    builder.synchronise(t, f, 0, checkMapped(builder, f).sizeBytes);
  } else if (!['write', 'send', 'pwrite', 'exit'].includes(name)) {
    builder.fail(`unknown system call ${quoted(name)}\n  allowed: write, send, pwrite, exit, msync, fsync`);
  }
  builder.acknowledge('call', name, undefined, t);
}

function fieldsOf<T>(builder: RecordingBuilder, schema: v.GenericSchema<unknown, T>, line: unknown): T {
  let fields: T | undefined;
  lineOf(schema, (_, found) => void (fields = found))(builder, line);
  return fields as T;
}

function checkMapped(builder: RecordingBuilder, file: number): { sizeBytes: number } {
  return builder.files[file] ?? builder.fail(`file ${file}, which was never mapped`);
}
