/** Which sort of operation a difference comes from. */
import type { Workload } from './language/workload.ts';

/** Names the sort of operation at a place of a workload: `dax write iovec`, `bio write`, `boot`. */
export function causeOf(workload: Workload, index: number): string {
  const operation = workload.steps[index]?.operation;
  if (operation === undefined) return 'boot';
  return 'vector' in operation ? `${operation.kind} ${operation.vector.kind}` : operation.kind;
}
