/**
 * What came of a command as cases that passed or not, for services that read JUnit XML, GitHub annotations or SARIF; and the head that
 * all JSON of commands has (docs/result.schema.json).
 */
import type { Log, Result } from 'sarif';
import { escapeMarkup, workflowData, workflowProperty } from '#base/escape-markup.ts';
import { toolVersion } from '#base/own-package.ts';
import { RESULT_SCHEMA } from '../shards/shard.ts';

/** One thing that was held to something. */
export interface Case {
  /** What it belongs to, such as `steps`. */
  readonly suite: string;
  readonly name: string;
  /** What is wrong, a sentence each; the first is the headline. Empty where it passed. */
  readonly problems: readonly string[];
  /** Why nothing can be said of it. */
  readonly skipped?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** Formats besides `text`. */
export const CASE_FORMATS = ['json', 'junit', 'github', 'sarif'] as const;
export type CaseFormat = (typeof CASE_FORMATS)[number];

/** What a command found. */
export interface Told {
  readonly command: string;
  readonly ok: boolean;
  readonly cases: readonly Case[];
  /** What `--format json` has besides the head. */
  readonly data: object;
}

/** The report in a format, ending with a newline; empty for `github` where all is well. */
export function caseReport(format: CaseFormat, told: Told): string {
  switch (format) {
    case 'json':
      return resultJson(told);
    case 'junit':
      return junitOf(told);
    case 'github':
      return githubOf(told);
    case 'sarif':
      return sarifOf(told);
  }
}

/** JSON with a head that says what it is. */
export function resultJson({ command, ok, data }: Pick<Told, 'command' | 'ok' | 'data'>): string {
  const head = { schema: RESULT_SCHEMA, kind: command, version: toolVersion(), ok };
  return `${JSON.stringify({ ...head, ...data }, null, 2)}\n`;
}

function junitOf({ command, cases }: Told): string {
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((suite) =>
    suiteOf(
      suite,
      cases.filter((one) => one.suite === suite),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="conform ${command}" ${numbersOf(cases)}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function numbersOf(cases: readonly Case[]): string {
  const failures = cases.filter(({ problems }) => problems.length > 0).length;
  const skipped = cases.filter((one) => one.problems.length === 0 && one.skipped !== undefined).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

function suiteOf(suite: string, cases: readonly Case[]): string[] {
  return [
    `  <testsuite name="${escapeMarkup(suite)}" ${numbersOf(cases)}>`,
    ...cases.map(({ name, problems, skipped, file, line }) => {
      const attributes = { classname: suite, name, file, line };
      const text = Object.entries(attributes).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}="${escapeMarkup(String(value))}"`],
      );
      const start = `    <testcase ${text.join(' ')}`;
      if (problems.length > 0)
        return `${start}><failure message="${escapeMarkup(problems[0] ?? '')}">${escapeMarkup(problems.join('\n'))}</failure></testcase>`;
      return skipped === undefined
        ? `${start}/>`
        : `${start}><skipped message="${escapeMarkup(skipped)}"/></testcase>`;
    }),
    '  </testsuite>',
  ];
}

function githubOf({ cases }: Told): string {
  return cases
    .filter(({ problems }) => problems.length > 0)
    .map(({ suite, name, problems, file, line }) => {
      const properties = { file, line, title: `${suite}: ${name}` };
      const list = Object.entries(properties).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${workflowProperty(String(value))}`],
      );
      return `::error ${list.join(',')}::${workflowData(problems.join('\n'))}\n`;
    })
    .join('');
}

const SARIF_SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A rule for each suite: services close alerts of rules that found nothing. */
function sarifOf({ command, cases }: Told): string {
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const results = cases.flatMap(({ suite, name, problems, file, line = 1 }): Result[] => {
    if (problems.length === 0) return [];
    const uri = file?.split('/').map(encodeURIComponent).join('/');
    return [
      {
        ruleId: `${command}/${suite}`,
        ruleIndex: suites.indexOf(suite),
        level: 'error',
        message: { text: `${name}: ${problems.join('\n')}` },
        ...(uri !== undefined && {
          locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } }],
        }),
        partialFingerprints: { 'conformCase/v1': `${command}/${suite}/${name}` },
      },
    ];
  });
  const rules = suites.map((suite) => ({ id: `${command}/${suite}`, shortDescription: { text: suite } }));
  const driver = { name: 'pmem-conform', semanticVersion: toolVersion(), rules };
  const log: Log = { version: '2.1.0', $schema: SARIF_SCHEMA, runs: [{ tool: { driver }, results }] };
  return `${JSON.stringify(log, null, 2)}\n`;
}
