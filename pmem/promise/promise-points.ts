/**
 * Which acknowledgements carry a promise: after these return 0, what was acknowledged before must survive a power
 * failure (POSIX, block layer; design.md 8). Others promise nothing yet, and may differ without harm.
 */
import type { Operation } from '#kernel/subsystem/operation.ts';

/** Whether success of `operation` promises durability of something. */
export function carriesPromise(operation: Operation): boolean {
  switch (operation.kind) {
    case 'fsync':
    case 'flush':
    case 'raw write':
      return true;
    case 'msync':
      return operation.waits;
    case 'dax write':
      return operation.sync;
    case 'bio write':
      return operation.fua || operation.preflush;
    default:
      return false;
  }
}

/**
 * Whether success of `operation` promises all that was acknowledged before *and* its own data, so that whole images can
 * be held to it. A write with PREFLUSH alone does not: its own data may be lost (nvdimm-and-firmware.md 2.1, 11.2).
 */
export function promisesWholeImage(operation: Operation): boolean {
  if (operation.kind !== 'bio write') return carriesPromise(operation);
  const isEmpty = operation.lengths.every((length) => length === 0);
  return operation.fua || (operation.preflush && isEmpty);
}
