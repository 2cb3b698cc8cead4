/**
 * A shard: one of `count` shares of the work of a command, with all that was found out, as a file. `conform merge` believes the rows of
 * all shards and then does what the command does, so that its report is that of one run.
 */
import { Option } from 'commander';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { hashOfParts } from '#base/hash.ts';
import { toolVersion } from '#base/own-package.ts';
import type { Share } from '#engine/share.ts';
import { EvidenceStore } from '#engine/store.ts';
import type { CliContext } from '../context.ts';

/** Version of the form of all JSON that commands print (docs/result.schema.json). */
export const RESULT_SCHEMA = 1;

/** Shards that a command may be cut into. */
const COUNT_MAX = 10_000;

const shardSchema = v.strictObject({
  $schema: v.optional(v.string()),
  schema: v.literal(RESULT_SCHEMA),
  kind: v.literal('shard'),
  version: v.string(),
  /** The command with its options, without those about shards and printing. */
  command: v.array(v.string()),
  /** The hash of all that the command is about. */
  subject: v.string(),
  shard: v.pipe(v.number(), v.integer(), v.minValue(1)),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Tables of evidence: rows by key. */
  rows: v.record(v.string(), v.record(v.string(), v.unknown())),
  /** The hash of the rows, which are believed. */
  digest: v.string(),
});

export type Shard = v.InferOutput<typeof shardSchema>;

/** `--shard I/N`. */
export function shardOption(): Option {
  return new Option(
    '--shard <I/N>',
    'do share I of N, 1 to N, and print what was found out, for conform merge (docs/SHARDS.md)',
  ).argParser(parseShare);
}

function parseShare(text: string): Share {
  const [, index = 0, count = 0] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count && count <= COUNT_MAX) return { index, count };
  throw new InputError(
    `--shard ${text} is no share of the work\n  allowed: I/N with I from 1 to N and N up to ${COUNT_MAX}, such as 3/16`,
  );
}

/** What a command works with where shards are made or merged. */
export interface Work {
  /** What is there of evidence, and where more goes. */
  readonly store: EvidenceStore;
  /** Which part of the work is to be done; all of it when absent. */
  readonly share: Share | undefined;
}

/** The store of a command: that of shards that are merged, else the one that `open` opens. */
export function workOf(share: Share | undefined, context: CliContext, open: () => EvidenceStore): Work {
  return { store: context.merged?.store ?? open(), share: context.merged === undefined ? share : undefined };
}

/**
 * Names what a command is about, by a hash of `parts`. Throws `InputError` where shards are merged that are about something else.
 */
export function subjectOf(parts: readonly string[], context: CliContext): string {
  const subject = hashOfParts(parts);
  const { merged } = context;
  if (merged !== undefined && merged.subject !== subject)
    throw new InputError(
      `the shards are about something else than what is here: ${merged.subject}, and not ${subject}\n  to do: merge with the same files and the same version of the tool that made the shards`,
    );
  return subject;
}

/** What is printed of a share of the work. */
export function shardText({ store, share }: Work, subject: string, context: CliContext): string {
  if (share === undefined) throw new RangeError('only a share of the work becomes a shard');
  const rows = Object.entries(store.used()).filter(
    ([table, own]) => Object.keys(own).length > 0 && !STAND_INS.test(table),
  );
  const all = Object.fromEntries(rows);
  const shard: Shard = {
    schema: RESULT_SCHEMA,
    kind: 'shard',
    version: toolVersion(),
    command: commandOf(context.words ?? []),
    subject,
    shard: share.index,
    count: share.count,
    rows: all,
    digest: digestOf(all),
  };
  return `${JSON.stringify(shard)}\n`;
}

const digestOf = (rows: Shard['rows']): string => hashOfParts([JSON.stringify(rows)]);

/** Tables that only save work. */
const STAND_INS = /^entered/;

/** Options that do not change what is found out; all have a value. */
const ABOUT_PRINTING = /^--(?:shard|output|format|cache-dir)(=|$)/;

/** The words of a command without options about shards and printing. */
export function commandOf(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const match = ABOUT_PRINTING.exec(words[index] ?? '');
    if (match === null) kept.push(words[index] ?? '');
    else if (match[1] === '') index++;
  }
  return kept;
}

/** Reads a shard. Throws `InputError` for a text that is none, or one of another version. */
export function readShard(text: string, file: string): Shard {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new InputError(`${file}: no JSON; a shard that was cut off? make it again`);
  }
  const parsed = v.safeParse(shardSchema, data);
  if (parsed.success) {
    if (digestOf(parsed.output.rows) === parsed.output.digest) return parsed.output;
    throw new InputError(
      `${file}: its rows are not those that were written; a shard that was damaged? make it again`,
    );
  }
  const [issue] = parsed.issues;
  const where = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  throw new InputError(`${file}: no shard: ${where === '' ? '' : `${where}: `}${issue.message}`);
}

/** Throws `InputError` where shards are missing, there twice, or not of one run. */
export function checkTogether(shards: readonly { readonly file: string; readonly shard: Shard }[]): void {
  const [first, ...others] = shards;
  if (first === undefined) throw new InputError('no shards to merge');
  const own = first.shard;
  if (own.version !== toolVersion())
    throw new InputError(`${first.file}: made by version ${own.version}, and this is ${toolVersion()}`);
  for (const { file, shard } of others)
    for (const [name, what] of [
      ['version', 'by another version'],
      ['command', 'by another command'],
      ['subject', 'of something else'],
      ['count', 'of another number of shards'],
    ] as const)
      if (JSON.stringify(shard[name]) !== JSON.stringify(own[name]))
        throw new InputError(
          `${file}: made ${what} than ${first.file}: ${JSON.stringify(shard[name])}, and not ${JSON.stringify(own[name])}`,
        );
  for (const [index, { file, shard }] of shards.entries()) {
    const twin = shards.slice(0, index).find((other) => other.shard.shard === shard.shard);
    if (twin !== undefined)
      throw new InputError(`shard ${shard.shard} is there twice: ${twin.file} and ${file}`);
    if (shard.shard > shard.count) throw new InputError(`${file}: shard ${shard.shard} of ${shard.count}`);
  }
  const there = new Set(shards.map(({ shard }) => shard.shard));
  const missing = Array.from({ length: own.count }, (_, index) => index + 1).filter((n) => !there.has(n));
  if (missing.length > 0)
    throw new InputError(
      `of ${own.count} shards ${missing.length} ${missing.length === 1 ? 'is' : 'are'} missing: ${missing.slice(0, 20).join(', ')}${missing.length > 20 ? ' …' : ''}\n  to do: make ${missing.length === 1 ? 'it' : 'them'}, and merge all`,
    );
}

/** The rows of all shards. */
export function storeOfShards(shards: readonly Shard[]): EvidenceStore {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const shard of shards)
    for (const [table, own] of Object.entries(shard.rows)) rows[table] = { ...rows[table], ...own };
  return EvidenceStore.ofRows(rows);
}
