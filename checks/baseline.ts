/**
 * A baseline: findings that are known and accepted for now. It is an honest ratchet: entries are kept by rule, place and
 * words of the statement, without line numbers, an entry that is no longer found fails the run until it is taken out, it only ever shrinks,
 * and findings of strict rules are never accepted. One entry a line, sorted, so that merges stay easy.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import type { Finding } from './finding.ts';
import type { LintResult } from './result.ts';
import type { RuleHeader } from './rule.ts';

const entrySchema = v.strictObject({
  rule: v.string(),
  certainty: v.picklist(['violation', 'unprovable', 'hint']),
  step: v.optional(v.number()),
  file: v.string(),
  enclosing: v.string(),
  symbol: v.string(),
  message: v.string(),
  /** Hash of the words of the statement; older baselines have none. */
  statement: v.optional(v.string()),
  occurrence: v.number(),
});
const schema = v.strictObject({ version: v.literal(1), entries: v.array(entrySchema) });

type Entry = v.InferOutput<typeof entrySchema>;

/** A result without what a baseline accepts, and what it says about the baseline itself. */
export interface BaselinedResult {
  readonly result: LintResult;
  readonly accepted: number;
  /** Entries that are still found; what an update would keep. */
  readonly kept: readonly Entry[];
  readonly stale: number;
  /** Entries that followed a file to its new name. */
  readonly moved: number;
}

