/** The whole result as JSON, for other programs. The shape is versioned; fields are only ever added. */
import { fingerprintOf } from '../finding.ts';
import type { LintResult } from '../result.ts';

export const JSON_VERSION = 1;

/** The report as indented JSON, ending with a newline. */
export function jsonReport(result: LintResult): string {
  const report = {
    version: JSON_VERSION,
    files: result.files,
    rules: result.rules.map(({ id, title, because, instead, severity, from, until, strict, tags }) => ({
      id,
      title,
      because,
      instead,
      severity: severity ?? 'error',
      from,
      until,
      strict: strict ?? false,
      tags: tags ?? [],
    })),
    runs: result.projects.flatMap((project) => project.runs),
    ...(result.commits === undefined ? {} : { commits: result.commits }),
    findings: result.findings.map((finding) => ({ ...finding, fingerprint: fingerprintOf(finding) })),
    uncovered: [...new Set(result.projects.flatMap((project) => project.uncovered))].sort(),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
