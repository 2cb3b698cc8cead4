/** Renders the verdicts of steps and variants as text: a matrix step by dimension, the failures, a line a variant. */
import { diffArrays } from 'diff';
import type { Paint } from '#base/paint.ts';
import type { Contract } from './contract.ts';
import type { Failure } from './failure.ts';
import type { StepEvidence } from './judge.ts';
import type { Dimension, SideBySide } from './subject.ts';
import type { VariantVerdict } from './variant.ts';

/** How many differences a step showed in a dimension, and how many of them its contract does not excuse. */
export function countDifferences(
  { differences }: Pick<StepEvidence, 'differences'>,
  dimension: string,
): { seen: number; undeclared: number } {
  const seen = differences.filter((difference) => difference.dimension === dimension);
  return { seen: seen.length, undeclared: seen.filter(({ declaredAs }) => declaredAs.length === 0).length };
}

const CELL_WIDTH = 14;

/** What one cell says: nothing seen, seen as declared (how often), or seen and not declared. */
function cell(evidence: StepEvidence, dimension: string, paint: Paint): string {
  const { seen, undeclared } = countDifferences(evidence, dimension);
  const text = seen === 0 ? '=' : undeclared > 0 ? `${undeclared} UNDECLARED` : `${seen} as declared`;
  const padded = text.padEnd(CELL_WIDTH);
  if (seen === 0) return paint('dim', padded);
  return undeclared > 0 ? paint('red', padded) : padded;
}

/** What is said of the promise: kept, broken anew, or broken as in the step before. */
function promiseCell({ failures, standing }: StepEvidence, paint: Paint): string {
  const broken = failures.filter(({ kind }) => kind === 'broken promise').length;
  if (broken > 0) return paint('red', 'BROKEN'.padEnd(CELL_WIDTH));
  return paint('dim', (standing.length > 0 ? `kept (${standing.length} known)` : 'kept').padEnd(CELL_WIDTH));
}

