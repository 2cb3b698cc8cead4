/** What a rule about C is, and how it says something about a place. */
import * as v from 'valibot';
import type { Certainty, Finding } from '../finding.ts';
import { headerEntries } from '../options.ts';
import type { RuleHeader } from '../rule.ts';
import type { Hit } from './reading.ts';
import type { CSource } from './source/source.ts';
import type { CTree } from './tree.ts';
import type { CSymbol } from './uses.ts';

/** As for TypeScript; `from` and `until` are numbers of commits of a range, or globs of their subjects. */
export interface CRuleHeader extends Omit<RuleHeader, 'from' | 'until'> {
  readonly from?: number | string;
  readonly until?: number | string;
}

/** What a rule found in one tree. */
export interface COutcome {
  readonly findings: readonly Finding[];
  /** What the rule applied to; 0 means that it matches nothing. */
  readonly matched: number;
  readonly unmatched: readonly string[];
  readonly covers: (file: string) => boolean;
}

/** Uses of names, commit by commit, for rules about a range. */
export interface CommitTree {
  readonly tree: CTree;
  readonly number: number;
  /** Names that lost their last definition, declaration, macro or export in this commit, as far as the commit's files tell. */
  readonly dropped: readonly string[];
  /** Number of the first parent; nothing when it lies outside the range. */
  readonly parent: number | undefined;
}

export interface CRule extends CRuleHeader {
  readonly kind: string;
  readonly language: 'c';
  /** Names whose uses the rule needs. */
  readonly symbols: readonly CSymbol[];
  /** Whether roads to the names matter. */
  readonly followsRoads: boolean;
  /** Whether names that commits of a range remove are to be found and watched; where from, and in which files. */
  readonly watchesRemoved?: { readonly since: string | undefined; readonly files: (file: string) => boolean };
  /** What the rule will search for in all files, as far as that is known before. */
  readonly searches?: (source: CSource) => readonly string[];
  readonly check: (tree: CTree) => Promise<COutcome>;
  /** Judges a whole range instead of each commit. `isInForce` is by commit number. */
  readonly checkRange?: (
    commits: readonly CommitTree[],
    isInForce: (number: number) => boolean,
  ) => Promise<COutcome>;
  /** Writes the file the rule compares with anew. */
  readonly update?: (tree: CTree) => Promise<string>;
}

const place = v.union([v.pipe(v.number(), v.integer(), v.minValue(0)), v.pipe(v.string(), v.nonEmpty())]);

/** Options every rule takes. */
export const cHeaderEntries = { ...headerEntries, from: v.optional(place), until: v.optional(place) };

/** Where something is, in bytes of the file. */
export type CPlace = Pick<Hit, 'line' | 'column' | 'length' | 'source' | 'condition'> & {
  readonly file: string;
  readonly in?: string;
  readonly statement?: string;
};

/** What a rule says about one place. */
export interface CRemark {
  readonly place: CPlace;
  readonly symbol: string;
  readonly message: string;
  readonly via?: readonly string[];
  readonly notes?: readonly string[];
  readonly certainty?: Certainty;
}

/** Bytes read as Latin-1, as the text they are. */
export function decoded(text: string): string {
  return /[\u0080-\u00FF]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** Makes a finding of a rule's remark. */
export function cFinding(
  rule: CRuleHeader & { readonly id: string },
  tree: Pick<CTree, 'commit'>,
  { place: at, symbol, message, via = [], notes = [], certainty = 'violation' }: CRemark,
): Finding {
  const column = decoded(at.source.slice(0, at.column - 1)).length + 1;
  const where = at.condition.length === 0 ? [] : [`only where ${at.condition.join(' && ')}`];
  return {
    ruleId: rule.id,
    severity: rule.severity ?? 'error',
    certainty,
    step: undefined,
    ...(tree.commit === undefined ? {} : { commit: tree.commit }),
    ...(at.condition.length === 0 ? {} : { condition: at.condition }),
    place: {
      file: at.file,
      line: at.line,
      column,
      endLine: at.line,
      endColumn: column + at.length,
      source: decoded(at.source),
      enclosing: at.in ?? '(file)',
      ...(at.statement === undefined ? {} : { statement: at.statement }),
    },
    symbol,
    message,
    via,
    ...(where.length + notes.length === 0 ? {} : { notes: [...where, ...notes] }),
    because: rule.because,
    instead: rule.instead,
    occurrence: 0,
  };
}

/** A place for what concerns a whole file. */
export function wholeFile(file: string): CPlace {
  return { file, line: 1, column: 1, length: 0, source: '', condition: [] };
}
