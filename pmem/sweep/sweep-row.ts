/**
 * One row on all trees. Numbers first: only rows that differ between neighbouring trees are looked into, only cases that
 * differ are compared, and of cases of one pattern only the first. Every different row is held to the promise.
 */
import { declarationsFor } from '#engine/declared.ts';
import { findingsOf, type Finding, titleOf } from '#engine/failure.ts';
import type { StepToJudge } from '#engine/judge.ts';
import type { Compared } from '#engine/subject.ts';
import type { FoundCause, SweptPart, SweptStep } from '#engine/sweep.ts';
import { traitsOf } from '../language/operation-traits.ts';
import { formatStep } from '../language/notation.ts';
import { judgePromise, type PromiseFinding } from '../promise/promise.ts';
import { type Boot, runWorkload } from '../run/run.ts';
import { compareTries, DIMENSIONS } from '../subject.ts';
import { factsOf, type Tried } from '../tried.ts';
import { knownBreak } from './known-breaks.ts';
import { patternsOf } from './pattern.ts';
import { caseText, casesOfSteps, stepsOfCase, type SweepRow, workloadOf } from './row.ts';
import { type RowRun, runRow } from './row-run.ts';

/** A tree that is open: how it boots, and how one workload is tried on it. */
export interface OpenTree {
  readonly boot: Boot;
  readonly tryText: (text: string) => Tried;
}

/** What came of comparing one case, for all that have its pattern. */
interface Verdict {
  readonly declared: readonly string[];
  /** Known defects that break a promise here. */
  readonly known: readonly string[];
  readonly findings: readonly Finding[];
}

/** Promises that break in one row on one tree: what breaks, by case. */
type Broken = ReadonlyMap<number, ReadonlyMap<string, PromiseFinding>>;

export class RowSweeper {
  readonly #steps: readonly StepToJudge[];
  readonly #trees: ReadonlyMap<string, OpenTree>;
  /** Verdicts by step and pattern. */
  readonly #verdicts = new Map<string, Verdict>();

  /** `trees` by hash. */
  constructor(steps: readonly StepToJudge[], trees: ReadonlyMap<string, OpenTree>) {
    this.#steps = steps;
    this.#trees = trees;
  }

