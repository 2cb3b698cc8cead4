/**
 * A baseline: findings that are known and accepted for now. It is an honest ratchet: entries are kept by identity
 * without line numbers, an entry that is no longer found fails the run until it is taken out, it only ever shrinks,
 * and findings of strict rules are never accepted. One entry a line, sorted, so that merges stay easy.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { identityOf, type Finding } from './finding.ts';
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
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(
      `${file}: cannot be read as JSON: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

/** Takes accepted findings out of a result and adds one for each entry that must go. */
export function applyBaseline(result: LintResult, entries: readonly Entry[], file: string): BaselinedResult {
  const strict = new Set(result.rules.filter((rule) => rule.strict === true).map((rule) => rule.id));
  const moved = movedEntries(result, entries);
  const followed = entries.map((entry) => moved.get(entry) ?? entry);
  const known = new Map(followed.map((entry) => [entryIdentity(entry), entry]));
  const kept = new Map<string, Entry>();
  const open = result.findings.filter((finding) => {
    const identity = steppedIdentity(finding);
    const entry = known.get(identity);
    if (entry === undefined || strict.has(finding.ruleId)) return true;
    kept.set(identity, entry);
    return false;
  });
  const judged = new Set(result.rules.map((rule) => rule.id));
  const gone = [...known].filter(([identity, entry]) => !kept.has(identity) && judged.has(entry.rule));
  const notJudged = followed.filter((entry) => !judged.has(entry.rule));
  const stale = gone.map(([, entry]) => staleFinding(entry, file, strict.has(entry.rule)));
  return {
    result: { ...result, findings: [...open, ...stale] },
    accepted: result.findings.length - open.length,
    kept: [...kept.values(), ...notJudged],
    stale: stale.length,
    moved: moved.size,
  };
}

/**
 * Entries whose file is gone, with the file where exactly one finding is now that is equal but for the file's name.
 * Where more than one could be meant, none is followed.
 */
function movedEntries(result: LintResult, entries: readonly Entry[]): ReadonlyMap<Entry, Entry> {
  const inputs = result.projects.flatMap(({ inputs }) => inputs);
  const isThere = (file: string): boolean => inputs.some((input) => input.endsWith(`/${file}`));
  const gone = entries.filter(({ file }) => !isThere(file));
  const known = new Set(entries.map(entryIdentity));
  const fresh =
    gone.length === 0 ? [] : entriesFor(result).filter((entry) => !known.has(entryIdentity(entry)));
  const sameBut = (one: Entry, list: readonly Entry[]): readonly Entry[] => {
    const identity = entryIdentity({ ...one, file: '' });
    return list.filter((other) => entryIdentity({ ...other, file: '' }) === identity);
  };
  return new Map(
    gone.flatMap((entry) => {
      const [found, ...others] = sameBut(entry, fresh);
      const isOnly = found !== undefined && others.length === 0 && sameBut(entry, gone).length === 1;
      return isOnly ? [[entry, { ...entry, file: found.file }] as const] : [];
    }),
  );
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
    return [{ ...entry, symbol, message, occurrence, ...(step === undefined ? {} : { step }) }];
  });
}

/** Writes entries, sorted, one a line. */
export function writeBaseline(file: string, entries: readonly Entry[]): void {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).sort();
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  writeFileSync(file, `{\n  "version": 1,\n  "entries": ${list}\n}\n`);
}

function entryIdentity(entry: Entry): string {
  const parts = [entry.rule, entry.certainty, entry.file, entry.enclosing, entry.symbol, entry.message];
  return [String(entry.step), ...parts, String(entry.occurrence)].join('\u0000');
}

function steppedIdentity(finding: Finding): string {
  return `${String(finding.step)}\u0000${identityOf(finding)}`;
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
