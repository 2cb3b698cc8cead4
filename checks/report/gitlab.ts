/** GitLab code quality: a list of JSON objects, shown in merge requests beside the lines concerned. */
import { fingerprintOf, type Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';

/** The report, ending with a newline; an empty list when nothing is found. */
export function gitlabReport(result: LintResult): string {
  return `${JSON.stringify(result.findings.map(issueOf), undefined, 2)}\n`;
}

function issueOf(finding: Finding): object {
  const { ruleId, place, message, because, instead, step } = finding;
  const at = step === undefined ? '' : ` (step ${step})`;
  return {
    description: `${message}${at}. ${because} Instead: ${instead}`,
    check_name: ruleId,
    // Two steps may have the same finding.
    fingerprint: `${fingerprintOf(finding)}${step === undefined ? '' : `-${step}`}`,
    severity: severityOf(finding),
    location: { path: place.file, lines: { begin: place.line, end: place.endLine } },
  };
}

function severityOf({ severity, certainty }: Finding): string {
  if (certainty === 'hint') return 'info';
  return severity === 'error' ? 'major' : 'minor';
}
