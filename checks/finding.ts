/**
 * What a check reports, as plain data: which rule, where, what was found, by which road, why it is banned and what
 * to use instead. Positions count from 1. A finding's identity leaves out line numbers, so that it survives edits
 * elsewhere in the file.
 */
import { createHash } from 'node:crypto';

export type Severity = 'error' | 'warning';

/** The commit of a range whose tree was judged. */
export interface CommitStamp {
  /** Number in the range; 0 is the commit the range begins after. */
  readonly number: number;
  readonly id: string;
  readonly subject: string;
}

/**
 * - `violation`: the rule is broken;
 * - `unprovable`: it may be broken where nobody can tell, which is reported as such;
 * - `hint`: something looks like a way round the rule and wants a human eye;
 * - `empty-rule`: a rule that matches nothing; `stale-baseline`: a baseline entry that is no longer found;
 * - `bad-exception`: an exception without a reason or of a strict rule; `stale-exception`: one that covers nothing;
 * - `disagreement`: two compilers answered differently (`--cross-check`).
 */
export type Certainty =
  | 'violation'
  | 'unprovable'
  | 'hint'
  | 'empty-rule'
  | 'stale-baseline'
  | 'bad-exception'
  | 'stale-exception'
  | 'disagreement';

export interface Place {
  /** Path relative to the project's base folder, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Text of the first line, for code frames. */
  readonly source: string;
  /** Declarations around the place, outermost first. */
  readonly enclosing: string;
  /** Hash of the words of the statement, names of neighbouring files left out, so that it survives a move. */
  readonly statement?: string;
}

export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** Step of the series whose tree was judged, when it was one. */
  readonly step: number | undefined;
  /** Commit of a range of C that it is found in first. */
  readonly commit?: CommitStamp;
  /** What must be defined for the place to be compiled, for C. */
  readonly condition?: readonly string[];
  readonly place: Place;
  /** The symbol or module concerned: `include/linux/pmem.ts#memcpyToPmem`. */
  readonly symbol: string;
  /** What was found, in one sentence without a final full stop. */
  readonly message: string;
  /** The road from the place to the symbol, nearest first. */
  readonly via: readonly string[];
  /** What else is worth knowing: places that were looked at, how many more there are. No part of the identity. */
  readonly notes?: readonly string[];
  readonly because: string;
  readonly instead: string;
  /** Number among findings of equal identity in the file, from 0. */
  readonly occurrence: number;
}

/** What makes two findings the same one across edits: rule, file, enclosing declaration, symbol, message, count. */
export function identityOf(finding: Finding): string {
  const { ruleId, place, symbol, message, certainty, occurrence } = finding;
  return [ruleId, certainty, place.file, place.enclosing, symbol, message, String(occurrence)].join('\u0000');
}

/** A short hash of the identity, stable between runs and machines. */
export function fingerprintOf(finding: Finding): string {
  return createHash('sha256').update(identityOf(finding)).digest('hex').slice(0, 20);
}

function comparePlaces(a: Finding, b: Finding): number {
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line || a.place.column - b.place.column || (a.ruleId < b.ruleId ? -1 : 1);
}

/** Sorts by step and place, drops what was found twice, and numbers findings of equal identity. */
export function settle(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map<string, Finding>();
  for (const finding of findings) {
    const { file, line, column } = finding.place;
    const key = [finding.step, finding.ruleId, finding.certainty, file, line, column, finding.symbol].join(
      '\u0000',
    );
    if (!unique.has(key)) unique.set(key, finding);
  }
  const counts = new Map<string, number>();
  return [...unique.values()]
    .sort((a, b) => (a.step ?? -1) - (b.step ?? -1) || comparePlaces(a, b))
    .map((finding) => {
      const identity = `${finding.step}\u0000${identityOf({ ...finding, occurrence: 0 })}`;
      const occurrence = counts.get(identity) ?? 0;
      counts.set(identity, occurrence + 1);
      return { ...finding, occurrence };
    });
}
