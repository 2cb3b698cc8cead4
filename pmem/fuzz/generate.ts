/**
 * Workloads by chance. Each draws a machine and the few kinds of operations that it is made of (swarm testing: Groce, Zhang, Eide,
 * Chen, Regehr 2012), so that things meet which rarely do when everything is drawn at once. Kinds and arguments are those of the
 * language's descriptors.
 */
import { Random, type Weighted } from '#engine/fuzz/random.ts';
import { canRun } from '../language/check-workload.ts';
import type { OperationDescriptor } from '../language/descriptor.ts';
import { OPERATIONS } from '../language/operations.ts';
import type { Step, Workload } from '../language/workload.ts';
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
  // It forks what follows, tens of milliseconds a way, and stands last: random images of an instant are `replay --inside`'s business.
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
  return { boot: machine.boot, steps: [...machine.setup, ...steps].map((operation) => ({ operation })) };
}

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
