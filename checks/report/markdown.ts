/** Markdown for a comment on a change: a table of findings, then why each rule exists. */
import { rangeText } from '../c/range-table.ts';
import type { Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';
import { counted } from '#base/counted.ts';
import { printable } from '#base/printable.ts';

/** The report, ending with a newline. */
export function markdownReport(result: LintResult): string {
  const { rules, findings, files, commits } = result;
  const scope = `${counted(rules.length, 'rule')} over ${counted(files, 'file')}`;
  const range = commits === undefined ? [] : ['```text', rangeText(result).trimEnd(), '```', ''];
  if (findings.length === 0)
    return [
      `**conform lint**: nothing found by ${scope}`,
      ...(range.length === 0 ? [] : ['', ...range.slice(0, -1)]),
      '',
    ].join('\n');
  const ids = [...new Set(findings.map(({ ruleId }) => ruleId))];
  return [
    `**conform lint**: ${counted(findings.length, 'finding')} by ${scope}`,
    '',
    '| where | rule | what |',
    '| --- | --- | --- |',
    ...findings.map(row),
    '',
    ...ids.map((id) => reason(findings.find(({ ruleId }) => ruleId === id))),
    '',
    ...range,
  ].join('\n');
}

function row({ place, ruleId, certainty, severity, message, via, step }: Finding): string {
  const where = `${step === undefined ? '' : `step ${step}: `}${place.file}:${place.line}`;
  const kind = certainty === 'violation' ? severity : certainty;
  const road = via.length === 0 ? '' : ` (through ${via.join(', ')})`;
  return `| ${text(where)} | ${text(ruleId)} (${kind}) | ${text(message + road)} |`;
}

function reason(finding: Finding | undefined): string {
  if (finding === undefined) return '';
  return `* **${text(finding.ruleId)}**: ${text(finding.because)} Instead: ${text(finding.instead)}`;
}

/** Text in which nothing is read as markup or as the end of a cell. */
function text(raw: string): string {
  return printable(raw.replaceAll(/\s+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\|*_`#[\]]/g, String.raw`\$&`);
}
