/** The list of output formats by name. Each is a pure function from a result to text. */
import type { LintResult } from '../result.ts';
import { checkstyleReport } from './checkstyle.ts';
import { githubReport } from './github.ts';
import { gitlabReport } from './gitlab.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { sarifReport } from './sarif.ts';
import { teamcityReport } from './teamcity.ts';
import { textReport, type TextOptions } from './text.ts';

export const FORMATS = [
  'text',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'checkstyle',
  'teamcity',
  'markdown',
  'html',
] as const;
export type Format = (typeof FORMATS)[number];

const REPORTS: Readonly<Record<Format, (result: LintResult, options: TextOptions) => string>> = {
  text: textReport,
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  github: githubReport,
  gitlab: gitlabReport,
  checkstyle: checkstyleReport,
  teamcity: teamcityReport,
  markdown: markdownReport,
  html: htmlReport,
};

/** Renders a result in a format. Only `text` uses colours. */
export function render(result: LintResult, format: Format, options: TextOptions): string {
  return REPORTS[format](result, options);
}
