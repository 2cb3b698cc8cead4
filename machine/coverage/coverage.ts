/**
 * Which parts of the model a run made use of: pairs of table 1.4, rules R1 to R7 and the rules of the closed form
 * (persistency.md 1.3, 1.4, 4.2), counted from the record alone. A rule counts where it had something to decide: a
 * fence without a write-back before it does not use the rule about fences. Loads are recorded without addresses, so
 * the table's row and column R are left out, and poison is, which records do not show.
 */
import { CoverageScan } from './coverage-scan.ts';
import type { MemoryRange } from '../hardware/memory.ts';
import { DEFAULT_MACHINE } from '../litmus/machine-switches.ts';
import { CLASSES, type InstructionClass, orderOf } from '../litmus/ordering.ts';
import { type PersistencySetting, persistencySetting } from '../order/persistency-setting.ts';
import type { InstructionRecord } from '../hardware/record.ts';

/** The rules that a record can show in use, each in a few words. */
export const RECORDED_RULES = {
  R1: 'issue: a store, flush or SFENCE waits in the store buffer',
  R2: 'load',
  R3: 'MFENCE',
  R4: 'locked read-modify-write',
  'R4-failed': 'compare-exchange that fails',
  R5a: 'cached store',
  'R5a-volatile': 'store to volatile memory, or acknowledgement',
  'R5a-eADR': 'cached store under eADR',
  'R5b-independent': 'non-temporal store that leaves its dirty line alone',
  'R5b-write-back': 'non-temporal store that writes its dirty line back',
  R5c: 'clflush',
  R5d: 'clflushopt or clwb',
  R5e: 'SFENCE',
  R6: 'eviction of a line',
  R7: 'power failure',
  'own-queue': 'no ADR: the write-pending queue',
  'own-hint': 'no ADR: a flush hint',
  C1: 'two cached stores to one line',
  C2: 'two stores to one word',
  C3: 'cached store, clflush of its line, then a cached store or acknowledgement',
  C4: 'cached store, write-back of its line, fence, then a store or acknowledgement',
  C5: 'non-temporal store, fence, then a store or acknowledgement',
  C6: 'cached store, fence, then a non-temporal store to its line (write-back)',
  C7: 'non-temporal store, cached store to its word, then a cached store',
  C8: 'cached store, clflush of its line, fence, then a non-temporal store',
  'C-1.3a': 'cached store, then a non-temporal store to its word (independent)',
  'C-eADR': 'two cached stores under eADR',
} as const;

/** The name of one of `RECORDED_RULES`. */
export type RecordedRule = keyof typeof RECORDED_RULES;

/** Instructions of the table that records hold. */
export type RecordedClass = Exclude<InstructionClass, 'R'>;

/** How often a pair of instructions met with nothing between them that keeps everything in order. */
export interface PairCount {
  readonly earlier: RecordedClass;
  readonly later: RecordedClass;
  /** On one line, or on one word where the table asks for words. */
  readonly same: number;
  /** Elsewhere; all pairs with a fence. */
  readonly other: number;
}

/** Plain data. */
export interface ModelCoverage {
  readonly rules: Readonly<Record<RecordedRule, number>>;
  /** All pairs, row by row. */
  readonly pairs: readonly PairCount[];
}

/** How to read a record; by default all memory is persistent and the platform has ADR. */
export interface CoverageContext {
  readonly ranges?: readonly MemoryRange[];
  readonly setting?: PersistencySetting;
}

const RULE_NAMES = Object.keys(RECORDED_RULES) as readonly RecordedRule[];

/** The table's classes without loads. */
export const RECORDED_CLASSES = CLASSES.filter((name): name is RecordedClass => name !== 'R');

/** What `record` made use of. */
export function coverageOf(record: InstructionRecord, context: CoverageContext = {}): ModelCoverage {
  const scan = new CoverageScan(record, context.ranges, context.setting ?? persistencySetting('adr'));
  scan.run();
  return coverageFrom(
    (rule) => scan.rules.get(rule) ?? 0,
    (earlier, later) => scan.pairs.countOf(earlier, later),
  );
}

/** The sum of several coverages; of none, a coverage where nothing was used. */
export function mergeCoverage(...coverages: readonly ModelCoverage[]): ModelCoverage {
  return coverageFrom(
    (rule) => coverages.reduce((sum, { rules }) => sum + rules[rule], 0),
    (earlier, later) => {
      const sum = { same: 0, other: 0 };
      for (const { pairs } of coverages) {
        const pair = pairs[indexOfPair(earlier, later)];
        sum.same += pair?.same ?? 0;
        sum.other += pair?.other ?? 0;
      }
      return sum;
    },
  );
}

/**
 * What was never used, one text each: `W→FO (same line)` for half a cell, `SF→NT` for a cell, `C7` for a rule. The
 * first word is the name; rules come first, in the order of `RECORDED_RULES`.
 */
export function neverExercised({ rules, pairs }: ModelCoverage): string[] {
  return [...RULE_NAMES.filter((rule) => rules[rule] === 0), ...pairs.flatMap(missingSides)];
}

function missingSides({ earlier, later, same, other }: PairCount): string[] {
  const name = `${earlier}→${later}`;
  if (same + other === 0) return [name];
  const order = orderOf(earlier, later, DEFAULT_MACHINE);
  if (order === 'kept' || order === 'free') return [];
  if (same === 0) return [`${name} (same ${order})`];
  return other === 0 ? [`${name} (other ${order})`] : [];
}

function coverageFrom(
  ruleCount: (rule: RecordedRule) => number,
  pairCount: (
    earlier: RecordedClass,
    later: RecordedClass,
  ) => { readonly same: number; readonly other: number },
): ModelCoverage {
  const counts = RULE_NAMES.map((rule) => [rule, ruleCount(rule)] as const);
  return {
    rules: Object.fromEntries(counts) as Record<RecordedRule, number>,
    pairs: RECORDED_CLASSES.flatMap((earlier) =>
      RECORDED_CLASSES.map((later) => ({ earlier, later, ...pairCount(earlier, later) })),
    ),
  };
}

function indexOfPair(earlier: RecordedClass, later: RecordedClass): number {
  return RECORDED_CLASSES.indexOf(earlier) * RECORDED_CLASSES.length + RECORDED_CLASSES.indexOf(later);
}
