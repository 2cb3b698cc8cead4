/** What a comparison comes to: the worst that was found, whether it is no gain, and what it cost. */
import type { Relation } from '#base/relation.ts';
import type { Compared, ComparedAcknowledgement, CompareOptions } from './compared.ts';
import { addCosts, type Costs } from './costs.ts';

/** What decides: the worst that is found, and whether it is no gain. */
export function verdictOf(
  compared: Compared,
  options: CompareOptions,
): { readonly isBad: boolean; readonly worst: Relation } {
  const relations = compared.acknowledgements.flatMap(({ acknowledged, inFlight }) => [
    acknowledged,
    ...(options.gateInFlight === true ? [inFlight] : []),
  ]);
  const all = new Set([...relations, compared.anyTime].filter((relation) => relation !== undefined));
  const worst =
    all.has('incomparable') || (all.has('weaker') && all.has('stronger'))
      ? 'incomparable'
      : all.has('weaker')
        ? 'weaker'
        : all.has('stronger')
          ? 'stronger'
          : 'equal';
  const isLacking =
    options.common !== true &&
    options.anyTime !== true &&
    compared.alignment.onlyBefore.length + compared.alignment.onlyAfter.length > 0;
  return { isBad: worst === 'weaker' || worst === 'incomparable' || isLacking, worst };
}

/** The costs of several acknowledgements together. */
export function totalCosts(rows: readonly ComparedAcknowledgement[], side: 0 | 1): Costs | undefined {
  return rows
    .map(({ costs }) => costs[side])
    .reduce<Costs | undefined>((sum, one) => (sum === undefined ? one : addCosts(sum, one)), undefined);
}
