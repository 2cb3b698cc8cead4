/**
 * Judges the steps of a series: runs every scenario on every tree, compares each with its predecessor and with the tree
 * before the series, and holds what it sees to the step's contract and to the promise. Each scenario is run once a tree
 * and then forgotten, so memory does not grow with the series; time grows with steps times scenarios.
 */
import type { Contract } from './contract.ts';
import { type RunComparison, combine, compareRuns } from '#pmem/compare/compare.ts';
import { declarationFor, staleDeclarations } from './declared.ts';
import { eventsOf } from '#pmem/run/events.ts';
import { formatWorkload, OPERATIONS, parseWorkload } from '#pmem/language/notation.ts';
import { type Observation, observe } from '#pmem/compare/observe.ts';
import { type Traits, traitsOf } from '#pmem/language/operation-traits.ts';
import { type PromiseFinding, promiseFindings, promisesOf } from '#pmem/promise/promise.ts';
import { painter } from '#base/paint.ts';
import { replayCommand, witnessLines } from '#pmem/report/text.ts';
import type { InstructionCounts } from '#machine/hardware/record.ts';
import { costOf } from '#pmem/run/cost.ts';
import { type Boot, type Run, runWorkload, totalCounts } from '#pmem/run/run.ts';
import type { Scenario } from '#pmem/scenario.ts';
import { shrinkWorkload } from '#pmem/language/shrink.ts';
import type { ObservedDifference, StepEvidence, StepFailure } from './evidence.ts';
import { witnessesOf } from '#pmem/compare/witness.ts';
import type { Workload } from '#pmem/language/workload.ts';

/** One tree to judge: its name for `conform replay`, its constructor, and the contract of the step that made it. */
export interface StepTree {
  readonly step: number;
  readonly name: string;
  readonly boot: Boot;
  /** Absent for the tree before the series. */
  readonly contract?: Contract;
}

/** What one step's evidence is gathered in. */
interface Gathered {
  readonly differences: ObservedDifference[];
  readonly failures: StepFailure[];
  readonly standing: Set<string>;
  readonly shown: Set<string>;
  readonly acked: RunComparison['acked'][];
  readonly synced: RunComparison['acked'][];
  readonly counts: { before: InstructionCounts[]; after: InstructionCounts[] };
  acknowledgements: number;
}

/** Failures of one step that are worked out in full; more of the same would tell nothing new. */
const FAILURES_MAX = 5;

/**
 * Judges the trees of step `from` and later, each against the one before it in `trees`; the first of them is also what
 * all are compared with. `onProgress` hears of each scenario before it runs.
 */
export function judgeSteps(
  trees: readonly StepTree[],
  scenarios: readonly Scenario[],
  from = 1,
  onProgress: (done: number) => void = () => {},
): StepEvidence[] {
  const gathered = trees.map(newGathered);
  for (const [index, scenario] of scenarios.entries()) {
    onProgress(index);
    const workload = parseWorkload(scenario.workload);
    const traits = traitsOf(workload);
    const runs = trees.map(({ boot }) => runWorkload(boot, workload));
    const broken = runs.map((run) => promiseFindings(workload, run));
    for (const [position, tree] of trees.entries()) {
      const own = gathered[position];
      if (position === 0 || tree.step < from || own === undefined) continue;
      judgeScenario({ scenario, workload, traits, trees, position, runs, broken }, tree, own);
    }
  }
  const used = new Set(
    scenarios.flatMap(({ workload }) => parseWorkload(workload).steps.map(({ operation }) => operation.kind)),
  );
  return trees.map((tree, position) =>
    evidenceOf(tree, gathered[position] ?? newGathered(), scenarios.length, used),
  );
}

function newGathered(): Gathered {
  return {
    differences: [],
    failures: [],
    standing: new Set(),
    shown: new Set(),
    acked: [],
    synced: [],
    counts: { before: [], after: [] },
    acknowledgements: 0,
  };
}

/** Everything about one scenario on all trees. */
interface ScenarioRuns {
  readonly scenario: Scenario;
  readonly workload: Workload;
  readonly traits: readonly (Traits | undefined)[];
  readonly trees: readonly StepTree[];
  readonly position: number;
  readonly runs: readonly Run[];
  readonly broken: readonly (readonly PromiseFinding[])[];
}

function judgeScenario(all: ScenarioRuns, tree: StepTree, own: Gathered): void {
  const { scenario, workload, position, runs, broken } = all;
  const before = runs[position - 1];
  const after = runs[position];
  const first = runs[0];
  if (before === undefined || after === undefined || first === undefined) return;
  own.acknowledgements += after.outcomes.length;
  own.counts.before.push(before.counts);
  own.counts.after.push(after.counts);
  const promises = promisesOf(workload);
  const whole = compareRuns(first, after);
  own.acked.push(whole.acked);
  own.synced.push(
    combine(
      whole.operations
        .filter(({ after: { index } }) => promises[index] === true)
        .map(({ acked }) => acked.relation),
    ),
  );
  for (const observation of observe(scenario.name, workload, before, after)) {
    judgeObservation(all, tree, own, observation);
  }
  judgePromises(all, tree, own, broken[position - 1] ?? [], broken[position] ?? []);
}

