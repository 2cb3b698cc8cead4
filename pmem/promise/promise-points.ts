/**
 * Which acknowledgements carry a promise: after these return 0, what was acknowledged before must survive a power
 * failure (POSIX, block layer; design.md 8). Others promise nothing yet, and may differ without harm. What each operation
 * owes stands in its descriptor (`pmem/language/operations/`).
 */
import type { Operation } from '#kernel/subsystem/operation.ts';
import type { Writer } from '../language/descriptor.ts';
import { descriptorOf, diskOf } from '../language/operations.ts';

/** Whether success of `operation` promises durability of something. */
export function carriesPromise(operation: Operation): boolean {
  const { promise } = descriptorOf(operation);
  return promise !== undefined && (promise.carries?.(operation) ?? true);
}

/**
 * Whether success of `operation` promises all that was acknowledged before *and* its own data, so that whole images can
 * be held to it.
 */
export function promisesWholeImage(operation: Operation): boolean {
  return descriptorOf(operation).promise?.coversAll?.(operation) ?? carriesPromise(operation);
}

/** Whether the success of `promise` covers what `writer`, an earlier operation or the same, stored. */
export function covers(promise: Operation, writer: Operation, isSame: boolean): boolean {
  return descriptorOf(promise).promise?.covers(promise, writerOf(writer, isSame)) ?? false;
}

function writerOf(operation: Operation, isSame: boolean): Writer {
  const blocksOf = descriptorOf(operation).writesBlocks ? diskOf(operation) : undefined;
  return {
    isSame,
    ...('file' in operation ? { file: operation.file } : {}),
    ...(blocksOf === undefined ? {} : { blocksOf }),
  };
}
