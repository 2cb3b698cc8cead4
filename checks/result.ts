/** What a run of the linter returns, for reporters and for the exit code. Plain data. */
import type { CommitStamp, Finding } from './finding.ts';
import type { RuleHeader } from './rule.ts';
import type { ProjectResult } from './run.ts';

/** One exception beside the code, for one rule. */
export interface ExceptionUse {
  readonly file: string;
  readonly line: number;
  readonly id: string;
  readonly reason: string;
}

/** A commit of a range of C: how much each rule finds there, and how many uses the counted names have. */
export interface CommitRow extends CommitStamp {
  readonly findings: Readonly<Record<string, number>>;
  readonly uses: Readonly<Record<string, number>>;
}

export interface LintResult {
  /** Every rule that was asked for, whether it found something or not. */
  readonly rules: readonly RuleHeader[];
  readonly findings: readonly Finding[];
  /** Number of files judged, counted once per tree. */
  readonly files: number;
  readonly projects: readonly ProjectResult[];
  /** For a range of C: every commit, the first the one it begins after. */
  readonly commits?: readonly CommitRow[];
}

/** Joins the results of several projects or steps. */
export function joinResults(rules: readonly RuleHeader[], projects: readonly ProjectResult[]): LintResult {
  return {
    rules,
    findings: projects.flatMap((project) => project.findings),
    files: projects.reduce((sum, project) => sum + project.files, 0),
    projects,
  };
}

/** Whether the result fails a run: any finding of severity error, or more warnings than are allowed; hints aside. */
export function isFailure(result: LintResult, warningsMax = Number.POSITIVE_INFINITY): boolean {
  const counted = result.findings.filter(({ certainty }) => certainty !== 'hint');
  const warnings = counted.filter(({ severity }) => severity === 'warning').length;
  return warnings < counted.length || warnings > warningsMax;
}
