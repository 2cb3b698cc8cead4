/** How what one side allows relates to what the other does, and what follows from it. Every comparison speaks in these words. */

/** `stronger`: the later side allows less than the earlier one, fewer ways to lose; `weaker`: the reverse. */
export type Relation = 'equal' | 'stronger' | 'weaker' | 'incomparable';

/** The relation of the later side to the earlier one, by whether something is allowed on one of them alone. */
export function relationOf(isOnlyBefore: boolean, isOnlyAfter: boolean): Relation {
  if (isOnlyBefore) return isOnlyAfter ? 'incomparable' : 'stronger';
  return isOnlyAfter ? 'weaker' : 'equal';
}

/**
 * The relation of several comparisons taken together. Words that have no order, such as the engine's `other`, count like any
 * other: two different ones are `incomparable`.
 */
export function combine<Word extends string>(relations: Iterable<Word>): Word | 'equal' | 'incomparable' {
  const found = new Set<Word>();
  for (const relation of relations) if (relation !== 'equal') found.add(relation);
  const [only] = found;
  return only === undefined ? 'equal' : found.size === 1 ? only : 'incomparable';
}

/** Whether the later side allows something that the earlier one does not. */
export const allowsMore = (relation: string | undefined): boolean =>
  relation === 'weaker' || relation === 'incomparable';
