/** Runs a sweep, part by part, and tells what was found: by step and cause, with the smallest case that shows it. */
import { explain, type OriginOf } from './explain.ts';
import { type Failure, groupFindings } from './failure.ts';
import type { StepToJudge } from './judge.ts';
import { originsAt } from './origin.ts';
import { type Share, shareOf } from './share.ts';
import type { EvidenceStore } from './store.ts';
import type { Subject } from './subject.ts';
import type { FoundCause, Sweep, SweptPart } from './sweep.ts';
import { workThrough } from './work-list.ts';

export interface SweepRequest {
  readonly subject: Subject;
  readonly sweep: Sweep;
  /** Steps that follow one another. */
  readonly steps: readonly StepToJudge[];
  readonly isQuick: boolean;
  /** Only parts whose name contains it. */
  readonly only?: string | undefined;
  readonly store: EvidenceStore;
  readonly onProgress?: (done: number, total: number) => void;
}

/** One step, as plain data. */
export interface SweptStepReport {
  readonly step: number;
  readonly differing: number;
  readonly declared: Readonly<Record<string, number>>;
  readonly known: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
}

/** What a sweep found, as plain data. */
export interface SweepReport {
  readonly isQuick: boolean;
  readonly parts: number;
  readonly trees: number;
  readonly cases: number;
  readonly runs: number;
  readonly judged: number;
  /** Cases that break a promise on the first tree already, by what breaks. */
  readonly standing: Readonly<Record<string, number>>;
  readonly leftOut: readonly string[];
  readonly steps: readonly SweptStepReport[];
}

/** Runs all parts that are not known yet. */
export async function runSweep(request: SweepRequest): Promise<SweepReport> {
  const { sweep, steps, isQuick, only = '', store, onProgress } = request;
  const { parts, leftOut } = sweep.plan(isQuick);
  const chosen = parts.filter((part) => part.includes(only));
  const table = store.table<SweptPart>('swept', [sweep.hash(), ...steps.map(stepKey)]);
  const isKnown = chosen.every((part) => table.get(part) !== undefined);
  const doPart = isKnown ? notAgain : await sweep.open(isQuick, steps);
  const results = workThrough({ parts: chosen, doPart, store, table, onProgress });
  const reports: SweptStepReport[] = [];
  for (const [index, step] of steps.entries()) {
    const own = results.flatMap((result) => result.steps[index] ?? []);
    reports.push({
      step: step.step,
      differing: sum(own.map(({ differing }) => differing)),
      declared: addUp(own.map(({ declared }) => declared)),
      known: addUp(own.map(({ known }) => known)),
      failures: await failuresOf(
        request,
        step,
        own.flatMap(({ found }) => found),
      ),
    });
  }
  return {
    isQuick,
    parts: chosen.length,
    trees: new Set(steps.flatMap(({ before, after }) => [before.hash, after.hash])).size,
    cases: sum(results.map(({ cases }) => cases)),
    runs: sum(results.map(({ runs }) => runs)),
    judged: sum(results.map(({ judged }) => judged)),
    standing: addUp(results.map(({ standing }) => standing)),
    leftOut,
    steps: reports,
  };
}

/** Does a share of the parts, for somebody else to report on. Returns how many. */
export async function sweepShare(request: SweepRequest, share: Share): Promise<number> {
  const { sweep, steps, isQuick, only = '', store, onProgress } = request;
  const parts = shareOf(
    share,
    sweep.plan(isQuick).parts.filter((part) => part.includes(only)),
  );
  const table = store.table<SweptPart>('swept', [sweep.hash(), ...steps.map(stepKey)]);
  const isKnown = parts.every((part) => table.get(part) !== undefined);
  const doPart = isKnown ? notAgain : await sweep.open(isQuick, steps);
  workThrough({ parts, doPart, store, table, onProgress });
  return parts.length;
}

function notAgain(part: string): never {
  throw new RangeError(`${part} is known`);
}

/** What the results of a step follow from. */
const stepKey = ({ step, before, after, contract }: StepToJudge): string =>
  JSON.stringify([
    step,
    before.hash,
    after.hash,
    contract?.differences.map(({ id, shows, when }) => [id, shows, when]),
  ]);

/** The failures of one step, a cause each; where they come from only when there is time for it. */
async function failuresOf(
  { subject, isQuick }: SweepRequest,
  step: StepToJudge,
  found: readonly FoundCause[],
): Promise<Failure[]> {
  if (found.length === 0) return [];
  const groups = groupFindings(
    found.map(({ finding }) => finding),
    subject.dimensions,
  );
  const origin: OriginOf | undefined = isQuick ? undefined : originsAt(subject, step, groups);
  const failures = await explain(subject, step, groups, origin);
  return failures.map((failure) => ({ ...failure, also: countsOf(failure, found) }));
}

/** How many cases show each thing that is wrong for the causes of one failure. */
function countsOf({ cause, alsoIn = [] }: Failure, found: readonly FoundCause[]): Record<string, number> {
  const causes = new Set([cause, ...alsoIn]);
  const own = found.filter((one) => causes.has(one.cause));
  return addUp(own.map(({ title, count }) => ({ [title]: count })));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function addUp(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of all)
    for (const [name, count] of Object.entries(one)) total[name] = (total[name] ?? 0) + count;
  return total;
}
