/**
 * Rule kind `apiReport`: what files export equals a committed report. A change of the surface is then always a change
 * of a text file somebody reads. `conform lint --update-api` writes the reports anew.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { apiOf, apiText, diffApi, parseApi, type ApiEntry } from '../api-surface.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import { resolveTarget } from '../oracle/targets.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface ApiReportOptions extends RuleHeader {
  /** Files whose exports make up the surface. */
  readonly files: readonly string[];
  /** The report, relative to the base; `{step}` becomes the two digits of the step. */
  readonly report: string;
}

/** What the options of a rule of this kind must be. */
export const apiReportSchema = v.strictObject({
  ...headerEntries,
  files: names,
  report: v.pipe(v.string(), v.nonEmpty()),
});

/** Exports equal the committed report. Throws `InputError` for wrong options. */
export function apiReport(options: ApiReportOptions): Rule {
  checkOptions(apiReportSchema, 'apiReport', options);
  return {
    ...options,
    kind: 'apiReport',
    check: (context) => check(options, context),
    update: (context) => update(options, context),
  };
}

function reportFile(options: ApiReportOptions, context: CheckContext): string {
  const step = String(context.step ?? 0).padStart(2, '0');
  return path.resolve(context.base, options.report.replaceAll('{step}', step));
}

function update(options: ApiReportOptions, context: CheckContext): string {
  const file = reportFile(options, context);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, apiText(apiOf(context, filterOf(options.files))));
  return file;
}

/** An entry that does not depend on how far away what is passed on from outside of the project lies. */
const wherever = (entry: ApiEntry): ApiEntry => ({
  ...entry,
  signature: entry.signature.replace(/ from (?:\.\.\/)+/, ' from ../'),
});

function check(options: ApiReportOptions, context: CheckContext): RuleOutcome {
  const covers = filterOf(options.files);
  const file = reportFile(options, context);
  if (!existsSync(file))
    return { findings: [], matched: 0, unmatched: [options.report], inputs: [file], covers };
  const now = apiOf(context, covers).map(wherever);
  const delta = diffApi(parseApi(readFileSync(file, 'utf8')).map(wherever), now);
  const report = options.report.replaceAll('{step}', String(context.step ?? 0).padStart(2, '0'));
  const tell = (entry: ApiEntry, message: string): Finding => {
    const unit = context.compiler.files.find((candidate) => context.nameOf(candidate) === entry.file);
    const symbol = `${entry.file}#${entry.name}`;
    const anchor = unit ?? context.compiler.files[0];
    if (anchor === undefined) throw new RangeError('a project without files has no surface');
    const node = resolveTarget(context, symbol)[0];
    const place = node === undefined ? undefined : context.compiler.declarationsOf(node.symbol)[0];
    const isHere = place !== undefined && place.path === anchor.path;
    return findingOf(options, context, {
      unit: anchor,
      node: isHere ? place.node : anchor.root,
      symbol,
      message,
    });
  };
  const findings = [
    ...delta.added.map((entry) => tell(entry, `exports ${entry.signature}, which ${report} does not list`)),
    ...delta.removed.map((entry) => tell(entry, `no longer exports ${entry.name}, which ${report} lists`)),
    ...delta.changed.map(({ before, after }) =>
      tell(after, `exports ${after.signature}; ${report} has ${before.signature}`),
    ),
  ];
  return { findings, matched: now.length, unmatched: [], inputs: [file], covers };
}
