/** One axis for two lists of instructions: the same ones beside each other, operation by operation. */
import { diffArrays } from 'diff';
import type { TimelineColumn, TimelineInstruction } from '#base/timeline.ts';

/** An instruction list of one side, and the operation of each instruction. */
export interface SideInstructions {
  readonly instructions: readonly TimelineInstruction[];
  readonly operations: readonly number[];
}

/** Differences of one operation above which instructions are not paired: that would take long and tell nothing. */
const DIFFERENCES_MAX = 3000;

/** The columns of one or two sides. Within an operation the longest common subsequence is paired. */
export function alignedColumns(sides: readonly SideInstructions[], operationCount: number): TimelineColumn[] {
  const parts = sides.map(({ operations }) => partsOf(operations, operationCount));
  const columns: TimelineColumn[] = [];
  for (let operation = 0; operation < operationCount; operation++) {
    const [left, right] = parts.map((part) => part[operation] ?? []);
    if (right === undefined)
      for (const index of left ?? []) columns.push({ operation, instructions: [index] });
    else for (const pair of pairs(sides, left ?? [], right)) columns.push({ operation, instructions: pair });
  }
  return columns;
}

/** The instructions of each operation. */
function partsOf(operations: readonly number[], count: number): number[][] {
  const parts: number[][] = Array.from({ length: count }, () => []);
  for (const [index, operation] of operations.entries()) parts[operation]?.push(index);
  return parts;
}

function* pairs(
  sides: readonly SideInstructions[],
  left: readonly number[],
  right: readonly number[],
): Generator<readonly [number, number]> {
  const keysOf = (side: number, indexes: readonly number[]): string[] =>
    indexes.map((index) => keyOf(sides[side]?.instructions[index]));
  const [leftKeys, rightKeys] = [keysOf(0, left), keysOf(1, right)];
  let [one, other] = [0, 0];
  for (const part of diffArrays(leftKeys, rightKeys, { maxEditLength: DIFFERENCES_MAX }) ?? []) {
    for (let step = 0; step < part.count; step++)
      yield part.removed
        ? [left[one++] ?? -1, -1]
        : part.added
          ? [-1, right[other++] ?? -1]
          : [left[one++] ?? -1, right[other++] ?? -1];
  }
  while (one < left.length) yield [left[one++] ?? -1, -1];
  while (other < right.length) yield [-1, right[other++] ?? -1];
}

/** Equal for instructions that do the same to the same place. */
function keyOf(instruction: TimelineInstruction | undefined): string {
  const { kind, place = '', offset = 0, sizeBytes = 0, count = 1, text = '' } = instruction ?? {};
  return kind === 'flush hint' ? text : `${kind} ${place} ${offset} ${sizeBytes} ${count}`;
}
