/**
 * The suite on two trees as text (docs/OUTPUT.md): in short a line a group of themes, what is not as expected in full;
 * or every scenario; and the verdict. Looks at finished reports only; colours are the caller's choice.
 */
import type { Paint } from '#base/paint.ts';
import type { Relation } from '#base/relation.ts';
import type { ThreadScenarioResult } from '../run/threads.ts';
import type { ScenarioResult, SuiteReport } from './model.ts';
import { replayCommand } from './replay-command.ts';
import { costPair, relationText } from './text.ts';
import { threadLines } from './threads.ts';
import { type SideNames, witnessLines } from './witness-text.ts';

/** How long a scenario took; the caller measures. */
export interface ScenarioTime {
  readonly name: string;
  readonly seconds: number;
}

/** Slowest scenarios that the summary names, and what is too short to be worth a word. */
const SLOWEST_SHOWN = 3;
const SLOW_SECONDS = 0.1;

/** A line a group of themes, the slowest of `times`, and in full what is not as expected: some 22 lines when all is well. */
export function suiteSummary(suite: SuiteReport, paint: Paint, times: readonly ScenarioTime[] = []): string {
  const failures = [
    ...suite.scenarios.filter(isBad).flatMap((scenario) => scenarioLines(scenario, suite, paint)),
    ...threadLines((suite.threads ?? []).filter(isBad), paint),
  ];
  return [
    titleLine(suite, paint),
    '',
    ...groupLines(suite.scenarios, paint),
    ...threadSummary(suite.threads),
    '',
    LEGEND,
    ...slowestLines(times),
    ...(failures.length === 0 ? [] : ['', paint('bold', 'Not as expected'), ...failures]),
    '',
  ].join('\n');
}

/** Every scenario: a line each under its theme, witnesses where the sides differ. */
export function suiteText(suite: SuiteReport, paint: Paint): string {
  const lines = [
    titleLine(suite, paint),
    '',
    `${' '.repeat(NAME_WIDTH + 4)}${'acknowledged'.padEnd(13)} ${'synced'.padEnd(13)} movnti/write-backs/sfence`,
  ];
  let theme = '';
  for (const scenario of suite.scenarios) {
    if (scenario.theme !== theme) {
      theme = scenario.theme;
      lines.push('', paint('bold', theme));
    }
    lines.push(...scenarioLines(scenario, suite, paint));
  }
  if (suite.threads !== undefined) {
    const title = 'Several CPUs: images that a power failure may leave';
    lines.push('', paint('bold', title), ...threadLines(suite.threads, paint));
  }
  return [...lines, '', LEGEND, ''].join('\n');
}

const LEGEND = 'stronger: fewer ways to lose data; weaker: more (docs/OUTPUT.md)';

/** What the suite says, in one sentence without its full stop. */
export function suiteVerdict({ before, after, scenarios, threads = [] }: SuiteReport): string {
  const bad = scenarios.filter(isBad).length + threads.filter(isBad).length;
  const many = `${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}`;
  const all = threads.length === 0 ? many : `${many} and ${threads.length} of several CPUs`;
  if (bad > 0) return `${bad} of ${all} not as expected`;
  const found = countsOf(scenarios.map(({ synced }) => synced)).map(
    ([relation, count]) => `${relation}${relation === 'equal' ? ` to ${before}/` : ''} in ${count}`,
  );
  return `${all} as expected (where durability is promised, ${after}/ is ${found.join(', ')})`;
}

const isBad = ({ mismatches }: { readonly mismatches: readonly string[] }): boolean => mismatches.length > 0;

function titleLine({ before, after }: SuiteReport, paint: Paint): string {
  return paint('bold', `${before}/ against ${after}/: what may a power failure leave?`);
}

// ---- in short

/** What stands before the colon of a theme. */
const groupOf = ({ theme }: ScenarioResult): string => theme.replace(/: .*$/, '');

function groupLines(scenarios: readonly ScenarioResult[], paint: Paint): string[] {
  const groups = [...new Set(scenarios.map(groupOf))];
  const width = Math.max('scenarios'.length, ...groups.map((group) => group.length)) + 2;
  const rows = groups.map((group) => {
    const own = scenarios.filter((scenario) => groupOf(scenario) === group);
    const bad = own.filter(isBad).length;
    const mark = bad === 0 ? paint('green', 'ok ') : paint('red', 'BAD');
    const acked = tally(own.map((scenario) => scenario.acked)).padEnd(ACKED_WIDTH);
    const synced = tally(own.map((scenario) => scenario.synced));
    return `${mark} ${group.padEnd(width)}${String(own.length).padStart(3)}  ${acked}  ${synced}`;
  });
  const head = `    ${'scenarios'.padEnd(width)}     ${'acknowledged'.padEnd(ACKED_WIDTH)}  where durability is promised`;
  return [paint('dim', head), ...rows];
}

/** Room for counts of all four relations. */
const ACKED_WIDTH = 50;

const ORDER: readonly Relation[] = ['equal', 'stronger', 'weaker', 'incomparable'];

/** How often each relation occurs, those that do. */
function countsOf(relations: readonly Relation[]): [relation: Relation, count: number][] {
  const counts = ORDER.map((relation): [Relation, number] => [
    relation,
    relations.filter((other) => other === relation).length,
  ]);
  return counts.filter(([, count]) => count > 0);
}

/** E.g. `44 equal, 15 stronger`; `equal` alone when there is no other. */
function tally(relations: readonly Relation[]): string {
  const counts = countsOf(relations);
  if (counts.length === 1) return `${counts[0]?.[0]}`;
  return counts.map(([relation, count]) => `${count} ${relation}`).join(', ');
}

function threadSummary(threads: readonly ThreadScenarioResult[] | undefined): string[] {
  if (threads === undefined) return [];
  const bad = threads.filter(isBad).length;
  return [`    several CPUs: ${threads.length} scenarios, ${bad === 0 ? 'all' : `${bad} not`} as expected`];
}

function slowestLines(times: readonly ScenarioTime[]): string[] {
  const slow = times.filter(({ seconds }) => seconds >= SLOW_SECONDS);
  if (slow.length === 0) return [];
  const slowest = slow.sort((left, right) => right.seconds - left.seconds).slice(0, SLOWEST_SHOWN);
  return [`slowest: ${slowest.map(({ name, seconds }) => `${name} (${seconds.toFixed(2)} s)`).join(', ')}`];
}

// ---- one scenario

const NAME_WIDTH = 48;

function scenarioLines(scenario: ScenarioResult, names: SideNames, paint: Paint): string[] {
  const { acked, synced, cost, source, workload, mismatches, since } = scenario;
  const mark = isBad(scenario) ? paint('red', 'BAD') : paint('green', 'ok ');
  const name =
    scenario.name.length > NAME_WIDTH ? `${scenario.name.slice(0, NAME_WIDTH - 1)}~` : scenario.name;
  const relations = `${relationText(acked, paint, 13)} ${relationText(synced, paint, 13)}`;
  const lines = [`${mark} ${name.padEnd(NAME_WIDTH)} ${relations} ${costPair(cost)}`];
  for (const witness of scenario.witnesses) lines.push(...witnessLines(witness, paint, names));
  if (!isBad(scenario)) return lines;
  return [
    ...lines,
    ...mismatches.map((mismatch) => `      ${paint('red', mismatch)}`),
    ...(since === undefined ? [] : [`      so since: ${since}`]),
    `      source: ${source}`,
    `      replay: ${replayCommand(workload, names)}`,
  ];
}
