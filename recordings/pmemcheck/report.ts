/**
 * What `conform pmemcheck` says about a log: how many images a power failure may leave while and after each marked
 * operation, what pmreorder would check, and, for small logs, the difference image by image.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import type { CrashHistory, ImageSet } from '#machine/images/crash-images.ts';
import { printable } from '#base/printable.ts';
import type { Gap } from './gap.ts';
import type { PmemcheckLog } from './log-records.ts';
import type { Barrier, EngineName } from './pmreorder.ts';

export interface OperationReport {
  readonly marker: string;
  /** Images possible once the marker was closed, and while it was open; binary logarithms, `undefined` when too costly. */
  readonly ackedLog2: number | undefined;
  readonly inFlightLog2: number | undefined;
}

export interface LogReport {
  readonly source: string;
  readonly records: number;
  readonly stores: number;
  readonly flushes: number;
  readonly fences: number;
  readonly markers: number;
  /** Images possible at any time, exactly, and as a binary logarithm. */
  readonly images: string;
  readonly imagesLog2: number | undefined;
  /** Of these images; `undefined` when they were not counted. */
  readonly digest: string | undefined;
  readonly operations: readonly OperationReport[];
  /** Checks as a number, or as a power of two where that has more than 18 digits. */
  readonly pmreorder: { readonly engine: EngineName; readonly barriers: number; readonly checks: string };
  /** `undefined` when there are too many images to list. */
  readonly gap: Gap | undefined;
  /** What the log cannot tell, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Puts a report together. With `withCounts` images are counted, which can take long for logs whose stores write the same contents
 * again: of operations the first, until `UNDECIDED_MAX` undecided pieces were looked at. Without, no set is walked.
 */
export function reportOf(
  log: PmemcheckLog,
  history: CrashHistory,
  engine: EngineName,
  barriers: readonly Barrier[],
  gap: Gap | undefined,
  withCounts: boolean,
): LogReport {
  const recordsOf = (kind: string): number => log.records.filter((record) => record.kind === kind).length;
  const images = withCounts ? countOf(history.anywhere()) : undefined;
  let left = UNDECIDED_MAX;
  const counted = (setOf: () => ImageSet): bigint | undefined => {
    if (!withCounts || left < 0) return undefined;
    const set = setOf();
    left -= set.view.openPieces.length;
    return left < 0 ? undefined : countOf(set);
  };
  const operations = log.recording.acknowledgements.map(({ name }, index) => ({
    marker: printable(name),
    ackedLog2: log2Of(counted(() => history.acked(index))),
    inFlightLog2: log2Of(counted(() => history.inFlight(index))),
  }));
  const leftOut = left < 0 ? [TOO_MUCH_UNDECIDED] : [];
  return {
    source: log.source,
    records: log.records.length,
    stores: recordsOf('store'),
    flushes: recordsOf('flush'),
    fences: recordsOf('fence'),
    markers: log.recording.acknowledgements.length,
    images: shortCount(images),
    imagesLog2: log2Of(images),
    digest: withCounts ? history.anywhere().digest : undefined,
    operations,
    pmreorder: {
      engine,
      barriers: barriers.length,
      checks: shortCount(barriers.reduce((total, { checks }) => total + checks, 0n)),
    },
    gap,
    notes: [...log.recording.notes, ...leftOut],
  };
}

/** How many undecided pieces of stores the counts of all operations look at: seconds of work. */
const UNDECIDED_MAX = 1 << 20;

const TOO_MUCH_UNDECIDED = `images of later operations are not counted: ${UNDECIDED_MAX.toLocaleString('en')} undecided stores were looked at by then`;

/** A number of images or checks in few digits. */
function shortCount(count: bigint | undefined): string {
  if (count === undefined) return 'not counted';
  const text = count.toString();
  return text.length <= 18 ? text : `2^${log2Of(count)}`;
}

/** The record engine gives up counting (`TooManyImagesError`) when the same contents come back too often. */
function countOf(set: ImageSet): bigint | undefined {
  try {
    return set.count();
  } catch (error) {
    if (error instanceof TooManyImagesError) return undefined;
    throw error;
  }
}

function log2Of(count: bigint | undefined): number | undefined {
  if (count === undefined) return undefined;
  const digits = count.toString(16);
  return rounded(Math.log2(Number.parseInt(digits.slice(0, 12), 16)) + 4 * Math.max(0, digits.length - 12));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The report for people. */
export function textOfReport(report: LogReport): string {
  const { pmreorder, gap } = report;
  const lines = [
    `${report.source}: ${report.records} records: ${report.stores} stores, ${report.flushes} flushes, ${report.fences} fences, ${report.markers} closed markers`,
    ...report.notes.map((note) => `note: ${note}`),
    `images a power failure may leave: ${report.images}${report.digest === undefined ? '' : ` (digest ${report.digest})`}`,
    ...report.operations.map(
      ({ marker, ackedLog2, inFlightLog2 }) =>
        `  ${marker}: ${powerOfTwo(inFlightLog2)} while open, ${powerOfTwo(ackedLog2)} once closed`,
    ),
    `pmreorder ${pmreorder.engine}: ${pmreorder.checks} checks at ${pmreorder.barriers} barriers`,
  ];
  if (pmreorder.checks === '0' && pmreorder.engine !== 'NoReorderNoCheck')
    lines.push(
      'WARNING: pmreorder would check nothing and report success: no FENCE of the log follows a FLUSH',
    );
  if (gap === undefined) lines.push('difference: too many images to list one by one');
  else lines.push(...gapLines(gap));
  return `${lines.join('\n')}\n`;
}

function powerOfTwo(log2: number | undefined): string {
  return log2 === undefined ? 'uncounted' : `2^${log2}`;
}

function gapLines(gap: Gap): string[] {
  const lines = [`difference: ${gap.exact} reachable, ${gap.visited} visited, ${gap.common} of them common`];
  const part = (
    title: string,
    totals: ReadonlyMap<'evicted' | 'torn' | 'coherence' | 'line order' | 'order', number>,
  ): void => {
    for (const [reason, count] of totals)
      lines.push(`  ${title} (${reason}): ${count}, such as ${gap.examples.get(reason)}`);
  };
  part('reachable, never visited', gap.missed);
  part('visited, impossible', gap.impossible);
  return lines;
}

/** The report as plain data. */
export function jsonOfReport(report: LogReport): Record<string, unknown> {
  const { gap } = report;
  if (gap === undefined) return { ...report, gap: null };
  return {
    ...report,
    gap: {
      exact: gap.exact,
      visited: gap.visited,
      common: gap.common,
      missed: Object.fromEntries(gap.missed),
      impossible: Object.fromEntries(gap.impossible),
      examples: Object.fromEntries(gap.examples),
    },
  };
}
