/** Workflow commands that GitHub shows as annotations at the lines concerned. */
import { workflowData, workflowProperty } from '#base/escape-markup.ts';
import type { Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';

/** One command per finding; empty when there is none. */
export function githubReport(result: LintResult): string {
  return result.findings.map((finding) => `${commandOf(finding)}\n`).join('');
}

function commandOf(finding: Finding): string {
  const { place, step } = finding;
  const level = finding.certainty === 'hint' ? 'notice' : finding.severity;
  const title = `${finding.ruleId}${step === undefined ? '' : ` (step ${step})`}`;
  const properties = {
    file: place.file,
    line: place.line,
    endLine: place.endLine,
    col: place.column,
    endColumn: place.endColumn,
    title,
  };
  const list = Object.entries(properties).map(
    ([name, value]) => `${name}=${workflowProperty(String(value))}`,
  );
  const road = finding.via.map((stop) => ` Reached through ${stop}.`).join('');
  const text = `${finding.message}.${road} ${finding.because} Instead: ${finding.instead}`;
  return `::${level} ${list.join(',')}::${workflowData(text)}`;
}
