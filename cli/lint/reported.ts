/** What a lint run ends with: its report, what nobody has an opinion about, and the exit code. */
import { render } from '#checks/report/formats.ts';
import { isFailure, type LintResult } from '#checks/result.ts';
import { type CliContext, ExitCode } from '../context.ts';
import type { LintOptions } from './options.ts';

/** How many findings of one rule text for people shows, unless more are asked for. */
const SHOWN_MAX = 100;

/** Hands the report of a result to `output`, sets the exit code, and returns the report. */
export function reported(
  result: LintResult,
  options: LintOptions,
  output: (text: string) => void,
  context: CliContext,
): string {
  const { format, maxShown = SHOWN_MAX } = options;
  const shownMax = maxShown === 0 ? undefined : maxShown;
  const report = render(result, format, { color: context.color && options.output === undefined, shownMax });
  output(report);
  if (options.listUncovered === true) listUncovered(result, context);
  if (isFailure(result, options.maxWarnings)) context.exitCode = ExitCode.findings;
  return report;
}

function listUncovered(result: LintResult, context: CliContext): void {
  const files = [...new Set(result.projects.flatMap((project) => project.uncovered))].sort();
  context.write(files.map((file) => `no rule covers ${file}\n`).join(''));
}
