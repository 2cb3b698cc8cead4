/**
 * Locks as far as another task can run into them. One CPU runs everything, so nobody ever waits: a task that would have to is
 * told so, and whoever let it in decides what that means.
 */

/** A lock; `holders` counts those who share it, and is -1 for one who has it alone. */
export interface Lock {
  readonly name: string;
  holders: number;
}

const WOULD_BLOCK = 'WouldBlock';

/** A task would sleep until another one is done. */
export class WouldBlock extends Error {
  override readonly name = WOULD_BLOCK;
  /** The lock, under the name of the C function or field. */
  readonly lock: string;

  constructor(lock: string) {
    super(`would block on ${lock}`);
    this.lock = lock;
  }
}

/** Whether `error` is a `WouldBlock`, that of another copy of this kernel too: a tree may bring its own. */
export const isWouldBlock = (error: unknown): boolean => error instanceof Error && error.name === WOULD_BLOCK;

export function newLock(name: string): Lock {
  return { name, holders: 0 };
}

/** Does `work` with the lock held, alone or shared with others who share it. Throws `WouldBlock` when that can not be now. */
export function withLock<Result>(lock: Lock, mode: 'alone' | 'shared', work: () => Result): Result {
  if (lock.holders < 0 || (mode === 'alone' && lock.holders > 0)) throw new WouldBlock(lock.name);
  const before = lock.holders;
  lock.holders = mode === 'alone' ? -1 : before + 1;
  try {
    return work();
  } finally {
    lock.holders = before;
  }
}
