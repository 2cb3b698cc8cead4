/** Renders reports as text. Looks at finished reports only; colours are the caller's choice (docs/OUTPUT.md explains the columns). */
import type { Paint } from '#base/paint.ts';
import type { WitnessReport, WitnessWord } from '../compare/witness.ts';
import type { Cost } from '../run/cost.ts';
import { replayCommand } from './replay-command.ts';
import type { ComparisonReport, ScenarioResult, SuiteReport } from './model.ts';

/** Words of a witness that are shown before the rest is summed up. */
const WITNESS_WORDS_SHOWN = 3;

const NAME_WIDTH = 48;

const RELATION_COLOURS = {
  equal: 'dim',
  stronger: 'green',
  weaker: 'yellow',
  incomparable: 'yellow',
} as const;

function relationText(relation: ComparisonReport['acked'], paint: Paint): string {
  return paint(RELATION_COLOURS[relation], relation.padEnd(13));
}

function costText({ movnti, writeBacks, sfence }: Cost): string {
  return `${movnti}/${writeBacks}/${sfence}`;
}

function costPair({ before, after }: ComparisonReport['cost']): string {
  const left = costText(before);
  const right = costText(after);
  return left === right ? `${left} =` : `${left} -> ${right}`;
}

/** The whole suite: a line a scenario, grouped by theme, witnesses where the sides differ, and a summary. */
export function suiteText(suite: SuiteReport, paint: Paint): string {
  const lines = [
    paint(
      'bold',
      `${suite.before}/ (before) against ${suite.after}/ (after): what may a power failure leave?`,
    ),
    '',
    `${' '.repeat(NAME_WIDTH + 4)}${'acknowledged'.padEnd(13)} ${'synced'.padEnd(13)} movnti/write-backs/sfence`,
  ];
  let theme = '';
  for (const scenario of suite.scenarios) {
    if (scenario.theme !== theme) {
      theme = scenario.theme;
      lines.push('', paint('bold', theme));
    }
    lines.push(...scenarioLines(scenario, paint));
  }
  return [...lines, '', ...summaryLines(suite, paint), ''].join('\n');
}

function scenarioLines(scenario: ScenarioResult, paint: Paint): string[] {
  const asExpected = scenario.mismatches.length === 0;
  const mark = asExpected ? paint('green', 'ok ') : paint('red', 'BAD');
  const name =
    scenario.name.length > NAME_WIDTH ? `${scenario.name.slice(0, NAME_WIDTH - 1)}~` : scenario.name;
  const relations = `${relationText(scenario.acked, paint)} ${relationText(scenario.synced, paint)}`;
  const lines = [`${mark} ${name.padEnd(NAME_WIDTH)} ${relations} ${costPair(scenario.cost)}`];
  for (const witness of scenario.witnesses) lines.push(...witnessLines(witness, paint));
  if (asExpected) return lines;
  return [
    ...lines,
    ...scenario.mismatches.map((mismatch) => `      ${paint('red', mismatch)}`),
    `      source: ${scenario.source}`,
    `      replay: ${replayCommand(scenario.workload)}`,
  ];
}

const hex = (bytes: readonly number[]): string[] => bytes.map((byte) => byte.toString(16).padStart(2, '0'));

/** A witness as a hex diff: what the one side may be left with, what the other side holds. */
export function witnessLines(witness: WitnessReport, paint: Paint): string[] {
  const other = witness.side === 'before' ? 'after' : 'before';
  const hidden = witness.words.length - WITNESS_WORDS_SHOWN;
  return [
    `      only ${witness.side}/ may leave this, once '${witness.operation}' has returned:`,
    ...witness.words
      .slice(0, WITNESS_WORDS_SHOWN)
      .flatMap((word) => wordLines(word, witness.side, other, paint)),
    ...(hidden > 0 ? [`        and ${hidden} more words`] : []),
  ];
}

function wordLines(word: WitnessWord, side: string, other: string, paint: Paint): string[] {
  const mine = hex(word.bytes);
  const theirs = hex(word.otherBytes);
  const changed = (text: string, index: number): string =>
    mine[index] === theirs[index] ? paint('dim', text) : paint('red', text);
  const place = `${word.disk}+0x${word.offset.toString(16).padStart(6, '0')}`;
  const stored = new Set(word.operations);
  const from = [...stored].map((operation) =>
    operation < 0 ? 'was there before' : `operation ${operation + 1}`,
  );
  const by = word.storedBy.length === 0 ? 'was there before' : `last stored by: ${word.storedBy.join('; ')}`;
  return [
    `        ${place}  ${side.padEnd(6)} ${mine.map(changed).join(' ')}  ${from.join(', ')}`,
    `        ${' '.repeat(place.length)}  ${other.padEnd(6)} ${theirs.map(changed).join(' ')}  ${by}`,
  ];
}

function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} ${value}`).join(', ');
}

function summaryLines({ scenarios }: SuiteReport, paint: Paint): string[] {
  const bad = scenarios.filter(({ mismatches }) => mismatches.length > 0).length;
  const verdict = `${scenarios.length - bad} as expected, ${bad} not`;
  return [
    `${scenarios.length} scenarios`,
    `  at all acknowledgements:       ${tally(scenarios.map(({ acked }) => acked))}`,
    `  where durability is promised:  ${tally(scenarios.map(({ synced }) => synced))}`,
    `  stronger: after/ has fewer ways to lose data; weaker: more (docs/OUTPUT.md)`,
    paint(bad === 0 ? 'green' : 'red', verdict),
  ];
}

/** One workload: results, relations, and with `trace` the instructions of both sides. */
export function comparisonText(report: ComparisonReport, trace: boolean, paint: Paint): string {
  const lines: string[] = [];
  for (const [index, operation] of report.operations.entries()) {
    lines.push(`${index + 1}  ${paint('bold', operation.operation)}`);
    const { before, after } = operation;
    const otherData = before.result === after.result ? ', other data' : '';
    const results = `before ${before.result}, after ${after.result}${otherData}`;
    lines.push(`   result        ${operation.sameResult ? before.result : results}`);
    lines.push(`   acknowledged  ${relationText(operation.acked, paint).trimEnd()}`);
    lines.push(`   in flight     ${relationText(operation.inFlight, paint).trimEnd()}`);
    if (trace) lines.push(...traceLines('before', before.events), ...traceLines('after', after.events));
  }
  for (const side of ['before', 'after'] as const) {
    for (const line of report.log[side]) lines.push(`log ${side}: ${line}`);
  }
  lines.push('', `may be lost   before ${report.lost.before}`, `              after  ${report.lost.after}`);
  lines.push(`cost          ${costPair(report.cost)}  (movnti/write-backs/sfence)`);
  lines.push(`acknowledged  ${relationText(report.acked, paint).trimEnd()}`);
  lines.push(`synced        ${relationText(report.synced, paint).trimEnd()}`);
  for (const witness of report.witnesses) lines.push(...witnessLines(witness, paint));
  return `${lines.join('\n')}\n`;
}

function traceLines(side: string, events: readonly string[]): string[] {
  return [`   ${side.padEnd(12)}  ${events.length === 0 ? '(no instruction)' : events.join(' ')}`];
}
