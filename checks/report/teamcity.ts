/** Service messages that TeamCity shows as inspections: one for each rule, one for each finding. */
import type { Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';

/** TeamCity cuts longer texts off, and the message with them. */
const MESSAGE_LENGTH_MAX = 4000;

/** The report, ending with a newline; empty when nothing is found. */
export function teamcityReport({ rules, findings }: LintResult): string {
  const ids = [...new Set(findings.map(({ ruleId }) => ruleId))];
  const types = ids.map((id) => {
    const { title = id, because = id } = rules.find((rule) => rule.id === id) ?? {};
    return message('inspectionType', { id, name: title, description: because, category: 'conform lint' });
  });
  return [...types, ...findings.map(inspection)].map((line) => `${line}\n`).join('');
}

function inspection({ ruleId, place, severity, certainty, message: text, instead }: Finding): string {
  return message('inspection', {
    typeId: ruleId,
    message: `${text}. Instead: ${instead}`.slice(0, MESSAGE_LENGTH_MAX),
    file: place.file,
    line: String(place.line),
    SEVERITY: certainty === 'hint' ? 'INFO' : severity.toUpperCase(),
  });
}

function message(name: string, values: Readonly<Record<string, string>>): string {
  const list = Object.entries(values).map(([key, value]) => `${key}='${escaped(value)}'`);
  return `##teamcity[${name} ${list.join(' ')}]`;
}

function escaped(text: string): string {
  return text
    .replaceAll(/[|'[\]]/g, '|$&')
    .replaceAll('\n', '|n')
    .replaceAll('\r', '|r')
    .replaceAll(/[^\u0020-\u007E]/g, (letter) => `|0x${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
