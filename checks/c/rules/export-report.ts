/** Rule kind `exportReport`: what files export to modules equals a committed list, one line each: symbol, macro, file. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '#base/files.ts';
import type { Finding } from '../../finding.ts';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { mayHold } from '../assume.ts';
import { declarationsIn, type Declared } from '../declared.ts';
import { cFinding, cHeaderEntries, wholeFile, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import type { CTree } from '../tree.ts';

export interface ExportReportOptions extends CRuleHeader {
  /** Files whose exports count. */
  readonly files: readonly string[];
  /** The list, relative to the rules file. */
  readonly report: string;
}

/** What the options of a rule of this kind must be. */
export const exportReportSchema = v.strictObject({
  ...cHeaderEntries,
  files: names,
  report: v.pipe(v.string(), v.nonEmpty()),
});

/** Exports equal the list. Throws `InputError` for wrong options. */
export function exportReport(options: ExportReportOptions): CRule {
  checkOptions(exportReportSchema, 'exportReport', options);
  return {
    ...options,
    kind: 'exportReport',
    language: 'c',
    symbols: [],
    followsRoads: false,
    check: (tree) => check(options, tree),
    update: async (tree) => {
      const file = path.resolve(tree.base, options.report);
      writeWhole(file, (await exportsOf(options, tree)).map((one) => `${lineOf(one)}\n`).join(''));
      return file;
    },
  };
}

/** The exports, sorted as the list is. */
export async function exportsOf(
  options: Pick<ExportReportOptions, 'files'>,
  tree: CTree,
): Promise<readonly Declared[]> {
  const covers = filterOf(options.files);
  const files = tree.source.files.meant((file) => covers(file) && /\.[chS]$/.test(file));
  const found = [...(await declarationsIn(tree, files)).values()]
    .flat()
    .filter(({ what, place }) => what === 'export' && mayHold(place.condition, tree.assumed));
  return found.sort((a, b) => (lineOf(a) < lineOf(b) ? -1 : 1));
}

function lineOf({ name, by, place }: Declared): string {
  return `${name} ${by ?? ''} ${place.file}`;
}

async function check(options: ExportReportOptions, tree: CTree): Promise<COutcome> {
  const covers = filterOf(options.files);
  const file = path.resolve(tree.base, options.report);
  if (!existsSync(file)) return { findings: [], matched: 0, unmatched: [options.report], covers };
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const now = await exportsOf(options, tree);
  const listed = new Set(lines);
  const there = new Set(now.map(lineOf));
  const gone = new Map(
    lines.filter((line) => !there.has(line)).map((line) => [line.split(' ')[0] ?? '', line]),
  );
  const findings: Finding[] = [];
  for (const one of now) {
    if (listed.has(lineOf(one))) continue;
    const before = gone.get(one.name);
    gone.delete(one.name);
    const message =
      before === undefined
        ? `exports ${one.name} (${one.by ?? ''}), which ${options.report} does not list`
        : changed(one, before, options.report);
    findings.push(cFinding(options, tree, { place: one.place, symbol: one.name, message }));
  }
  for (const [name, line] of gone)
    findings.push(
      cFinding(options, tree, {
        place: wholeFile(line.split(' ')[2] ?? ''),
        symbol: name,
        message: `no longer exports ${name}, which ${options.report} lists`,
      }),
    );
  return { findings, matched: now.length, unmatched: [], covers };
}

function changed(now: Declared, before: string, report: string): string {
  const [, macro = '', file = ''] = before.split(' ');
  if (file !== now.place.file) return `exports ${now.name}, which ${report} has in ${file}`;
  return `exports ${now.name} by ${now.by ?? ''}; ${report} has ${macro}`;
}
