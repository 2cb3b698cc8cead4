/**
 * The differences of a step in the order in which a reviewer reads them: those that its contract declares, by
 * declaration and with those that nothing showed too, then those that nobody declared. Shared by all renderings.
 */
import type { Cost } from '#pmem/run/cost.ts';
import type { ObservedDifference } from '#engine/evidence.ts';
import type { Condition, Difference } from '#engine/contract.ts';
import type { StepReview } from './model.ts';

/** The differences that one declaration covers; without a declaration, those of one kind that none does. */
export interface DifferenceGroup {
  readonly declaration: Difference | undefined;
  readonly dimension: Difference['dimension'];
  readonly relation: Difference['relation'];
  readonly differences: readonly ObservedDifference[];
}

/** All declarations with what was observed of them, then what was observed without one, by dimension and relation. */
export function differenceGroups({ contract, evidence }: StepReview): DifferenceGroup[] {
  const declared = contract.differences.map((declaration) => ({
    declaration,
    dimension: declaration.dimension,
    relation: declaration.relation,
    differences: evidence.differences.filter(({ declaredAs }) => declaredAs === declaration.id),
  }));
  const known = new Set<string | undefined>(contract.differences.map(({ id }) => id));
  const kinds = new Map<string, ObservedDifference[]>();
  for (const difference of evidence.differences) {
    if (known.has(difference.declaredAs)) continue;
    const kind = `${difference.dimension} ${difference.relation}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), difference]);
  }
  const others = [...kinds.values()].flatMap((differences) => {
    const [first] = differences;
    if (first === undefined) return [];
    return { declaration: undefined, dimension: first.dimension, relation: first.relation, differences };
  });
  return [...declared, ...others];
}

/** Where a difference was seen: scenario and operation. */
export function placeOfDifference({ scenario, operation, operationText }: ObservedDifference): string {
  return operation === 0
    ? `${scenario}, the whole run`
    : `${scenario}, operation ${operation}: ${operationText}`;
}

/** Number of scenarios that a group of differences comes from. */
export function scenariosIn({ differences }: DifferenceGroup): number {
  return new Set(differences.map(({ scenario }) => scenario)).size;
}

/** A condition in words: `operation dax write; vector kvec or bvec`; `always` when it asks for nothing. */
export function conditionText(condition: Condition): string {
  const words = Object.entries(condition).flatMap(([property, values]) =>
    values === undefined ? [] : [`${spaced(property)} ${values.join(' or ')}`],
  );
  return words.length === 0 ? 'always' : words.join('; ');
}

/** `writeCache` as `write cache`. */
function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** One kind of instruction, over all scenarios. */
export interface CostRow {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

const COST_NAMES: readonly (readonly [keyof Cost, string])[] = [
  ['movnti', 'movnti'],
  ['cachedStores', 'cached stores'],
  ['writeBacks', 'write-backs'],
  ['sfence', 'sfence'],
  ['mfence', 'mfence'],
  ['flushHints', 'flush hints'],
];

/** Costs as rows, in a fixed order. */
export function costRows({ evidence: { cost } }: StepReview): CostRow[] {
  return COST_NAMES.map(([key, name]) => ({ name, before: cost.before[key], after: cost.after[key] }));
}

/** `+12`, `-3`, `=`. */
export function costChange({ before, after }: CostRow): string {
  if (before === after) return '=';
  return after > before ? `+${after - before}` : `${after - before}`;
}

/** `1 scenario`, `2 scenarios`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
