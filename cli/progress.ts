/** Shows how far a long run is: a line on a terminal, and elsewhere one every half a minute, so that nobody thinks it hangs. */
import type { CliContext } from './context.ts';

/** Milliseconds between two lines where there is no terminal. */
const HEARTBEAT_MS = 30_000;

/** Hears of each part before it is done. */
export type Progress = (done: number, total: number) => void;

/** Progress with how long the rest will take at the pace so far. */
export function progressOf(context: CliContext, what: string): Progress {
  const { progress, now, writeError } = context;
  if (now === undefined && !progress) return () => {};
  const clock = now ?? (() => performance.now());
  const start = clock();
  let spokenAt = start;
  return (done, total) => {
    const at = clock();
    const seconds = (at - start) / 1000;
    const rest = done === 0 ? '' : `, ${duration((seconds / done) * (total - done))} to go`;
    const text = `${what} ${done + 1}/${total}, ${duration(seconds)}${rest}`;
    if (progress) writeError(`\r\u001b[K${text}${done + 1 === total ? '\r\u001b[K' : ''}`);
    else if (at - spokenAt >= HEARTBEAT_MS) {
      spokenAt = at;
      writeError(`${text}\n`);
    }
  };
}

/** The same for work whose end is not known: `text` says how far it is. */
export function pulseOf(context: CliContext): (text: string) => void {
  const { progress, now, writeError } = context;
  let spokenAt = now?.() ?? 0;
  return (text) => {
    if (progress) writeError(`\r\u001b[K${text}`);
    else if (now !== undefined && now() - spokenAt >= HEARTBEAT_MS) {
      spokenAt = now();
      writeError(`${text}\n`);
    }
  };
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
