/** Renders the verdicts of steps and variants as text: a matrix step by check, the failures, a line a variant. */
import { type Contract, type Difference, DIMENSIONS } from './contract.ts';
import type { VariantVerdict } from './judge-variant.ts';
import { type StepEvidence, type StepFailure, countDifferences } from './evidence.ts';
import type { Paint } from '#base/paint.ts';

/** What one cell says: nothing seen, seen as declared (how often), or seen and not declared. */
function cell(evidence: StepEvidence, dimension: Difference['dimension'], paint: Paint): string {
  const { seen, undeclared } = countDifferences(evidence, dimension);
  const text = seen === 0 ? '=' : undeclared > 0 ? `${undeclared} UNDECLARED` : `${seen} as declared`;
  const padded = text.padEnd(14);
  if (seen === 0) return paint('dim', padded);
  return undeclared > 0 ? paint('red', padded) : padded;
}

/** The matrix step by check. `titles` and `contracts` are by step, from 1. */
export function stepMatrix(
  steps: readonly StepEvidence[],
  titles: readonly string[],
  contracts: readonly Contract[],
  paint: Paint,
): string {
  const head = ['step', ...DIMENSIONS.map((name) => name.padEnd(14)), 'verdict'].join('  ');
  const lines = [paint('bold', 'The steps, each against the one before it'), '', head];
  for (const evidence of steps) {
    const { step, failures } = evidence;
    const contract = contracts[step - 1];
    const pure =
      contract !== undefined && contract.differences.length === 0 ? 'pure' : (contract?.class ?? '');
    const verdict =
      failures.length === 0 ? paint('green', 'holds') : paint('red', `FAILS (${failures.length})`);
    const cells = DIMENSIONS.map((dimension) => cell(evidence, dimension, paint));
    lines.push(
      [String(step).padStart(4), ...cells, `${verdict}  ${pure}: ${titles[step - 1] ?? ''}`].join('  '),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** One failure with its workload, witness, both traces side by side, and the command that runs it again. */
export function failureLines(step: number | string, failure: StepFailure, paint: Paint): string[] {
  const lines = [paint('red', `step ${step}: ${failure.kind}: ${failure.message}`)];
  if (failure.workload !== undefined)
    lines.push(...failure.workload.split('\n').map((line) => `    ${line}`));
  lines.push(...(failure.witness ?? []));
  for (const { operation, before, after } of failure.traces ?? []) {
    lines.push(`      ${operation}`, ...sideBySide(before, after));
  }
  if (failure.replay !== undefined) lines.push(`      replay: ${failure.replay}`);
  return lines;
}

/** Instructions of a long operation that are shown. */
const TRACE_ROWS_MAX = 24;

function sideBySide(before: readonly string[], after: readonly string[]): string[] {
  const rows = Math.max(before.length, after.length);
  const shown = Math.min(rows, TRACE_ROWS_MAX);
  const lines = Array.from({ length: shown }, (_, row) => {
    const left = before[row] ?? '';
    const right = after[row] ?? '';
    return `        ${left.padEnd(24)} ${left === right ? ' ' : '|'} ${right}`.trimEnd();
  });
  return rows > shown ? [...lines, `        and ${rows - shown} more`] : lines;
}

/** One line a variant: convicted or not, where, by which workload. */
export function variantLines(verdicts: readonly VariantVerdict[], paint: Paint): string[] {
  return verdicts.map(({ name, title, convictedAt, expectedAt, failures, asExpected }) => {
    const first = failures.find(({ kind }) => kind === 'broken promise') ?? failures[0];
    const by = first?.workload === undefined ? '' : ` by: ${first.workload.split('\n').slice(1).join(' / ')}`;
    const found = convictedAt === null ? 'not convicted' : `convicted at step ${convictedAt}`;
    const wanted = asExpected ? '' : `, expected ${expectedAt === null ? 'none' : `at step ${expectedAt}`}`;
    const mark = asExpected ? paint('green', 'ok ') : paint('red', 'BAD');
    return `${mark} ${name.padEnd(16)} ${found}${wanted}${by}\n    ${paint('dim', title)}`;
  });
}
