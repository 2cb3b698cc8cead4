/** JUnit XML: one suite per rule, one failed case per finding, one passed case for a rule that found nothing. */
import type { Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';
import type { RuleHeader } from '../rule.ts';
import { escapeMarkup } from '#base/escape-markup.ts';

/** The report, ending with a newline. */
export function junitReport(result: LintResult): string {
  const suites = result.rules.map((rule) =>
    suiteOf(
      rule,
      result.findings.filter(({ ruleId }) => ruleId === rule.id),
    ),
  );
  const known = new Set(result.rules.map((rule) => rule.id));
  const other = result.findings.filter(({ ruleId }) => !known.has(ruleId));
  if (other.length > 0) suites.push(suiteOf({ id: 'other', title: 'other' }, other));
  const failures = result.findings.filter(isFailed).length;
  const tests = result.rules.length + result.findings.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="conform lint" tests="${tests}" failures="${failures}" errors="0">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailed(finding: Finding): boolean {
  return finding.severity === 'error' && finding.certainty !== 'hint';
}

function suiteOf(rule: Pick<RuleHeader, 'id' | 'title'>, findings: readonly Finding[]): string {
  const id = escapeMarkup(rule.id);
  const failures = findings.filter(isFailed).length;
  const counts = `tests="${findings.length + 1}" failures="${failures}" errors="0"`;
  return [
    `  <testsuite name="${id}" ${counts}>`,
    `    <testcase classname="${id}" name="${escapeMarkup(rule.title)}"/>`,
    ...findings.map((finding) => caseOf(id, finding)),
    '  </testsuite>',
  ].join('\n');
}

function caseOf(id: string, finding: Finding): string {
  const { place, step } = finding;
  const at = `${step === undefined ? '' : `step ${step}: `}${place.file}:${place.line}:${place.column}`;
  const attributes = `classname="${id}" name="${escapeMarkup(at)}" file="${escapeMarkup(place.file)}" line="${place.line}"`;
  const body = [
    at,
    place.source.trim(),
    ...finding.via.map((stop) => `reached through ${stop}`),
    ...(finding.notes ?? []),
  ];
  const text = escapeMarkup([...body, `why: ${finding.because}`, `instead: ${finding.instead}`].join('\n'));
  const message = escapeMarkup(finding.message);
  if (!isFailed(finding))
    return `    <testcase ${attributes}><system-out>${message}\n${text}</system-out></testcase>`;
  const failure = `<failure type="${finding.certainty}" message="${message}">${text}</failure>`;
  return `    <testcase ${attributes}>${failure}</testcase>`;
}
