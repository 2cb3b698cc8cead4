/**
 * What a rule is: an id that never changes, a reason, an advice, the steps it is in force for, and a function from
 * a project to findings. Rules are made by the functions in `rules/` and know nothing of files, output or exit codes.
 */
import { placeOf, type CheckContext } from './context.ts';
import type { Certainty, Finding, Severity } from './finding.ts';
import type { SourceUnit, SyntaxNode } from './oracle/compiler.ts';

/** What every rule has. */
export interface RuleHeader {
  /** Stable id, for example `PMEM-API-001`. */
  readonly id: string;
  /** One line that says what must hold. */
  readonly title: string;
  /** Why. */
  readonly because: string;
  /** What to do instead. */
  readonly instead: string;
  /** `error` unless said otherwise; a warning does not fail the run. */
  readonly severity?: Severity;
  /** First step of the series at which the rule is in force (0 when left out). */
  readonly from?: number;
  /** First step at which it no longer is (never when left out). */
  readonly until?: number;
  /** Whether its findings may never be put into a baseline. */
  readonly strict?: boolean;
  /** Free words for choosing rules on the command line. */
  readonly tags?: readonly string[];
  /** Whether it is fine that the rule matches nothing. */
  readonly mayBeEmpty?: boolean;
}

/** What a rule found in one project. */
export interface RuleOutcome {
  readonly findings: readonly Finding[];
  /** What the rule applied to (symbols, files, edges); 0 means that it matches nothing. */
  readonly matched: number;
  /** What was looked for and not found, for the message about an empty rule. */
  readonly unmatched: readonly string[];
  /** Absolute paths of files the rule read, or looked for, beside the project's own. */
  readonly inputs?: readonly string[];
  /** Files the rule has an opinion about, for the list of files no rule covers. */
  readonly covers: (file: string) => boolean;
}

export interface Rule extends RuleHeader {
  /** Name of the rule's kind: `noReference`, `boundary` … */
  readonly kind: string;
  readonly check: (context: CheckContext) => RuleOutcome;
  /** Writes the file the rule compares with anew; returns its path. Only rules that have such a file. */
  readonly update?: (context: CheckContext) => string;
}

/** What a rule says about one place. */
export interface Remark {
  readonly unit: SourceUnit;
  readonly node: SyntaxNode;
  readonly symbol: string;
  readonly message: string;
  readonly via?: readonly string[];
  readonly notes?: readonly string[];
  readonly certainty?: Certainty;
}

/** Makes a finding of a rule's remark. */
export function findingOf(rule: RuleHeader, context: CheckContext, remark: Remark): Finding {
  return {
    ruleId: rule.id,
    severity: rule.severity ?? 'error',
    certainty: remark.certainty ?? 'violation',
    step: context.step,
    place: placeOf(context, remark.unit, remark.node),
    symbol: remark.symbol,
    message: remark.message,
    via: (remark.via ?? []).map((stop) => stop.replaceAll(`${context.base}/`, '')),
    ...(remark.notes === undefined || remark.notes.length === 0
      ? {}
      : { notes: remark.notes.map((note) => note.replaceAll(`${context.base}/`, '')) }),
    because: rule.because,
    instead: rule.instead,
    occurrence: 0,
  };
}

/** Whether a rule is in force at a step; a project that is no step is judged by every rule. */
export function isInForce(rule: RuleHeader, step: number | undefined): boolean {
  if (step === undefined) return true;
  return step >= (rule.from ?? 0) && step < (rule.until ?? Number.POSITIVE_INFINITY);
}
