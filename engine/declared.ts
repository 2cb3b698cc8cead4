/**
 * Holds differences to the declarations of a contract. A difference is excused when *each* operation to blame for it is one
 * that some declaration of its dimension and relation speaks of; what made the bytes differ must be declared, not merely
 * something that happened before.
 */
import type { Contract, Declaration } from './contract.ts';
import type { Difference, Relation, Traits } from './subject.ts';

/** Whether an operation with these traits is one that `condition` speaks of. */
export function matches(condition: Traits, traits: Traits): boolean {
  return Object.entries(condition).every(([word, allowed]) =>
    allowed.some((value) => traits[word]?.includes(value) === true),
  );
}

/** The relations that a declaration allows in one dimension. */
const relationsIn = ({ shows }: Declaration, dimension: string): Relation[] =>
  shows.filter((shown) => shown.dimension === dimension).map(({ relation }) => relation);

/** Whether relations that are allowed one by one allow `relation`: some more and some fewer make `incomparable`. */
function allows(allowed: readonly Relation[], relation: Relation): boolean {
  if (allowed.includes(relation)) return true;
  return relation === 'incomparable' && allowed.includes('stronger') && allowed.includes('weaker');
}

/** The declarations that excuse `difference`; none when an operation to blame is not spoken of. */
export function declarationsFor(
  difference: Pick<Difference, 'dimension' | 'relation' | 'blamed'>,
  declarations: readonly Declaration[],
): Declaration[] {
  const { dimension, relation } = difference;
  const candidates = declarations.filter((declaration) => {
    const own = relationsIn(declaration, dimension);
    return own.includes(relation) || (relation === 'incomparable' && own.length > 0);
  });
  const found = new Set<Declaration>();
  for (const traits of difference.blamed) {
    const own = candidates.filter(({ when }) => matches(when, traits));
    if (own.length === 0) return [];
    for (const declaration of own) found.add(declaration);
  }
  const allowed = [...found].flatMap((declaration) => relationsIn(declaration, dimension));
  return allows(allowed, relation) ? [...found] : [];
}

/** What of the declarations of a contract has been shown. */
export class ShownDeclarations {
  readonly #shown = new Set<string>();

  /** Takes note of what excused `difference`. */
  add(difference: Difference, declarations: readonly Declaration[]): void {
    for (const { id, when } of declarations) {
      this.#shown.add(keyOf(id, `${difference.dimension} ${difference.relation}`));
      for (const traits of difference.blamed)
        if (matches(when, traits))
          for (const [word, values] of Object.entries(when))
            for (const value of values)
              if (traits[word]?.includes(value) === true) this.#shown.add(keyOf(id, `${word} ${value}`));
    }
  }

  /** What the contract speaks of and nothing showed, a sentence each. */
  stale({ differences }: Contract): string[] {
    return differences.flatMap((declaration) => {
      const { id, when } = declaration;
      const unseen = declaration.shows
        .map(({ dimension, relation }) => `${dimension} ${relation}`)
        .filter((shown) => !this.#shown.has(keyOf(id, shown)));
      if (unseen.length === declaration.shows.length)
        return [`${id}: nothing shows ${unseen.join(' or ')} where it is declared`];
      const values = Object.entries(when).flatMap(([word, allowed]) =>
        allowed
          .filter((value) => !this.#shown.has(keyOf(id, `${word} ${value}`)))
          .map((value) => `${word} '${value}'`),
      );
      return [
        ...unseen.map((shown) => `${id}: nothing shows ${shown} where it is declared`),
        ...values.map((value) => `${id}: nothing shows it with ${value}`),
      ];
    });
  }
}

const keyOf = (id: string, what: string): string => `${id}\0${what}`;
