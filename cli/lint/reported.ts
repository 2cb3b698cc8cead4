/** Says what a run found: the report where it is asked for, and the exit code. */
import { writeFileSync } from 'node:fs';
import { InputError } from '#base/input-error.ts';
import { render } from '#checks/report/formats.ts';
import { isFailure, type LintResult } from '#checks/result.ts';
import { type CliContext, ExitCode } from '../context.ts';
import type { LintOptions } from './options.ts';

/** Prints or writes the report of a result, sets the exit code, and returns the report. */
export function reported(result: LintResult, options: LintOptions, context: CliContext): string {
  const report = render(result, options.format, { color: context.color && options.output === undefined });
  if (options.output === undefined) context.write(report);
  else writeReport(options.output, report);
  if (options.listUncovered === true) listUncovered(result, context);
  if (isFailure(result, options.maxWarnings)) context.exitCode = ExitCode.findings;
  return report;
}

function writeReport(file: string, report: string): void {
  try {
    writeFileSync(file, report);
  } catch (error) {
    throw new InputError(`${file}: cannot be written: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function listUncovered(result: LintResult, context: CliContext): void {
  const files = [...new Set(result.projects.flatMap((project) => project.uncovered))].sort();
  context.write(files.map((file) => `no rule covers ${file}\n`).join(''));
}
