/** What a lint run ends with: its report, what nobody has an opinion about, and the exit code. */
import { render } from '#checks/report/formats.ts';
import { isFailure, type LintResult } from '#checks/result.ts';
import { type CliContext, ExitCode } from '../context.ts';
import type { LintOptions } from './options.ts';

/** Hands the report of a result to `output`, sets the exit code, and returns the report. */
export function reported(
  result: LintResult,
  options: LintOptions,
  output: (text: string) => void,
  context: CliContext,
): string {
  const report = render(result, options.format, { color: context.color && options.output === undefined });
  output(report);
  if (options.listUncovered === true) listUncovered(result, context);
  if (isFailure(result, options.maxWarnings)) context.exitCode = ExitCode.findings;
  return report;
}

function listUncovered(result: LintResult, context: CliContext): void {
  const files = [...new Set(result.projects.flatMap((project) => project.uncovered))].sort();
  context.write(files.map((file) => `no rule covers ${file}\n`).join(''));
}
