/**
 * Holds observed differences to a contract. A difference of images is covered by a declaration of the same dimension and
 * relation whose condition an operation so far meets (what an operation left in the caches still shows later on); any
 * other difference only by one whose condition the operation itself meets.
 */
import type { Contract, Difference } from './contract.ts';
import { matches } from '#pmem/language/operation-traits.ts';
import type { Traits } from '#pmem/language/vocabulary.ts';
import type { Observation } from '#pmem/compare/observe.ts';

/** Finds the declaration that covers `observation` of a workload with these traits, if there is one. */
export function declarationFor(
  observation: Observation,
  traits: readonly (Traits | undefined)[],
  differences: readonly Difference[],
): Difference | undefined {
  const lasting =
    observation.dimension === 'acked' || observation.dimension === 'in-flight' || observation.index < 0;
  const first = lasting ? 0 : observation.index;
  const last = observation.index < 0 ? traits.length - 1 : observation.index;
  return differences.find(
    ({ dimension, relation, when }) =>
      dimension === observation.dimension &&
      relation === observation.relation &&
      traits.slice(first, last + 1).some((own) => own !== undefined && matches(when, own)),
  );
}

/** Declarations that nothing showed. */
export function staleDeclarations(contract: Contract, shown: ReadonlySet<string>): Difference[] {
  return contract.differences.filter(({ id }) => !shown.has(id));
}
