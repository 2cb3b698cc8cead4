/** Simplifies a workload: fewer operations, then fewer segments, then smaller sizes and places. */
import type { Operation } from '#kernel/subsystem/operation.ts';
import { InputError } from '#base/input-error.ts';
import { checkWorkload } from './check-workload.ts';
import type { Workload, WorkloadStep } from './workload.ts';

/** Workloads that are one simplification away and can be run, the boldest first. */
export function* simplerWorkloads(workload: Workload): Generator<Workload> {
  for (const candidate of candidatesOf(workload)) if (canRun(candidate)) yield candidate;
}

function canRun(workload: Workload): boolean {
  try {
    checkWorkload(workload);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Workloads that are one simplification away, the boldest first. */
function* candidatesOf(workload: Workload): Generator<Workload> {
  const { steps } = workload;
  for (let index = steps.length - 1; index >= 0; index--)
    yield { ...workload, steps: steps.toSpliced(index, 1) };
  for (const [index, step] of steps.entries()) {
    for (const operation of simplerOperations(step.operation)) {
      const simpler: WorkloadStep = { operation };
      yield { ...workload, steps: steps.toSpliced(index, 1, simpler) };
    }
  }
}

type Step = WorkloadStep['operation'];

function* simplerOperations(operation: Step): Generator<Step> {
  if (operation.kind === 'dax write' || operation.kind === 'dax read') {
    for (const lengths of simplerLengths(operation.vector.lengths)) {
      yield { ...operation, vector: { ...operation.vector, lengths } };
    }
  }
  if (operation.kind === 'bio write' || operation.kind === 'bio read') {
    for (const lengths of simplerLengths(operation.lengths)) yield { ...operation, lengths };
    if (operation.preflush) yield { ...operation, preflush: false };
    if (operation.fua) yield { ...operation, fua: false };
  }
  if ('offset' in operation) {
    for (const offset of smaller(operation.offset)) yield { ...operation, offset } as Operation;
  }
  if ('offset' in operation && 'sizeBytes' in operation) {
    for (const sizeBytes of smaller(operation.sizeBytes)) {
      if (sizeBytes > 0) yield { ...operation, sizeBytes } as Operation;
    }
  }
}

/** Fewer segments first, then smaller ones. */
function* simplerLengths(lengths: readonly number[]): Generator<number[]> {
  for (let index = 0; lengths.length > 1 && index < lengths.length; index++)
    yield lengths.toSpliced(index, 1);
  for (const [index, length] of lengths.entries()) {
    for (const next of smaller(length)) if (next > 0) yield lengths.toSpliced(index, 1, next);
  }
}

function* smaller(value: number): Generator<number> {
  if (value === 0) return;
  yield 0;
  for (const step of [4096, 512, 64, 8]) {
    if (value > step) yield value - (value % step === 0 ? step : value % step);
  }
  yield Math.floor(value / 2);
  yield value - 1;
}
