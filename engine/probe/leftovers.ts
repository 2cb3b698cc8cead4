/**
 * Ends what tries leave behind. Processes of a try are a group, which is ended with it; one that leaves its group still carries the
 * mark of the run in its environment, by which Linux shows it below /proc. Elsewhere such a process stays.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The variable that holds the mark. */
export const MARK = 'CONFORM_RUN';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends every process whose environment carries `mark`. */
export function endMarked(mark: string): void {
  for (const pid of processes())
    if (pid !== process.pid && environmentOf(pid).includes(`${MARK}=${mark}\0`)) end(pid);
}

/** While this process can be told to end by a signal, what carries `mark` ends with it. Returns what takes that back. */
export function endMarkedWithUs(mark: string): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      lift();
      endMarked(mark);
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  const lift = (): void => {
    for (const remove of listeners) remove();
  };
  return lift;
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return `${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`;
  } catch {
    // It has ended, or is somebody else's.
    return '';
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
