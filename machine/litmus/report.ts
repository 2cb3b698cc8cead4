/**
 * What a litmus run says: as text for people and as plain data for `--format json`. Pure functions of the results;
 * docs/MACHINE.md has the legend.
 */
import { CLASSES } from './ordering.ts';
import type { LitmusMachine } from './machine-switches.ts';
import { nameOfMachine } from './machine-switches.ts';
import { type Coverage, RULES, RULE_NAMES, type CellCoverage, cellCoverage } from './rules.ts';
import { type Answer, type TestResult, describeAnswer, totalsOf } from './verdicts.ts';

/** Marks at the start of a line: all answers agree, some differ, nothing stated, could not be decided. */
type Mark = 'ok' | 'DIFF' | '-' | 'LIMIT';

function markOf(result: TestResult): Mark {
  if (result.unfinished.length > 0) return 'LIMIT';
  if (result.answers.some(({ agrees }) => agrees === false)) return 'DIFF';
  return result.answers.some(({ agrees }) => agrees === true) ? 'ok' : '-';
}

/** The report for people; with `quiet` only tests that do not agree, and the totals. */
export function textReport(results: readonly TestResult[], quiet: boolean): string {
  const lines: string[] = [];
  for (const result of results) {
    const mark = markOf(result);
    if (quiet && mark === 'ok') continue;
    const answers = result.answers.map(({ machine, verdict, imageCount }) =>
      describeAnswer(machine, verdict, imageCount),
    );
    lines.push(`${mark.padEnd(5)} ${result.test.name}  ${answers.join(', ')}`);
    lines.push(...detailsOf(result, mark));
  }
  lines.push(totalsLine(results));
  return `${lines.join('\n')}\n`;
}

function detailsOf(result: TestResult, mark: Mark): string[] {
  const { test } = result;
  const lines: string[] = [];
  for (const { machine, expectation, agrees } of result.answers) {
    if (agrees !== false || expectation === undefined) continue;
    const { place } = expectation;
    const stated = describeAnswer(machine, expectation.verdict, expectation.images);
    lines.push(`        expected ${stated} at ${place.file}:${place.line}:${place.column}`);
  }
  for (const { machine, reason } of result.unfinished)
    lines.push(`        ${nameOfMachine(machine)}: ${reason}`);
  if (mark !== 'ok') {
    const question = test.question === undefined ? '' : `   ${test.question.kind}: ${test.question.text}`;
    lines.push(`        ${test.programText}${question}`);
  }
  for (const answer of result.answers) lines.push(...imageLines(answer));
  return lines;
}

function imageLines({ machine, images, imageWords }: Answer): string[] {
  if (images === undefined) return [];
  const texts = images.map((image) => imageWords.map((word, index) => `${word}=${image[index]}`).join(' '));
  return texts.map((text) => `        ${nameOfMachine(machine)}: ${text || '(no persistent word)'}`);
}

function totalsLine(results: readonly TestResult[]): string {
  const totals = totalsOf(results);
  const parts = [
    `${totals.tests} tests, ${totals.answers} answers: ${totals.agreeing} agree, ${totals.disagreeing} differ`,
  ];
  if (totals.unstated > 0) parts.push(`${totals.unstated} with nothing stated`);
  if (totals.unfinished > 0) parts.push(`${totals.unfinished} not decided`);
  return `${parts.join(', ')} (${totals.states} states)`;
}

/** The results as plain data. */
export function jsonReport(results: readonly TestResult[]): Record<string, unknown> {
  return { tests: results.map((result) => jsonTest(result)), totals: totalsOf(results) };
}

function jsonTest(result: TestResult): Record<string, unknown> {
  const { test } = result;
  return {
    name: test.name,
    file: test.place.file,
    line: test.place.line,
    program: test.programText,
    question: test.question === undefined ? null : { kind: test.question.kind, text: test.question.text },
    answers: result.answers.map((answer) => ({
      machine: nameOfMachine(answer.machine),
      verdict: answer.verdict === undefined ? null : answer.verdict === 'A' ? 'allowed' : 'forbidden',
      images: answer.imageCount,
      states: answer.stateCount,
      expected:
        answer.expectation === undefined
          ? null
          : { verdict: answer.expectation.verdict ?? null, images: answer.expectation.images ?? null },
      agrees: answer.agrees ?? null,
      ...(answer.images === undefined ? {} : { imageWords: answer.imageWords, imageValues: answer.images }),
    })),
    unfinished: result.unfinished.map(({ machine, reason }) => ({ machine: nameOfMachine(machine), reason })),
  };
}

/** How often each rule and table cell was used, and which never were, for people. */
export function coverageText(coverage: Coverage, machine: LitmusMachine): string {
  const rules = RULE_NAMES.map((name) => {
    const count = coverage.rules.get(name) ?? 0;
    return `${count === 0 ? 'never' : String(count)}`.padStart(9) + `  ${name.padEnd(16)} ${RULES[name]}`;
  });
  const cells = cellCoverage(coverage, machine);
  const never = cells
    .filter(({ exercised }) => !exercised)
    .map((cell) => `${cell.earlier}→${cell.later}${missingSide(cell)}`);
  const unused = RULE_NAMES.filter((name) => (coverage.rules.get(name) ?? 0) === 0);
  return [
    'Rules (times used)',
    ...rules,
    '',
    'Table 1.4, row earlier, column later (times kept in order / times swapped)',
    `${''.padEnd(5)}${CLASSES.map((name) => name.padStart(17)).join('')}`,
    ...CLASSES.map((earlier) => rowText(earlier, cells)),
    '',
    `Rules never used: ${unused.join(', ') || 'none'}`,
    `Cells never exercised: ${never.join(', ') || 'none'}`,
    '',
  ].join('\n');
}

function rowText(earlier: string, cells: readonly CellCoverage[]): string {
  const row = cells.filter((cell) => cell.earlier === earlier);
  return `${earlier.padEnd(5)}${row.map(({ kept, swapped }) => `${kept}/${swapped}`.padStart(17)).join('')}`;
}

function missingSide({ order, kept, swapped }: CellCoverage): string {
  if (order === 'kept' || order === 'free') return '';
  if (kept === 0 && swapped === 0) return '';
  return kept === 0 ? ` (same ${order})` : ` (other ${order})`;
}

/** The same as plain data. */
export function coverageJson(coverage: Coverage, machine: LitmusMachine): Record<string, unknown> {
  const rules = RULE_NAMES.map((name) => ({
    rule: name,
    meaning: RULES[name],
    count: coverage.rules.get(name) ?? 0,
  }));
  return { rules, cells: cellCoverage(coverage, machine) };
}
