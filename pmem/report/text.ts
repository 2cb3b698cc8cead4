/** One workload on both sides as text (docs/OUTPUT.md). Colours are the caller's choice. */
import type { Paint } from '#base/paint.ts';
import type { Relation } from '#base/relation.ts';
import { costText } from '../run/cost.ts';
import type { InsideReport } from '../promise/inside.ts';
import { imagesText } from '../promise/ways.ts';
import type { ComparisonReport, InsideResult, PromiseReport, WaysReport } from './model.ts';
import { type SideNames, SIDES, witnessLines } from './witness-text.ts';

const RELATION_COLOURS = {
  equal: 'dim',
  stronger: 'green',
  weaker: 'yellow',
  incomparable: 'yellow',
} as const;

/** A relation in its colour, `width` columns wide. */
export function relationText(relation: Relation, paint: Paint, width = 0): string {
  return paint(RELATION_COLOURS[relation], relation.padEnd(width));
}

/** `511/0/4 -> 511/2/4`, or `511/2/4 =` when both sides cost the same. */
export function costPair({ before, after }: ComparisonReport['cost']): string {
  const left = costText(before);
  const right = costText(after);
  return left === right ? `${left} =` : `${left} -> ${right}`;
}

/** Results and relations of each operation, with `trace` the instructions of both sides; then the whole run. */
export function comparisonText(
  report: ComparisonReport,
  trace: boolean,
  paint: Paint,
  names: SideNames = SIDES,
): string {
  const lines: string[] = [];
  for (const [index, operation] of report.operations.entries()) {
    lines.push(`${index + 1}  ${paint('bold', operation.operation)}`);
    const { before, after } = operation;
    const otherData = before.result === after.result ? ', other data' : '';
    const results = `before ${before.result}, after ${after.result}${otherData}`;
    lines.push(`   result        ${operation.sameResult ? before.result : results}`);
    lines.push(`   acknowledged  ${relationText(operation.acked, paint)}`);
    lines.push(`   in flight     ${relationText(operation.inFlight, paint)}`);
    if (trace) lines.push(...traceLines('before', before.events), ...traceLines('after', after.events));
  }
  for (const side of ['before', 'after'] as const) {
    for (const line of report.log[side]) lines.push(`log ${side}: ${line}`);
  }
  if (report.ways !== undefined) lines.push(...waysLines(report.ways));
  if (report.inside !== undefined) lines.push(...insideLines(report.inside));
  lines.push('', `may be lost   before ${report.lost.before}`, `              after  ${report.lost.after}`);
  lines.push(`cost          ${costPair(report.cost)}  (movnti/write-backs/sfence)`);
  lines.push(`acknowledged  ${relationText(report.acked, paint)}`);
  lines.push(`synced        ${relationText(report.synced, paint)}`);
  if (report.promise !== undefined) lines.push(...promiseLines(report.promise, paint));
  for (const witness of report.witnesses) lines.push(...witnessLines(witness, paint, names));
  return `${lines.join('\n')}\n`;
}

function traceLines(side: string, events: readonly string[]): string[] {
  return [`   ${side.padEnd(12)}  ${events.length === 0 ? '(no instruction)' : events.join(' ')}`];
}

/** What power failures inside each operation came to. */
function insideLines(inside: readonly InsideResult[]): string[] {
  if (inside.length === 0) return ['inside        no operation writes what is read again at boot'];
  return inside.map(({ operation, before, after }) => {
    return `inside        ${operation}: ${sides(insideText(before), insideText(after))}`;
  });
}

const insideText = ({ images, isComplete, findings }: InsideReport): string =>
  `${imagesText(images, isComplete)}, ${findings.length === 0 ? 'kept' : `${findings.length} broken`}`;

/** What both sides say, once where they agree. */
const sides = (left: string, right: string): string =>
  left === right ? left : `before ${left}; after ${right}`;

/** What was tried of the ways that a workload can go, and what they came to. */
function waysLines({ before, after, results }: WaysReport): string[] {
  return [
    `ways          ${sides(before, after)}`,
    ...results.flatMap((result) => [
      `   ${result.operation}`,
      `   result        ${sides(result.before, result.after)}`,
    ]),
  ];
}

/** What each side owes and does not give. */
function promiseLines(promise: PromiseReport, paint: Paint): string[] {
  const sides = (['before', 'after'] as const).flatMap((side) => {
    const broken = promise[side].map((text) => paint(side === 'after' ? 'red' : 'yellow', text));
    return (broken.length === 0 ? ['kept'] : broken).map((text) => `${side.padEnd(6)} ${text}`);
  });
  return sides.map((text, index) => `${index === 0 ? 'promise' : ''}`.padEnd(14) + text);
}
