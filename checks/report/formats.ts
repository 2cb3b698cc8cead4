/** The list of output formats by name. Each is a pure function from a result to text. */
import type { LintResult } from '../result.ts';
import { githubReport } from './github.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { sarifReport } from './sarif.ts';
import { textReport, type TextOptions } from './text.ts';

export const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** Renders a result in a format. Only `text` uses colours. */
export function render(result: LintResult, format: Format, options: TextOptions): string {
  switch (format) {
    case 'text':
      return textReport(result, options);
    case 'json':
      return jsonReport(result);
    case 'sarif':
      return sarifReport(result);
    case 'junit':
      return junitReport(result);
    case 'github':
      return githubReport(result);
    case 'html':
      return htmlReport(result);
  }
}
