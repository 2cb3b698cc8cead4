/**
 * Which parts of the model a run made use of: pairs of table 1.4, rules R1 to R7 and the rules of the closed form
 * (persistency.md 1.3, 1.4, 4.2), counted from the record alone. A rule counts where it had something to decide: a
 * fence without a write-back before it does not use the rule about fences. Loads are recorded without addresses, so
 * the table's row and column R are left out, and poison is, which records do not show.
 */
import { CoverageScan } from './coverage-scan.ts';
import type { MemoryRange } from '../hardware/memory.ts';
import { DEFAULT_MACHINE } from '../litmus/machine-switches.ts';
import { orderOf } from '../litmus/ordering.ts';
import { RECORDED_CLASSES, RECORDED_RULES, type RecordedClass, type RecordedRule } from './recorded-rules.ts';
import { type PersistencySetting, persistencySetting } from '../order/persistency-setting.ts';
import type { InstructionRecord } from '../hardware/record.ts';

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