function judgeObservation(all: ScenarioRuns, tree: StepTree, own: Gathered, observation: Observation): void {
  const declared = declarationFor(observation, all.traits, tree.contract?.differences ?? []);
  const { index, comparison: _comparison, ...plain } = observation;
  own.differences.push(declared === undefined ? plain : { ...plain, declaredAs: declared.id });
  if (declared !== undefined) own.shown.add(declared.id);
  const breaksPromise =
    observation.dimension === 'acked' &&
    observation.relation === 'weaker' &&
    newFindings(all).some((finding) => finding.index === index);
  if (breaksPromise) addFailure(all, tree, own, 'broken promise', observation);
  else if (declared === undefined) addFailure(all, tree, own, 'undeclared difference', observation);
}

/** What this step does not give and the one before it did. */
function newFindings({ broken, position }: ScenarioRuns): PromiseFinding[] {
  const known = new Set((broken[position - 1] ?? []).map(({ key }) => key));
  return (broken[position] ?? []).filter(({ key }) => !known.has(key));
}

/** Promises broken at this step: known ones stand, new ones are failures. */
function judgePromises(
  all: ScenarioRuns,
  tree: StepTree,
  own: Gathered,
  before: readonly PromiseFinding[],
  after: readonly PromiseFinding[],
): void {
  const known = new Set(before.map(({ key }) => key));
  for (const broken of after) {
    if (known.has(broken.key)) {
      own.standing.add(all.scenario.name);
      continue;
    }
    const { scenario, workload } = all;
    if (
      own.failures.some(({ message }) => message.includes(scenario.name)) ||
      own.failures.length >= FAILURES_MAX
    )
      continue;
    own.failures.push({
      kind: 'broken promise',
      message: `${scenario.name}: ${broken.text} at step ${tree.step}`,
      workload: formatWorkload(workload),
      replay: replayOf(all, tree, workload),
    });
  }
}

/** The command that runs a workload on a step and its predecessor. */
function replayOf(all: ScenarioRuns, tree: StepTree, workload: Workload): string {
  const previous = all.trees[all.position - 1]?.name ?? 'before';
  return replayCommand(formatWorkload(workload)).replace(
    'replay',
    `replay --before ${previous} --after ${tree.name}`,
  );
}

/** Shrinks the workload that shows `observation` and notes it with witness and traces. */
function addFailure(
  all: ScenarioRuns,
  tree: StepTree,
  own: Gathered,
  kind: StepFailure['kind'],
  observation: Observation,
): void {
  const { dimension, relation, scenario } = observation;
  const alike = own.failures.filter((failure) => failure.message.includes(`${dimension} ${relation}`));
  if (alike.length > 0 || own.failures.length >= FAILURES_MAX) return;
  const previous = all.trees[all.position - 1];
  if (previous === undefined) return;
  const seen = (workload: Workload): { observations: Observation[]; before: Run; after: Run } => {
    const before = runWorkload(previous.boot, workload);
    const after = runWorkload(tree.boot, workload);
    const traits = traitsOf(workload);
    const found = observe(scenario, workload, before, after).filter(
      (candidate) => candidate.dimension === dimension && candidate.relation === relation,
    );
    const undeclared = found.filter((candidate) =>
      kind === 'broken promise'
        ? promisesOf(workload)[candidate.index] === true
        : declarationFor(candidate, traits, tree.contract?.differences ?? []) === undefined,
    );
    return { observations: undeclared, before, after };
  };
  const smallest = shrinkWorkload(all.workload, (candidate) => seen(candidate).observations.length > 0);
  const { observations, before, after } = seen(smallest);
  const [shown] = observations;
  const witnesses = shown?.comparison === undefined ? [] : witnessesOf(before, after, shown.comparison);
  own.failures.push({
    kind,
    message: `${scenario}: ${dimension} ${relation} at '${shown?.operationText ?? observation.operationText}': before ${shown?.before ?? observation.before}; after ${shown?.after ?? observation.after}`,
    workload: formatWorkload(smallest),
    witness: witnesses.flatMap((witness) => witnessLines(witness, painter(false))),
    traces: before.outcomes.map((outcome, position) => {
      const other = after.outcomes[position];
      return {
        operation: outcome.text,
        before: eventsOf(before, outcome),
        after: other === undefined ? [] : eventsOf(after, other),
      };
    }),
    replay: replayOf(all, tree, smallest),
  });
}

function evidenceOf(
  tree: StepTree,
  own: Gathered,
  scenarioCount: number,
  used: ReadonlySet<string>,
): StepEvidence {
  const stale = tree.contract === undefined ? [] : staleDeclarations(tree.contract, own.shown);
  const staleFailures = stale.map(({ id, dimension, relation }): StepFailure => ({
    kind: 'stale declaration',
    message: `${id}: no scenario shows ${dimension} ${relation} where it is declared`,
  }));
  return {
    step: tree.step,
    scenarios: scenarioCount,
    acknowledgements: own.acknowledgements,
    differences: own.differences,
    failures: [...own.failures, ...staleFailures],
    standing: [...own.standing].sort(),
    cost: {
      before: costOf(totalCounts(own.counts.before)),
      after: costOf(totalCounts(own.counts.after)),
    },
    againstBefore: { acked: combine(own.acked), synced: combine(own.synced) },
    notExercised: OPERATIONS.filter(({ kinds }) => kinds.every((kind) => !used.has(kind))).map(
      ({ name }) => name,
    ),
  };
}
