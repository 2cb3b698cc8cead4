/**
 * Locks as far as another task can run into them. One CPU runs everything, so nobody ever waits: a task that would have to is
 * told so, and whoever let it in decides what that means.
 */

/** A lock; `holders` counts those who share it, and is -1 for one who has it alone. */
export interface Lock {
  readonly name: string;
  holders: number;
}

/** A task would sleep until another one is done. */
export class WouldBlock extends Error {
  /** The lock, under the name of the C function or field. */
  readonly lock: string;

  constructor(lock: string) {
    super(`would block on ${lock}`);
    this.lock = lock;
  }
}

export function newLock(name: string): Lock {
  return { name, holders: 0 };
}

/** Throws `WouldBlock` when somebody has the lock. */
export function mustBeFree({ name, holders }: Lock): void {
  if (holders !== 0) throw new WouldBlock(name);
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