/** Reads a baseline. Throws `InputError` when it is missing or no baseline. */
export function readBaseline(file: string): readonly Entry[] {
  if (!existsSync(file)) {
    throw new InputError(`${file}: there is no such baseline. --update-baseline makes one.`);
  }
  const outcome = v.safeParse(schema, parseJson(file));
  if (outcome.success) return outcome.output.entries;
  const issue = outcome.issues[0];
  const where = issue.path?.map((item) => String(item.key)).join('.') ?? '(whole file)';
  throw new InputError(`${file}: is no baseline: ${where}: ${issue.message}`);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    throw new InputError(
      `${file}: cannot be read as JSON: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

/**
 * Takes accepted findings out of a result and adds one for each entry that must go. `renames` says of files that are
 * known to have moved (from their old name to the new one) where they are now.
 */
export function applyBaseline(
  result: LintResult,
  entries: readonly Entry[],
  file: string,
  renames: ReadonlyMap<string, string> = new Map(),
): BaselinedResult {
  const strict = new Set(result.rules.filter((rule) => rule.strict === true).map((rule) => rule.id));
  const judged = new Set(result.rules.map((rule) => rule.id));
  const { accepted, moved, gone } = matched(result, entries, renames);
  const open = result.findings.filter((finding) => !accepted.has(finding));
  const stale = gone
    .filter((entry) => judged.has(entry.rule))
    .map((entry) => staleFinding(entry, file, strict.has(entry.rule)));
  return {
    result: { ...result, findings: [...open, ...stale] },
    accepted: accepted.size,
    kept: [...accepted.values(), ...gone.filter((entry) => !judged.has(entry.rule))],
    stale: stale.length,
    moved,
  };
}

/** Findings with the entries that accept them, as these read now, and entries that accept nothing. */
interface Matched {
  readonly accepted: ReadonlyMap<Finding, Entry>;
  readonly moved: number;
  readonly gone: readonly Entry[];
}

/**
 * In three rounds: what is equal, also by the new name of a file that is known to have moved; of entries whose file is
 * gone, the one finding that is equal but for the file's name; and the one that is equal but for the name of the
 * declaration around it. Where more than one could be meant, none is followed.
 */
function matched(
  result: LintResult,
  entries: readonly Entry[],
  renames: ReadonlyMap<string, string>,
): Matched {
  const accepted = new Map<Finding, Entry>();
  const open = new Map(
    result.findings.flatMap((finding) =>
      entriesFor({ ...result, findings: [finding] }).map((entry) => [finding, entry] as const),
    ),
  );
  const waiting = new Set(entries);
  const accept = (finding: Finding, entry: Entry, now: Entry): void => {
    accepted.set(finding, now);
    open.delete(finding);
    waiting.delete(entry);
  };
  const equal = grouped([...open], ([, entry]) => keyOf(entry));
  const loose = grouped([...open], ([, entry]) => keyOf({ ...entry, statement: undefined }));
  for (const entry of entries) {
    const found = (entry.statement === undefined ? loose : equal).get(keyOf(entry)) ?? [];
    const [finding, now] = found.find(([candidate]) => open.has(candidate)) ?? [];
    if (finding !== undefined && now !== undefined) accept(finding, entry, now);
  }
  const pathOf = filesByName(result);
  const isMovable: Readonly<Record<'file' | 'enclosing', (entry: Entry) => boolean>> = {
    file: (entry) => pathOf(entry.file) === undefined,
    enclosing: (entry) => entry.statement !== undefined && !isStillNamed(pathOf(entry.file), entry.enclosing),
  };
  const before = accepted.size;
  for (const entry of [...waiting].filter((one) => isMovable.file(one) && renames.has(one.file))) {
    const moved = { ...entry, file: renames.get(entry.file) ?? entry.file };
    const found = (entry.statement === undefined ? loose : equal).get(keyOf(moved)) ?? [];
    const [finding, now] = found.find(([candidate]) => open.has(candidate)) ?? [];
    if (finding !== undefined && now !== undefined) accept(finding, entry, now);
  }
  for (const field of ['file', 'enclosing'] as const) {
    const movable = [...waiting].filter(isMovable[field]);
    const left = (entry: Entry): string => keyOf({ ...entry, [field]: '' });
    const fresh = grouped([...open], ([, entry]) => left(entry));
    // An entry of an older baseline says nothing of the statement.
    const freshLoose = grouped([...open], ([, entry]) => left({ ...entry, statement: undefined }));
    for (const [key, [entry, ...others]] of grouped(movable, left)) {
      const candidates = entry?.statement === undefined ? freshLoose : fresh;
      const [found, ...more] = candidates.get(key) ?? [];
      if (entry === undefined || found === undefined || others.length + more.length > 0) continue;
      if (open.has(found[0])) accept(found[0], entry, found[1]);
    }
  }
  return { accepted, moved: accepted.size - before, gone: [...waiting] };
}

/** The path of a file by its name in findings; nothing when it is no longer there. */
function filesByName(result: LintResult): (file: string) => string | undefined {
  const inputs = new Set(result.projects.flatMap((project) => project.inputs));
  const bases = [...new Set(result.projects.map(({ base }) => base))];
  return (file) => bases.map((base) => path.join(base, file)).find((name) => inputs.has(name));
}

/** Whether the file still has something of the name a declaration had. */
function isStillNamed(file: string | undefined, enclosing: string): boolean {
  const name = enclosing.split('.').at(-1) ?? '';
  if (file === undefined || !existsSync(file) || !/^[\w$]+$/.test(name)) return true;
  return readFileSync(file, 'utf8')
    .split(/[^\w$]+/)
    .includes(name);
}

function grouped<T>(values: readonly T[], key: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const known = groups.get(key(value));
    if (known === undefined) groups.set(key(value), [value]);
    else known.push(value);
  }
  return groups;
}

/** The entries a new baseline starts with: all findings but those of strict rules. */
export function entriesFor(result: LintResult): readonly Entry[] {
  const strict = new Set(
    result.rules.filter((rule) => rule.strict === true).map((rule: RuleHeader) => rule.id),
  );
  return result.findings.flatMap((finding) => {
    const { certainty } = finding;
    if (strict.has(finding.ruleId)) return [];
    if (certainty !== 'violation' && certainty !== 'unprovable' && certainty !== 'hint') return [];
    const { place, symbol, message, occurrence, step } = finding;
    const entry = { rule: finding.ruleId, certainty, file: place.file, enclosing: place.enclosing };
    const { statement } = place;
    return [
      {
        ...entry,
        symbol,
        message,
        ...(statement === undefined ? {} : { statement }),
        occurrence,
        ...(step === undefined ? {} : { step }),
      },
    ];
  });
}

/** Writes entries, sorted, one a line. */
export function writeBaseline(file: string, entries: readonly Entry[]): void {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).sort();
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  writeFileSync(file, `{\n  "version": 1,\n  "entries": ${list}\n}\n`);
}

function keyOf({ rule, certainty, step, file, enclosing, symbol, message, statement }: Entry): string {
  return [rule, certainty, String(step), file, enclosing, symbol, message, statement ?? ''].join('\u0000');
}

function staleFinding(entry: Entry, file: string, isStrict: boolean): Finding {
  return {
    ruleId: entry.rule,
    severity: 'error',
    certainty: 'stale-baseline',
    step: entry.step,
    place: { file, line: 1, column: 1, endLine: 1, endColumn: 1, source: '', enclosing: entry.enclosing },
    symbol: entry.symbol,
    message: isStrict
      ? `the baseline accepts a finding of a strict rule: ${entry.file}: ${entry.message}`
      : `the baseline accepts what is no longer found: ${entry.file}: ${entry.message}`,
    via: [],
    because: isStrict
      ? 'Findings of strict rules are never accepted.'
      : 'An entry that is left behind would hide the finding when it returns.',
    instead: 'Take the entry out: conform lint --baseline FILE --update-baseline.',
    occurrence: entry.occurrence,
  };
}
