/** Shows how far a long run is: one line on a terminal, nothing where nobody looks. */
import type { CliContext } from './context.ts';

/** The same, with how long the rest will take at the pace so far. */
export function progressWithRest(
  context: CliContext,
  what: string,
  now: () => number = () => performance.now(),
): (done: number, total: number) => void {
  if (!context.progress) return () => {};
  const start = now();
  return (done, total) => {
    const seconds = (now() - start) / 1000;
    const rest = done === 0 ? '' : `, ${duration((seconds / done) * (total - done))} to go`;
    const end = done + 1 === total ? '\r\u001b[K' : '';
    context.writeError(`\r\u001b[K${what} ${done + 1}/${total}, ${duration(seconds)}${rest}${end}`);
  };
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

export function progressOf(context: CliContext, what: string): (done: number, total: number) => void {
  if (!context.progress) return () => {};
  return (done, total) =>
    context.writeError(`\r\u001b[K${what} ${done + 1}/${total}${done + 1 === total ? '\r\u001b[K' : ''}`);
}
