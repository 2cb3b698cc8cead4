/**
 * Holds a run to the promise: follows workload and results with the model of what is owed, and what the instructions
 * stored with the machine's image sets, one operation after another. Knows nothing of any tree.
 */
import type { ByteSpan } from '#machine/images/image-set.ts';
import { POISON_CELL_BYTES } from '#machine/hardware/memory.ts';
import { formatStep } from '../language/notation.ts';
import { isPowerFailure, type Workload } from '../language/workload.ts';
import type { Outcome, Run } from '../run/run.ts';
import { followEnvironment, noteWrites } from './environment.ts';
import { Findings, type PromiseFinding, type RefusedAt } from './finding.ts';
import { doubtOrder } from './doubt-order.ts';
import { keepPromises } from './promises.ts';
import { promisedSpans } from './promised-spans.ts';
import { checkPromised, checkSynchronous } from './rules/lost.ts';
import { checkOrder } from './rules/order.ts';
import { checkRefused, checkWrittenOver } from './rules/poison.ts';
import { checkRead } from './rules/reads.ts';
import { checkStores, checkVisible, isReserved } from './rules/stores.ts';
import { PromiseState } from './state.ts';
import { JudgedStep } from './step.ts';
import { NewestContents, storedSpans } from './stored-bytes.ts';
import { waive } from './waivers.ts';
import { writingsOf } from './writes.ts';

/** What a run owes, and what it does not give. */
export interface PromiseJudgement {
  readonly findings: readonly PromiseFinding[];
  /** By place in the workload: ranges of physical memory that the operation promised when it returned. */
  readonly promised: ReadonlyMap<number, readonly ByteSpan[]>;
}

/**
 * Judges `run` of `workload`. `onStep` sees the model before each operation has written anything, `onByte` each byte of memory
 * that breaks a rule.
 */
export function judgePromise(
  workload: Workload,
  run: Run,
  onStep: (step: JudgedStep) => void = () => {},
  onByte?: (byte: RefusedAt) => void,
): PromiseJudgement {
  const findings = new Findings(textsOf(workload), onByte);
  const promised = new Map<number, ByteSpan[]>();
  for (const step of stepsOf(workload, run, findings)) {
    onStep(step);
    const spans = judgeStep(step);
    if (spans.length > 0) promised.set(step.index, spans);
  }
  return { findings: findings.all(), promised };
}

/** The text of each step; most workloads have no finding that needs one. */
export function textsOf({ steps }: Workload): (index: number) => string {
  return (index) => {
    const step = steps[index];
    return step === undefined ? '' : formatStep(step.operation);
  };
}

/** The operations of a run one after another, with the model as it is before each. */
function* stepsOf(workload: Workload, run: Run, findings: Findings): Generator<JudgedStep> {
  let state: PromiseState | undefined;
  for (const [index, life] of run.lives.entries()) {
    if (state === undefined) state = new PromiseState(workload, life);
    else state.losePower(life);
    const outcomes = run.outcomes.filter((outcome) => outcome.life === index);
    const newest = new NewestContents(life.subsystem.machine.memory.initialMedia);
    boot(state, outcomes[0]?.entries.from ?? 0, newest);
    for (const [place, outcome] of outcomes.entries()) {
      const operation = workload.steps[outcome.index]?.operation;
      if (operation === undefined || isPowerFailure(operation)) continue;
      const before = outcomes[place - 1];
      const inner = before?.during === outcome.index ? before : undefined;
      const rival = outcome.during ?? inner?.index;
      state.enter(outcome.surroundings);
      if (outcome.during !== undefined) begin(state, workload, newest, outcome, outcomes[place + 1]);
      const step = new JudgedStep(state, findings, newest, outcome, operation, rival, inner?.entries);
      yield step;
      // A kernel that died owes nothing more.
      if (outcome.result.oops !== undefined) break;
      state.leave(operation, !step.isFailed);
    }
  }
}

/** An operation is under way when another task does something: what it writes may be there or not. */
function begin(
  state: PromiseState,
  { steps }: Workload,
  newest: NewestContents,
  other: Outcome,
  outcome: Outcome | undefined,
): void {
  const operation = steps[outcome?.index ?? -1]?.operation;
  if (outcome === undefined || operation === undefined || isPowerFailure(operation)) return;
  newest.follow(state.life.subsystem.machine.record, outcome.entries.from, other.entries.from);
  for (const { pieces, bytes, at, route, position } of writingsOf(state, operation, outcome.index, NOT_YET))
    for (const piece of pieces)
      piece.space.write(piece, {
        bytes,
        at,
        operation: outcome.index,
        route,
        position,
        isMaybe: true,
        isDurable: false,
      });
}

/** An operation that has not returned: nobody has heard of its success. */
const NOT_YET = { returned: -1 };

/** What probing drivers stored is theirs to know. */
function boot(state: PromiseState, to: number, newest: NewestContents): void {
  const { record } = state.life.subsystem.machine;
  newest.follow(record, 0, to);
  for (const cell of state.life.booted.poisonedCells) state.memory.forget(cell, POISON_CELL_BYTES, -1);
  for (let entry = 0; entry < to; entry++) {
    const { length } = record.dataOf(entry);
    const address = record.addresses[entry] ?? 0;
    if (length > 0 && isReserved(state.ownerOf(address), address))
      state.memory.forgetRoom(address, length, -1);
  }
}

/** Judges one operation. Returns the ranges of memory that it promised. */
function judgeStep(step: JudgedStep): ByteSpan[] {
  const { state, outcome, operation, newest, index } = step;
  for (const cell of state.poison.follow(operation, state.before, state.after))
    state.memory.forget(cell, POISON_CELL_BYTES, index);
  checkRead(step);
  checkRefused(step);
  checkOrder(step);
  noteWrites(state, operation);
  step.own = write(step);
  doubtOrder(step);
  checkWrittenOver(step);
  checkStores(step);
  newest.follow(state.life.subsystem.machine.record, outcome.entries.from, outcome.entries.to);
  followEnvironment(state, operation, index);
  if (step.isFailed) return [];
  checkVisible(step);
  checkSynchronous(step);
  waive(state, operation, index);
  const promised = keepPromises(state, operation, index, step.rival);
  checkPromised(step, promised);
  return [...promised.flatMap(promisedSpans), ...spansOfOwnDisk(step)];
}

/** What a disk that promises every write stored for this one. */
function spansOfOwnDisk({ own, outcome, state }: JudgedStep): ByteSpan[] {
  if (!own.some(({ space, written }) => !space.isMemory && written.version.isDurable)) return [];
  return storedSpans(state.life.subsystem.machine.record, outcome.entries.from, outcome.entries.to);
}

/** Adds the versions that the operation wrote. */
function write({ state, operation, index, isFailed, outcome }: JudgedStep): JudgedStep['own'] {
  return writingsOf(state, operation, index, outcome.result).flatMap(
    ({ pieces, bytes, at, route, position }) =>
      pieces.flatMap((piece) => {
        const { space } = piece;
        const isDurable = !space.isMemory && !isFailed && isOwedOn(state, space.disk);
        const content = { bytes, at, operation: index, route, position, isMaybe: isFailed, isDurable };
        return space.write(piece, content).map((written) => ({ space, written }));
      }),
  );
}

function isOwedOn(state: PromiseState, disk: string): boolean {
  const place = state.placeOf(disk);
  return place !== undefined && state.owed.onDisk(place);
}
