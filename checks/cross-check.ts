/**
 * Two compilers judge the same thing; where they disagree, one of them (or one of our two readings of them) is
 * wrong, and that is a finding of its own.
 */
import type { Finding } from './finding.ts';
import type { LintResult } from './result.ts';

/** The first result, with a finding added for each one that only one of the two has. */
export function crossChecked(
  first: LintResult,
  second: LintResult,
  names: readonly [string, string],
): LintResult {
  const onlyFirst = missingIn(first, second).map((finding) => disagreement(finding, names[0], names[1]));
  const onlySecond = missingIn(second, first).map((finding) => disagreement(finding, names[1], names[0]));
  return { ...first, findings: [...first.findings, ...onlyFirst, ...onlySecond] };
}

function missingIn(from: LintResult, other: LintResult): readonly Finding[] {
  const known = new Set(other.findings.map(keyOf));
  return from.findings.filter((finding) => !known.has(keyOf(finding)));
}

function keyOf(finding: Finding): string {
  const { file, line, column } = finding.place;
  const { step, ruleId, certainty, symbol, message } = finding;
  return JSON.stringify([step, ruleId, certainty, file, line, column, symbol, message]);
}

function disagreement(finding: Finding, found: string, missed: string): Finding {
  return {
    ...finding,
    severity: 'error',
    certainty: 'disagreement',
    message: `only ${found} finds, ${missed} does not: ${finding.message}`,
    because: 'Two compilers resolve the same source differently; at least one answer is wrong.',
    instead: 'Look at the place with --trace under both oracles and report the smaller case.',
  };
}