  sweep(row: SweepRow): SweptPart {
    const runs = new Map([...this.#trees].map(([hash, { boot }]) => [hash, runRow(boot, row)]));
    const broken = this.#judge(row, runs);
    const [first] = this.#steps;
    const standing = first === undefined ? {} : countBroken(broken.get(digestOf(runs, first.before.hash)));
    return {
      cases: row.cases.length,
      runs: row.cases.length * runs.size,
      judged: row.cases.length * broken.size,
      standing,
      steps: this.#steps.map((step) => this.#sweepStep(row, step, runs, broken)),
    };
  }

  /** Holds every different run of the row to the promise. By digest. */
  #judge(row: SweepRow, runs: ReadonlyMap<string, RowRun>): Map<number, Broken> {
    const workload = workloadOf(row);
    const cases = casesOfSteps(row);
    const broken = new Map<number, Broken>();
    for (const [hash, { digest }] of runs) {
      const tree = this.#trees.get(hash);
      if (tree === undefined || broken.has(digest)) continue;
      const { findings } = judgePromise(workload, runWorkload(tree.boot, workload));
      const byCase = new Map<number, Map<string, PromiseFinding>>();
      for (const finding of findings) {
        const own = cases[finding.index] ?? -1;
        // What a case needs there before it is swept for its own sake.
        if (own < 0 || (finding.rule === 'lost' && cases[finding.writerIndex] === -1)) continue;
        const known = byCase.get(own) ?? new Map<string, PromiseFinding>();
        known.set(finding.key, finding);
        byCase.set(own, known);
      }
      broken.set(digest, byCase);
    }
    return broken;
  }

  #sweepStep(
    row: SweepRow,
    step: StepToJudge,
    runs: ReadonlyMap<string, RowRun>,
    broken: ReadonlyMap<number, Broken>,
  ): SweptStep {
    const [before, after] = [runs.get(step.before.hash), runs.get(step.after.hash)];
    if (before === undefined || after === undefined || before.digest === after.digest)
      return { step: step.step, differing: 0, declared: {}, known: {}, found: [] };
    const gathered = new Gathered();
    if (before.setup !== after.setup) gathered.add(this.#verdictOf(row, undefined, step, before, after));
    const known = broken.get(before.digest);
    for (const [index, name] of after.cases.entries()) {
      if (name === before.cases[index]) continue;
      const verdict = this.#verdictOf(row, index, step, before, after);
      gathered.add(verdict);
      const isBroken = verdict.findings.some(({ kind }) => kind === 'broken promise');
      const fresh = isBroken ? [] : newlyBroken(broken.get(after.digest)?.get(index), known?.get(index));
      const alone = verdict.known.length > 0 ? [] : fresh;
      gathered.add({ declared: [], known: [], findings: alone.map((one) => inCompany(row, one)) }, false);
    }
    return gathered.step(step.step);
  }

  /** The verdict on one case by itself, tried once for all that did the same to memory. */
  #verdictOf(
    row: SweepRow,
    index: number | undefined,
    step: StepToJudge,
    before: RowRun,
    after: RowRun,
  ): Verdict {
    const patterns = patternsOf([before, after].map((run) => partOf(run, index)));
    const key = [step.step, traitsKey(row, index), answersKey(before, after, index), ...patterns];
    const known = this.#verdicts.get(key.join('\n'));
    if (known !== undefined) return known;
    const own = [...row.setup, ...row.cases.slice(index ?? 0, (index ?? -1) + 1).flatMap(stepsOfCase)];
    const verdict = excuse(this.#tryCase(caseText(row, index), step), knownBreak(step.step, row.boot, own));
    this.#verdicts.set(key.join('\n'), verdict);
    return verdict;
  }

  #tryCase(text: string, step: StepToJudge): Omit<Verdict, 'known'> {
    const [before, after] = [step.before, step.after].map(({ hash }) => this.#trees.get(hash)?.tryText(text));
    if (before === undefined || after === undefined) throw new RangeError('a step whose trees are not open');
    const workload = { name: text.split('\n').slice(1).join(' / '), text };
    const [left, right] = [factsOf(before), factsOf(after)];
    const judge = (compared: Compared): Finding[] =>
      findingsOf(workload, { before: left, after: right, compared }, step.contract, DIMENSIONS);
    const brief = compareTries(before, after, true);
    const declared = brief.differences.flatMap((difference) =>
      declarationsFor(difference, step.contract?.differences ?? []).map(({ id }) => id),
    );
    const isWrong = judge(brief).length > 0;
    return {
      declared: [...new Set(declared)],
      findings: isWrong ? judge(compareTries(before, after)) : [],
    };
  }
}

/** Broken promises of a known defect are named and no more findings. */
function excuse({ declared, findings }: Omit<Verdict, 'known'>, defect: string | undefined): Verdict {
  const others = findings.filter(({ kind }) => kind !== 'broken promise');
  if (defect === undefined || others.length === findings.length) return { declared, known: [], findings };
  return { declared, known: [defect], findings: others };
}

const digestOf = (runs: ReadonlyMap<string, RowRun>, hash: string): number => runs.get(hash)?.digest ?? -1;

/** What a verdict follows from besides what was done to memory: the machine, and the operations in the words of contracts. */
function traitsKey(row: SweepRow, index: number | undefined): string {
  const own = workloadOf({ ...row, cases: index === undefined ? [] : row.cases.slice(index, index + 1) });
  const results = index === undefined ? caseText(row) : '';
  return JSON.stringify([traitsOf(own), results]);
}

/** What was answered on both sides, and whether that was the same. */
function answersKey(before: RowRun, after: RowRun, index: number | undefined): string {
  const [left, right] = [before, after].map(({ answers }) => answers[index ?? -1]);
  const isSame = left?.returned.join() === right?.returned.join();
  return JSON.stringify([left?.words, right?.words, isSame]);
}

function partOf(run: RowRun, index: number | undefined) {
  const { record } = run.subsystem.machine;
  if (index === undefined) return { record, from: 0, to: run.starts[0] ?? 0 };
  return { record, from: run.starts[index] ?? 0, to: run.ends[index] ?? 0 };
}

/** What breaks on one side and did not on the other. */
function newlyBroken(
  after: ReadonlyMap<string, PromiseFinding> | undefined,
  before: ReadonlyMap<string, PromiseFinding> | undefined,
): PromiseFinding[] {
  return [...(after ?? [])].flatMap(([key, finding]) => (before?.has(key) === true ? [] : [finding]));
}

/** A promise that breaks in the row and not when the case is by itself: told by the row up to there. */
function inCompany(row: SweepRow, { key, index, text, operation }: PromiseFinding): Finding {
  const whole = workloadOf(row);
  const steps = whole.steps.slice(0, index + 1);
  const kind = steps.at(-1)?.operation.kind ?? 'boot';
  const lines = [caseText(row).split('\n')[0] ?? '', ...steps.map((step) => formatStep(step.operation))];
  return {
    kind: 'broken promise',
    cause: kind,
    workload: { name: `${row.id}, up to '${operation}'`, text: lines.join('\n') },
    what: { key, index, cause: kind, text },
    text,
  };
}

function countBroken(broken: Broken | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const findings of broken?.values() ?? [])
    for (const rule of new Set([...findings.values()].map((finding) => finding.rule)))
      counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

/** What was found at one step, cause by cause. */
class Gathered {
  #differing = 0;
  readonly #declared: Record<string, number> = {};
  readonly #known: Record<string, number> = {};
  readonly #found = new Map<string, FoundCause>();

  add({ declared, known, findings }: Verdict, isAnotherCase = true): void {
    if (isAnotherCase) this.#differing++;
    for (const id of declared) this.#declared[id] = (this.#declared[id] ?? 0) + 1;
    for (const defect of known) this.#known[defect] = (this.#known[defect] ?? 0) + 1;
    const titles = new Map(findings.map((finding) => [`${finding.cause}: ${titleOf(finding)}`, finding]));
    for (const [key, finding] of titles) {
      const last = this.#found.get(key);
      const { kind, cause } = finding;
      this.#found.set(
        key,
        last === undefined
          ? { kind, cause, title: titleOf(finding), count: 1, finding }
          : { ...last, count: last.count + 1 },
      );
    }
  }

  step(step: number): SweptStep {
    return {
      step,
      differing: this.#differing,
      declared: this.#declared,
      known: this.#known,
      found: [...this.#found.values()],
    };
  }
}