/** The matrix step by dimension. `titles` and `contracts` are by step, from 1. */
export function stepMatrix(
  steps: readonly StepEvidence[],
  titles: readonly string[],
  contracts: readonly Contract[],
  dimensions: readonly Dimension[],
  paint: Paint,
): string {
  const head = [
    'step',
    ...['promise', ...dimensions.map(({ name }) => name)].map((name) => name.padEnd(CELL_WIDTH)),
  ];
  const lines = [
    paint('bold', 'The steps, each against the one before it'),
    '',
    [...head, 'verdict'].join('  '),
  ];
  for (const evidence of steps) {
    const { step, failures } = evidence;
    const contract = contracts[step - 1];
    const sort = contract?.differences.length === 0 ? 'pure' : (contract?.class ?? '');
    const verdict =
      failures.length === 0 ? paint('green', 'holds') : paint('red', `FAILS (${failures.length})`);
    const cells = dimensions.map(({ name }) => cell(evidence, name, paint));
    lines.push(
      [
        String(step).padStart(4),
        promiseCell(evidence, paint),
        ...cells,
        `${verdict}  ${sort}: ${titles[step - 1] ?? ''}`,
      ].join('  '),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Workloads that say nothing of a step which are named. */
const UNTRIED_MAX = 3;

/** What could not be tried: it speaks neither for a step nor against it. */
export function untriedLines(
  where: string,
  { untried, workloads }: Pick<StepEvidence, 'untried' | 'workloads'>,
  paint: Paint,
): string[] {
  if (untried.length === 0) return [];
  const more = untried.length - UNTRIED_MAX;
  return [
    paint('yellow', `${where}: ${untried.length} of ${workloads} workloads say nothing`),
    ...untried.slice(0, UNTRIED_MAX).map(({ workload, why }) => `    ${workload} ${why}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** One failure with its workload, witness, both traces side by side, where it comes from, and the command that tries it again. */
export function failureLines(where: string, failure: Failure, paint: Paint): string[] {
  const {
    kind,
    cause,
    message,
    also,
    alsoIn = [],
    workload,
    witness = [],
    traces = [],
    origin,
    replay,
  } = failure;
  const of = cause === '' ? '' : ` in ${cause}`;
  const others = Object.entries(also).map(([title, count]) => `${count} more ${title}`);
  const elsewhere = alsoIn.length === 0 ? '' : ` (in ${[cause, ...alsoIn].join(', ')})`;
  return [
    paint('red', `${where}: ${kind}${of}`),
    `    ${message}`,
    ...(others.length === 0 ? [] : [`    and for the same cause ${others.join(', ')}${elsewhere}`]),
    ...originLines(origin).map((line) => `    ${line}`),
    ...(workload === undefined
      ? []
      : [
          '    smallest workload:',
          ...workload
            .trimEnd()
            .split('\n')
            .map((line) => `      ${line}`),
        ]),
    ...witness,
    ...traces.flatMap((trace) => [
      `      ${trace.at}`,
      ...alignedLines(trace).map((line) => `        ${line}`),
    ]),
    ...(replay === undefined ? [] : [`    replay: ${replay}`]),
  ];
}

function originLines(origin: Failure['origin']): string[] {
  if (origin === undefined) return [];
  const { cameInAt, reachableAt, suspects } = origin;
  const came = cameInAt === null ? 'before the series' : `at step ${cameInAt}`;
  return [
    `the faulty lines came in ${came}${cameInAt === reachableAt ? '' : `, and are reachable since step ${reachableAt}`}; likely:`,
    ...suspects.map(({ place, step, text }) => `  ${place} (step ${step ?? 0})  ${text}`),
  ];
}

/** Columns of the left side; what is longer shifts its own row alone. */
const WIDTH_MAX = 80;

/** Rows of a long operation that are shown. */
const TRACE_ROWS_MAX = 24;

/** One row of two lists side by side. */
export interface AlignedRow {
  readonly before: string;
  readonly after: string;
  readonly isSame: boolean;
}

/** Lists of both sides, the same entries beside each other. */
export function aligned({ before, after }: Pick<SideBySide, 'before' | 'after'>): AlignedRow[] {
  const rows: AlignedRow[] = [];
  let removed: string[] = [];
  const flush = (added: readonly string[]): void => {
    for (let row = 0; row < Math.max(removed.length, added.length); row++)
      rows.push({ before: removed[row] ?? '', after: added[row] ?? '', isSame: false });
    removed = [];
  };
  for (const part of diffArrays([...before], [...after])) {
    if (part.removed) removed = part.value;
    else if (part.added) flush(part.value);
    else {
      flush([]);
      rows.push(...part.value.map((text) => ({ before: text, after: text, isSame: true })));
    }
  }
  flush([]);
  return rows;
}

function alignedLines(trace: SideBySide): string[] {
  const rows = aligned(trace);
  const first = Math.max(0, rows.findIndex(({ isSame }) => !isSame) - TRACE_ROWS_MAX / 2);
  const shown = rows.length <= TRACE_ROWS_MAX ? rows : rows.slice(first, first + TRACE_ROWS_MAX);
  const width = Math.min(WIDTH_MAX, Math.max(16, ...shown.map(({ before }) => before.length)));
  const lines = shown.map(({ before, after, isSame }) =>
    `${before.padEnd(width)} ${isSame ? ' ' : '|'} ${after}`.trimEnd(),
  );
  const hidden = rows.length - shown.length;
  return hidden === 0 ? lines : [...lines, `and ${hidden} more`];
}

/** One line a variant: convicted or not, where, of what sort, by which workload. */
export function variantLines(verdicts: readonly VariantVerdict[], paint: Paint): string[] {
  return verdicts.flatMap((verdict) => {
    const { name, title, failures, problem, asExpected } = verdict;
    const mark = asExpected ? paint('green', 'ok ') : paint('red', 'BAD');
    if (problem !== undefined)
      return [`${mark} ${name.padEnd(16)} cannot be judged: ${problem.replaceAll('\n', '\n    ')}`];
    const [first] = failures;
    const by = first?.workload === undefined ? '' : ` by: ${first.workload.split('\n').join(' / ')}`;
    const wanted = asExpected ? '' : `, expected ${expectedText(verdict)}`;
    return [`${mark} ${name.padEnd(16)} ${foundText(verdict)}${wanted}${by}`, `    ${paint('dim', title)}`];
  });
}

function foundText({ convictedAt, convictedBy, isDeclared }: VariantVerdict): string {
  if (convictedAt !== null) return `convicted at step ${convictedAt}, ${convictedBy}`;
  return isDeclared ? 'cleared by its contract' : 'not convicted';
}

function expectedText({ expectedAt, expectedBy }: VariantVerdict): string {
  if (expectedAt === null) return 'none';
  return `at step ${expectedAt}${expectedBy === undefined ? '' : `, ${expectedBy}`}`;
}
