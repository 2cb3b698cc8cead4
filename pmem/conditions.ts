/** The words in which contracts of the pmem series say where a difference shows, and which operation one comes from. */
import type { Traits, Vocabulary } from '#engine/subject.ts';
import { OPERATIONS } from './language/notation.ts';
import { traitsOf } from './language/operation-traits.ts';
import type { Workload } from './language/workload.ts';

/** Every word of a condition with the values it may have (docs/SERIES.md says what they mean). */
export const VOCABULARY: Vocabulary = {
  operation: ['boot', ...OPERATIONS.flatMap(({ kinds }) => kinds)],
  vector: ['iovec', 'kvec', 'bvec', 'pipe'],
  segments: ['one', 'several'],
  size: ['small', 'large'],
  alignment: ['words', 'edges'],
  blocks: ['mapped', 'new'],
  device: ['pmem', 'volatile', 'blk', 'ram', 'axonram', 'dcssblk'],
  domain: ['none', 'adr', 'eadr'],
  configuration: ['full', 'no-pmem-api', 'no-flushcache', 'no-ram-dax'],
  writeCache: ['default', 'write back', 'write through'],
};

/** What booting is like: all devices of the machine count. */
export function bootTraits({ boot }: Workload): Traits {
  const [traits] = traitsOf({ boot, steps: [{ operation: { kind: 'pid', pid: 0 } }] });
  return { ...traits, operation: ['boot'] };
}

/** Names the sort of operation at a place of a workload: `dax write iovec`, `bio write`, `boot`. */
export function causeOf(workload: Workload, index: number): string {
  const operation = workload.steps[index]?.operation;
  if (operation === undefined) return 'boot';
  return 'vector' in operation ? `${operation.kind} ${operation.vector.kind}` : operation.kind;
}
