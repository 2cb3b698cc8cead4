/** Checkstyle XML, which many servers of continuous integration read: findings by file. */
import { escapeMarkup } from '#base/escape-markup.ts';
import type { Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';

/** The report, ending with a newline. */
export function checkstyleReport({ findings }: LintResult): string {
  const files = [...new Set(findings.map(({ place }) => place.file))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...files.flatMap((file) => [
      `  <file name="${escapeMarkup(file)}">`,
      ...findings.filter(({ place }) => place.file === file).map(errorOf),
      '  </file>',
    ]),
    '</checkstyle>',
    '',
  ].join('\n');
}

function errorOf({ ruleId, severity, certainty, place, message, because, instead }: Finding): string {
  const attributes = {
    line: place.line,
    column: place.column,
    severity: certainty === 'hint' ? 'info' : severity,
    message: `${message}. ${because} Instead: ${instead}`.replaceAll(/\s+/g, ' '),
    source: `conform.${ruleId}`,
  };
  const list = Object.entries(attributes).map(([name, value]) => `${name}="${escapeMarkup(String(value))}"`);
  return `    <error ${list.join(' ')}/>`;
}
