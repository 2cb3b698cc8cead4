/** What rules files call for rules that only C has. The options are checked when it is known that the file is about C. */
import type { Rule } from '../rule.ts';
import type { ExportReportOptions } from './rules/export-report.ts';
import type { FallingCountsOptions } from './rules/falling-counts.ts';
import type { CNoUndeclaredOptions } from './rules/no-undeclared.ts';

/** Kinds of rules that only C has. */
export const C_KINDS = ['exportReport', 'fallingCounts', 'noUndeclared'] as const;

/** A rule as plain data, made to a real one by `cRule`. */
function noted(kind: string, options: object): Rule {
  return { ...options, kind } as unknown as Rule;
}

/** Exports equal a committed list. */
export function exportReport(options: ExportReportOptions): Rule {
  return noted('exportReport', options);
}

/** Over a range the uses of names never rise. */
export function fallingCounts(options: FallingCountsOptions): Rule {
  return noted('fallingCounts', options);
}

/** No declarations of one's own for what a header declares. */
export function noUndeclared(options: CNoUndeclaredOptions): Rule {
  return noted('noUndeclared', options);
}

/** For `defineRules({ language, … })`. */
export const language = 'c';
