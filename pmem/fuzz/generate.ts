/**
 * Workloads by chance. Each draws a machine and the few kinds of operations that it is made of (swarm testing: Groce, Zhang, Eide,
 * Chen, Regehr 2012), so that things meet which rarely do when everything is drawn at once. Kinds and arguments are those of the
 * language's descriptors.
 */
import { Random, type Weighted } from '#engine/fuzz/random.ts';
import { canRun } from '../language/check-workload.ts';
import type { OperationDescriptor } from '../language/descriptor.ts';
import { OPERATIONS } from '../language/operations.ts';
import type { Step, Workload, WorkloadStep } from '../language/workload.ts';
import { placeNear } from './edges.ts';
import { FIELDS, type FieldName, type Focus } from './fields.ts';
import { type Machine, machineDrawer } from './machines.ts';

/** How often kinds of operations are drawn; a kind that is not here has `USUAL_WEIGHT`. */
const WEIGHTS: Partial<Record<Step['kind'], number>> = {
  'dax write': 8,
  store: 8,
  fsync: 6,
  'bio write': 8,
  flush: 4,
  msync: 4,
  punch: 3,
  zero: 3,
  'zero in place': 3,
  'dax read': 3,
  'raw write': 3,
  'sysfs write': 2.5,
  'set read-only': 0.5,
  'sysfs read': 0.4,
  'sysfs list': 0.3,
  'machine check': 0.5,
  'check namespace': 0.3,
  personality: 0.3,
  'create namespace': 0.3,
  'destroy namespace': 0.3,
  'zero labels': 0.3,
  'fail commands': 0.4,
  kill: 0.3,
  pid: 0.5,
  signal: 0.4,
  // It forks what follows: `interrupted` puts it at the end of a few.
  'crash inside': 0,
};

const USUAL_WEIGHT = 1.5;

const WEIGHTED: Weighted<OperationDescriptor> = OPERATIONS.map((operation) => [
  operation,
  WEIGHTS[operation.kind] ?? USUAL_WEIGHT,
]);

/** Kinds that are nothing without another. */
const COMPANIONS: Partial<Record<Step['kind'], Step['kind']>> = {
  'raw write': 'detach',
  'raw read': 'detach',
  detach: 'attach',
  attach: 'detach',
  'zero labels': 'detach',
};

/** Those whose success promises something: without one of them hardly anything can break. */
const PROMISING: Weighted<OperationDescriptor> = WEIGHTED.filter(([{ promises }]) => promises !== undefined);

/** Operations of a workload behind those that set its machine up. */
export const OPERATIONS_EACH = 10;

/** Workloads drawn in place of one that could not be run, before the generator itself is wrong. */
const REDRAWN_MAX = 50;

/** Gives workload `number` of `seed`: always the same, and one that can be run. */
export type Generator = (seed: number, number: number) => Workload;

/** A generator of workloads. */
export function generator(): Generator {
  const drawMachine = machineDrawer();
  return (seed, number) => {
    const random = new Random(seed, number);
    for (let tries = 0; tries < REDRAWN_MAX; tries++) {
      const workload = drawWorkload(random, drawMachine(random));
      if (canRun(workload)) return workload;
    }
    throw new Error(`workload ${number} of seed ${seed}: nothing that can be run in ${REDRAWN_MAX} draws`);
  };
}

function drawWorkload(random: Random, machine: Machine): Workload {
  const kinds = drawKinds(random);
  const focus = drawFocus(random, machine);
  const steps = Array.from({ length: OPERATIONS_EACH }, () => {
    const step = drawStep(random, machine, focus, random.pickWeighted(kinds));
    followStep(machine, step);
    return step;
  });
  const plain = [...machine.setup, ...steps].map((operation) => ({ operation }));
  return interrupted(random, { boot: machine.boot, steps: plain }, (kind) =>
    drawStep(random, machine, focus, kind),
  );
}

/** Of a thousand workloads so many let another task into an operation, and so many fail the power inside one: each runs many times. */
const MEANWHILE_PER_MILLE = 3;
const INSIDE_PER_MILLE = 1;

const CRASH_INSIDE = OPERATIONS.filter(({ kind }) => kind === 'crash inside');

/** A workload in which something happens inside an operation, as few as said; else the workload as it is. */
function interrupted(
  random: Random,
  workload: Workload,
  draw: (kind: OperationDescriptor) => Step,
): Workload {
  const { boot, steps } = workload;
  const lot = random.below(1000);
  const [inside] = CRASH_INSIDE;
  if (lot < INSIDE_PER_MILLE && inside !== undefined)
    return { boot, steps: [...steps, { operation: draw(inside) }] };
  if (lot >= INSIDE_PER_MILLE + MEANWHILE_PER_MILLE) return workload;
  const first = random.below(steps.length);
  for (let tries = 0; tries < steps.length; tries++) {
    const marked = withMeanwhile(steps, (first + tries) % steps.length);
    if (canRun({ boot, steps: marked })) return { boot, steps: marked };
  }
  return workload;
}

/** Another task does the step at a place while the next one runs. */
const withMeanwhile = (steps: readonly WorkloadStep[], place: number): WorkloadStep[] =>
  steps.map((step, index) => (index === place ? { ...step, isMeanwhile: true } : step));

/** Between three and nine kinds, one of which promises something. */
function drawKinds(random: Random): Weighted<OperationDescriptor> {
  const drawn = new Set([...random.several(WEIGHTED, random.between(2, 8)), random.pickWeighted(PROMISING)]);
  const wanted = [...drawn].flatMap(({ kind }) => COMPANIONS[kind] ?? []);
  return WEIGHTED.filter(([operation]) => drawn.has(operation) || wanted.includes(operation.kind));
}

function drawFocus(random: Random, { sizes, disks, borders }: Machine): Focus {
  const first = random.pick(disks);
  const size = sizes.get(first) ?? 4096;
  return {
    disks: random.chance(50) ? [first] : [first, first, first, ...disks],
    paths: random.pick([['/f'], ['/f'], ['/f', '/f', '/g']]),
    processes: random.pick([['A'], ['A', 'B'], ['A', 'A', 'B']]),
    anchors: Array.from({ length: random.between(1, 3) }, () => placeNear(random, size, borders)),
  };
}

/** An operation of a kind, with every argument drawn. */
export function drawStep(
  random: Random,
  machine: Machine,
  focus: Focus,
  { kind, fields }: OperationDescriptor,
): Step {
  const values: Record<string, unknown> = { kind };
  for (const [name] of fields) {
    const value = FIELDS[name as FieldName]({ random, machine, focus, kind, values });
    if (value !== undefined) values[name] = value;
  }
  return values as unknown as Step;
}

/** Notes what an operation makes of the disks that later ones name. */
function followStep({ sizes, disks }: Machine, step: Step): void {
  if (step.kind !== 'dm create') return;
  if (!sizes.has(step.disk)) disks.push(step.disk);
  sizes.set(
    step.disk,
    step.targets.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
}
