/** A report as data: what the text shows and what `--format json` prints. Computed once from finished runs. */
import type { Relation } from '#machine/image-set-relation.ts';
import type { InstructionCounts } from '#machine/record.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { eventsOf } from '../events.ts';
import { formatWorkload } from '../notation.ts';
import type { Run } from '../run.ts';
import { type ScenarioReport, type WorkloadReport, lostAtEnd } from '../scenario.ts';
import { type WitnessReport, witnessesOf } from '../witness.ts';

/** Instructions of one side, as reports count them. */
export interface CostReport {
  readonly movnti: number;
  readonly cachedStores: number;
  /** clwb, clflushopt and clflush together. */
  readonly writeBacks: number;
  readonly sfence: number;
  readonly mfence: number;
  readonly flushHints: number;
}

export interface OperationReport {
  readonly operation: string;
  /** Same result, and the same bytes read. */
  readonly sameResult: boolean;
  readonly acked: Relation;
  readonly inFlight: Relation;
  readonly before: SideReport;
  readonly after: SideReport;
}

export interface SideReport {
  readonly result: string;
  readonly events: readonly string[];
}

/** One workload on both sides. */
export interface ComparisonReport {
  readonly workload: string;
  readonly acked: Relation;
  readonly synced: Relation;
  readonly inFlight: Relation;
  readonly sameResults: boolean;
  readonly sameLog: boolean;
  readonly cost: { readonly before: CostReport; readonly after: CostReport };
  readonly lost: { readonly before: string; readonly after: string };
  readonly log: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly witnesses: readonly WitnessReport[];
  readonly operations: readonly OperationReport[];
}

export interface ScenarioResult extends ComparisonReport {
  readonly name: string;
  readonly theme: string;
  readonly source: string;
  readonly shows: string;
  readonly mismatches: readonly string[];
}

export interface SuiteReport {
  readonly before: string;
  readonly after: string;
  readonly scenarios: readonly ScenarioResult[];
}

function costOf(counts: InstructionCounts): CostReport {
  return {
    movnti: counts.storesNonTemporal,
    cachedStores: counts.storesCached,
    writeBacks: counts.clwb + counts.clflushopt + counts.clflush,
    sfence: counts.sfence,
    mfence: counts.mfence,
    flushHints: counts.flushHints,
  };
}

/** The report of one workload. Witnesses are those of the last promise that differs, else of the last difference. */
export function comparisonReport(report: WorkloadReport): ComparisonReport {
  const { before, after, comparison, synced } = report;
  const differing = comparison.operations.filter(({ acked }) => acked.relation !== 'equal');
  const shown = differing.at(-1);
  return {
    workload: formatWorkload(report.workload),
    acked: comparison.acked,
    synced,
    inFlight: comparison.inFlight,
    sameResults: comparison.sameResults,
    sameLog: comparison.sameLog,
    cost: { before: costOf(before.counts), after: costOf(after.counts) },
    lost: { before: lostAtEnd(before), after: lostAtEnd(after) },
    log: { before: before.log, after: after.log },
    witnesses: shown === undefined ? [] : witnessesOf(before, after, shown),
    operations: comparison.operations.map((operation) => ({
      operation: operation.before.text,
      sameResult: operation.sameResult,
      acked: operation.acked.relation,
      inFlight: operation.inFlight.relation,
      before: sideReport(before, operation.before),
      after: sideReport(after, operation.after),
    })),
  };
}

function sideReport(run: Run, outcome: Run['outcomes'][number]): SideReport {
  return { result: describeResult(outcome.result), events: eventsOf(run, outcome) };
}

/** The report of one scenario. */
export function scenarioResult(report: ScenarioReport): ScenarioResult {
  const { name, theme, source, shows } = report.scenario;
  return { name, theme, source, shows, mismatches: report.mismatches, ...comparisonReport(report) };
}
