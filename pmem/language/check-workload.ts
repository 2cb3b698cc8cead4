/**
 * Checks a parsed workload against the machine it boots: every disk must exist when it is named, every range must
 * lie on its device. A workload that fails here can not be run at all, which is not the same as one whose operations
 * return errors.
 */
import { InputError } from '#base/input-error.ts';
import { type CheckPlace, devicesOf, mayBeFound, placeWord, refusal } from './check-place.ts';
import { type OperationDescriptor, valuesOf } from './descriptor.ts';
import { type Line, lineOf, wordError } from './lines.ts';
import { formatStep } from './notation.ts';
import { descriptorOf, diskOf } from './operations.ts';
import { formatSize, sumOf } from './sizes.ts';
import { isPowerFailure, type Step, type Workload } from './workload.ts';

/** Throws `InputError` for a workload that does nothing, and for the first step that cannot be done on its machine. */
export function checkWorkload({ boot, steps }: Workload): void {
  if (steps.length === 0)
    throw new InputError('an empty workload: give at least one operation after the boot line');
  if (steps.every(({ operation }) => descriptorOf(operation).endsLife))
    throw new InputError(
      'a workload of power failures alone: nothing runs, so nothing can be lost\n  allowed: at least one other operation, such as dax write pmem0:/f @0 iov 64',
    );
  checkInside(steps);
  checkMeanwhile(steps);
  let current = 0;
  const place: CheckPlace = {
    boot,
    devices: devicesOf(boot),
    line: () => lineAt(steps, current),
  };
  for (const [index, { operation }] of steps.entries()) {
    current = index;
    checkStep(operation, place);
  }
}

/** Throws `InputError` for a power failure inside nothing, and for a second one. */
function checkInside(steps: Workload['steps']): void {
  const indexes = steps.flatMap(({ operation }, index) => (operation.kind === 'crash inside' ? [index] : []));
  const [first, second] = indexes;
  const problemAt = (index: number, problem: string, allowed: string): InputError =>
    wordError(lineAt(steps, index), undefined, problem, allowed);
  if (second !== undefined)
    throw problemAt(second, 'a second power failure inside an operation', 'one in a workload');
  const before = first === undefined ? undefined : steps[first - 1];
  if (first !== undefined && (before === undefined || isPowerFailure(before.operation)))
    throw problemAt(first, 'nothing runs when the power fails', 'an operation in the line before it');
}

/** Operations that another task can do while one of them runs: those on data, which leave tables, drivers and sizes alone. */
const MEANWHILE: readonly Step['kind'][] = [
  'dax write', 'dax read', 'store', 'load', 'fsync', 'msync', 'zero', 'zero in place', 'bio write', 'bio read', 'page write', 'page read',
  'zeroout', 'flush', 'raw write', 'raw read',
]; // prettier-ignore

/** Throws `InputError` for two operations that cannot run at the same time, and for a second pair of them. */
function checkMeanwhile(steps: Workload['steps']): void {
  const indexes = steps.flatMap(({ isMeanwhile }, index) => (isMeanwhile ? [index] : []));
  const [first, second] = indexes;
  if (first === undefined) return;
  const problemAt = (index: number, problem: string, allowed: string): InputError =>
    wordError(lineAt(steps, index), undefined, problem, allowed);
  if (second !== undefined) throw problemAt(second, "a second 'while'", 'one in a workload');
  const inside = steps.findIndex(({ operation }) => operation.kind === 'crash inside');
  if (inside >= 0)
    throw problemAt(inside, "a power failure inside, beside a 'while'", 'one of them in a workload');
  const pair = [steps[first]?.operation, steps[first + 1]?.operation];
  for (const operation of pair)
    if (operation === undefined || !MEANWHILE.includes(operation.kind))
      throw problemAt(first, `'${operation?.kind ?? 'nothing'}' in 'while'`, MEANWHILE.join(', '));
  const [one, other] = pair.map((operation) => operation && rangeOf(operation));
  const isShared = one && other && one.place === other.place && one.from < other.to && other.from < one.to;
  if (isShared && (one.isWritten || other.isWritten))
    throw problemAt(
      first,
      'one operation writes what the other works on, so that either may come last',
      'operations on other bytes, or a sync of them',
    );
}

/** The bytes that an operation reads or writes, as far as its words say. */
function rangeOf(step: Step) {
  const pieces = descriptorOf(step).pieces?.(step);
  const isWritten = /write|store|zero/.test(step.kind);
  if (pieces === undefined || !(isWritten || /read|load/.test(step.kind))) return undefined;
  const place = 'file' in step ? `${step.file.disk}:${step.file.path}` : (diskOf(step) ?? '');
  return { place, from: pieces.offset, to: pieces.offset + sumOf(pieces.lengths), isWritten };
}

/** The line of a step; a generated one stands where its text would: behind the boot line. */
function lineAt(steps: Workload['steps'], index: number): Line {
  const step = steps[index];
  if (step === undefined) throw new RangeError(`no step ${index} of ${steps.length}`);
  return step.line ?? lineOf(formatStep(step.operation), index + 2);
}

function checkStep(step: Step, place: CheckPlace): void {
  const descriptor = descriptorOf(step);
  const values = valuesOf(step);
  for (const [field, argument] of descriptor.fields) argument.check?.(values[field], place);
  descriptor.check?.(step, place);
  checkBytes(step, descriptor, place);
}

/** Most bytes that one operation may copy or poison: every one of them is recorded. */
export const DATA_LIMIT_BYTES = 64 * 2 ** 20;

/** Throws `InputError` for more bytes than can be recorded, and for bytes beyond the end of the disk. */
function checkBytes(step: Step, descriptor: OperationDescriptor, place: CheckPlace): void {
  const pieces = descriptor.pieces?.(step);
  const dataBytes = sumOf(pieces?.lengths ?? []);
  if (descriptor.isRecorded && dataBytes > DATA_LIMIT_BYTES) {
    const allowed = `at most ${formatSize(DATA_LIMIT_BYTES)}: split it`;
    throw refusal(place, () => undefined, `${formatSize(dataBytes)} in one operation`, allowed);
  }
  const end = descriptor.end?.(step) ?? (pieces === undefined ? 0 : pieces.offset + dataBytes);
  if (end > Number.MAX_SAFE_INTEGER)
    throw refusal(place, placeWord, 'the range ends too far away', 'ranges that end below 2^53 (8192T)');
  const disk = diskOf(step) ?? '';
  const sizeBytes = place.devices.sizes.get(disk) ?? 0;
  if (end <= sizeBytes || mayBeFound(place, disk)) return;
  const problem = `the range ends at ${formatSize(end)}, beyond ${disk}`;
  throw refusal(place, placeWord, problem, `ranges inside its ${formatSize(sizeBytes)} (${sizeBytes} bytes)`);
}

/** Whether `checkWorkload` finds nothing wrong with it. */
export function canRun(workload: Workload): boolean {
  try {
    checkWorkload(workload);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
