/**
 * The differences of a step in the order in which a reviewer reads them: those that its contract declares, by
 * declaration and with those that nothing showed too, then those that nobody declared. Shared by all renderings.
 */
import type { Declaration } from '#engine/contract.ts';
import type { ObservedDifference } from '#engine/judge.ts';
import type { Traits } from '#engine/subject.ts';
import type { StepReview } from './model.ts';

/** The differences that one declaration covers; without a declaration, those of one kind that none does. */
export interface DifferenceGroup {
  readonly declaration: Declaration | undefined;
  readonly dimension: string;
  readonly relation: string;
  readonly differences: readonly ObservedDifference[];
}

/** All declarations with what was observed of them, then what was observed without one, by dimension and relation. */
export function differenceGroups({
  contract,
  evidence,
}: Pick<StepReview, 'contract' | 'evidence'>): DifferenceGroup[] {
  const declared = contract.differences.flatMap((declaration) =>
    declaration.shows.map(({ dimension, relation }) => ({
      declaration,
      dimension,
      relation,
      differences: evidence.differences.filter(
        (difference) =>
          difference.dimension === dimension &&
          difference.relation === relation &&
          difference.declaredAs.includes(declaration.id),
      ),
    })),
  );
  const kinds = new Map<string, ObservedDifference[]>();
  for (const difference of evidence.differences) {
    if (difference.declaredAs.length > 0) continue;
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

/** The id of the claim that a declaration makes of one dimension and relation. */
export function claimIdOf({ declaration, dimension, relation }: DifferenceGroup): string {
  return `${declaration?.id ?? ''}-${dimension}-${relation}`;
}

/** Where a difference was seen: scenario and operation. */
export function placeOfDifference({
  workload,
  index,
  at,
}: Pick<ObservedDifference, 'workload' | 'index' | 'at'>): string {
  return index < 0 ? `${workload}, ${at}` : `${workload}, operation ${index + 1}: ${at}`;
}

/** Number of scenarios that a group of differences comes from. */
export function scenariosIn({ differences }: DifferenceGroup): number {
  return new Set(differences.map(({ workload }) => workload)).size;
}

/** What a declaration shows, in words: `acked stronger, cost`. */
export function shownText({ shows }: Declaration): string {
  return shows
    .map(({ dimension, relation }) => (relation === 'other' ? dimension : `${dimension} ${relation}`))
    .join(', ');
}

/** A condition in words: `operation dax write; vector kvec or bvec`; `always` when it asks for nothing. */
export function conditionText(condition: Traits): string {
  const words = Object.entries(condition).map(
    ([property, values]) => `${spaced(property)} ${values.join(' or ')}`,
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

/** Costs as rows, in the order of the subject. */
export function costRows({ evidence: { cost } }: StepReview): CostRow[] {
  return Object.keys({ ...cost.before, ...cost.after }).map((name) => ({
    name,
    before: cost.before[name] ?? 0,
    after: cost.after[name] ?? 0,
  }));
}

/** Relations to the tree before the series in words: `acknowledged stronger, synced equal`. */
export function relationsText({ evidence: { againstFirst } }: StepReview): string {
  return Object.entries(againstFirst)
    .map(([name, relation]) => `${name} ${relation}`)
    .join(', ');
}

/** `+12`, `-3`, `=`. */
export function costChange({ before, after }: CostRow): string {
  if (before === after) return '=';
  return after > before ? `+${after - before}` : `${after - before}`;
}

/** Runs of consecutive numbers, each with its first and last. `numbers` ascend. */
export function rangesOf(numbers: readonly number[]): { readonly first: number; readonly last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === number - 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

/** `25-45`, or `7` for a range of one. */
export function rangeText({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? String(first) : `${first}-${last}`;
}
