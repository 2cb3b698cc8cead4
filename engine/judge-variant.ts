/**
 * Whether the suite convicts a variant where it must: judges the variant's trees by the contracts of the series, from the
 * step before it enters to the one at which its facts say it shows. A stale declaration convicts nobody.
 */
import type { Variant } from './series/variants.ts';
import { judgeSteps, type StepTree } from './judge.ts';
import type { Scenario } from '#pmem/scenarios/scenario.ts';
import type { StepFailure } from './evidence.ts';

export interface VariantVerdict {
  readonly name: string;
  readonly title: string;
  /** Step at which it was convicted; null for one that was not. */
  readonly convictedAt: number | null;
  /** Step at which its facts say that it must be. */
  readonly expectedAt: number | null;
  readonly failures: readonly StepFailure[];
  readonly asExpected: boolean;
}

/** The steps whose trees are needed to judge `variant` of a series of `stepCount` steps, ascending. */
export function stepsToJudge(variant: Variant, stepCount: number): number[] {
  const last = variant.convictedAt ?? stepCount;
  return Array.from({ length: last - variant.entersAt + 2 }, (_, index) => variant.entersAt - 1 + index);
}

/** Judges `variant` on `trees`, those of `stepsToJudge`. */
export function judgeVariant(
  variant: Variant,
  trees: readonly StepTree[],
  scenarios: readonly Scenario[],
): VariantVerdict {
  const evidence = judgeSteps(trees, scenarios, variant.entersAt);
  const convicted = evidence
    .map(({ step, failures }) => ({
      step,
      failures: failures.filter(({ kind }) => kind !== 'stale declaration'),
    }))
    .find(({ failures }) => failures.length > 0);
  const convictedAt = convicted?.step ?? null;
  return {
    name: variant.name,
    title: variant.title,
    convictedAt,
    expectedAt: variant.convictedAt,
    failures: convicted?.failures ?? [],
    asExpected: convictedAt === variant.convictedAt,
  };
}
