/** Shows how far a long run is: one line on a terminal, nothing where nobody looks. */
import type { CliContext } from './context.ts';

export function progressOf(context: CliContext, what: string): (done: number, total: number) => void {
  if (!context.progress) return () => {};
  return (done, total) =>
    context.writeError(`\r\u001b[K${what} ${done + 1}/${total}${done + 1 === total ? '\r\u001b[K' : ''}`);
}
