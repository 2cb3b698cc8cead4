/**
 * Workloads that are one simplification away: operations dropped, a mapped device replaced by what is behind it, a
 * plainer machine, then one operation made simpler. Whoever shrinks a workload tries them in this order.
 */
import { simplerBoots } from './boot/simpler-boot.ts';
import { canRun } from './check-workload.ts';
import { valuesOf } from './descriptor.ts';
import { formatWorkload } from './notation.ts';
import { descriptorOf, diskOf } from './operations.ts';
import type { Step, Workload, WorkloadStep } from './workload.ts';

/** Simpler workloads that can be run, the boldest first, each text once and never that of `workload`. */
export function* simplerWorkloads(workload: Workload): Generator<Workload> {
  const seen = new Set([formatWorkload(workload)]);
  for (const candidate of candidatesOf(workload)) {
    const text = formatWorkload(candidate);
    if (seen.has(text)) continue;
    seen.add(text);
    if (canRun(candidate)) yield candidate;
  }
}

function* candidatesOf(workload: Workload): Generator<Workload> {
  yield* withoutSteps(workload);
  yield* withoutMadeDisks(workload);
  yield* onSimplerMachines(workload);
  yield* nearerToTheBeginning(workload);
  for (const [index, { operation, isMeanwhile }] of workload.steps.entries()) {
    if (isMeanwhile) yield { ...workload, steps: workload.steps.toSpliced(index, 1, { operation }) };
    for (const simpler of simplerSteps(operation)) {
      const step = { operation: simpler, ...(isMeanwhile && { isMeanwhile }) };
      yield { ...workload, steps: workload.steps.toSpliced(index, 1, step) };
    }
  }
}

/** Half of the steps gone, then a quarter, down to one; the last ones first. */
function* withoutSteps(workload: Workload): Generator<Workload> {
  const { steps } = workload;
  for (let count = Math.max(1, Math.floor(steps.length / 2)); count >= 1; count = Math.floor(count / 2)) {
    for (let end = steps.length; end > 0; end -= count) {
      const start = Math.max(0, end - count);
      yield { ...workload, steps: steps.toSpliced(start, end - start) };
    }
  }
}

/** A disk that an operation makes gone, and what was done to it done to one of its members. */
function* withoutMadeDisks(workload: Workload): Generator<Workload> {
  for (const { operation } of workload.steps) {
    const made = descriptorOf(operation).makes?.(operation);
    if (made === undefined) continue;
    const others = workload.steps.filter(
      (step) => descriptorOf(step.operation).makes?.(step.operation).disk !== made.disk,
    );
    for (const member of new Set(made.members))
      yield { ...workload, steps: withDisks(others, (disk) => (disk === made.disk ? member : disk)) };
  }
}

/** The same on a machine with less in its boot line. */
function* onSimplerMachines({ boot, steps }: Workload): Generator<Workload> {
  for (const { boot: simpler, rename } of simplerBoots(boot, namedDisks(steps)))
    yield { boot: simpler, steps: rename === undefined ? steps : withDisks(steps, rename) };
}

/** Everything that was done to one disk done nearer to its beginning, at the same distances: by pages, lines, words. */
function* nearerToTheBeginning({ boot, steps }: Workload): Generator<Workload> {
  const placed = steps.flatMap(({ operation }) =>
    'offset' in operation ? [{ disk: diskOf(operation), offset: operation.offset }] : [],
  );
  for (const disk of new Set(placed.map((step) => step.disk))) {
    const nearest = Math.min(...placed.filter((step) => step.disk === disk).map(({ offset }) => offset));
    for (const unit of [1, 8, 64, 4096]) {
      const less = nearest - (nearest % unit);
      const moved = steps.map((step) =>
        'offset' in step.operation && diskOf(step.operation) === disk
          ? { operation: withField(step.operation, 'offset', step.operation.offset - less) }
          : step,
      );
      yield { boot, steps: moved };
    }
  }
}

/** A step with one of its arguments simpler, the last first: what may be left out, then sizes, then places. */
function* simplerSteps(step: Step): Generator<Step> {
  const values = valuesOf(step);
  for (const [field, argument] of descriptorOf(step).fields.toReversed())
    for (const value of argument.simpler?.(values[field]) ?? []) yield withField(step, field, value);
}

/** A step with another value in a field; without the field for `undefined`. */
function withField(step: Step, field: string, value: unknown): Step {
  const values: Record<string, unknown> = { ...step, [field]: value };
  if (value === undefined) delete values[field];
  return values as unknown as Step;
}

/** The steps with other disks. Steps that name none of those stay as they are. */
function withDisks(steps: readonly WorkloadStep[], rename: (disk: string) => string): WorkloadStep[] {
  return steps.map((step) => {
    let { operation } = step;
    const values = valuesOf(operation);
    for (const [field, argument] of descriptorOf(operation).fields) {
      if (argument.mapDisks !== undefined)
        operation = withField(operation, field, argument.mapDisks(values[field], rename));
    }
    return { operation };
  });
}

/** Every disk that a step names. */
function namedDisks(steps: readonly WorkloadStep[]): ReadonlySet<string> {
  const names = new Set<string>();
  withDisks(steps, (disk) => {
    names.add(disk);
    return disk;
  });
  return names;
}
