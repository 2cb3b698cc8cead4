/**
 * Variants: real history as patches on top of a series, to prove that a suite has teeth. A variant enters at a step and stays;
 * it must be convicted where its facts say, and nowhere before. A stale declaration convicts nobody.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { readYaml } from '#base/yaml-file.ts';
import { type Declaration, declarationsOf, differenceSchema, type Language } from './contract.ts';
import type { Failure } from './failure.ts';

const variantSchema = v.strictObject({
  title: v.string(),
  /** First step whose tree has it. */
  entersAt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Steps whose tree has it and at which nothing shows. */
  latentAt: v.optional(v.array(v.number()), []),
  /** Step at which the suite must convict it; null for one that keeps what is promised. */
  convictedAt: v.nullable(v.number()),
  /** Upstream commit that put it right. */
  fixedBy: v.optional(v.string(), ''),
  /** The shortest workload that shows it. */
  workload: v.string(),
  /** What it does otherwise at the step where it enters and may do otherwise, as a contract says it (`contract.ts`). */
  differences: v.optional(v.array(differenceSchema), []),
});

export interface Variant extends Omit<v.InferOutput<typeof variantSchema>, 'differences'> {
  readonly name: string;
  /** Its patches, in order. */
  readonly patches: readonly { readonly fileName: string; readonly text: string }[];
  /** Its own declarations. Throws `InputError` for words that are not of `language`. */
  readonly declarations: (language: Language) => readonly Declaration[];
}

export interface VariantVerdict {
  readonly name: string;
  readonly title: string;
  /** Step at which it was convicted; null for one that was not. */
  readonly convictedAt: number | null;
  /** Step at which its facts say that it must be. */
  readonly expectedAt: number | null;
  readonly failures: readonly Failure[];
  /** Why it could not be judged, such as a patch that does not apply. */
  readonly problem?: string;
  readonly asExpected: boolean;
}

/** Names of the variants below `folder`; none when there is no such folder. */
export function variantNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Reads a variant. Throws `InputError` when there is none of that name, or its data is not as it should be. */
export function readVariant(folder: string, name: string): Variant {
  const path = join(folder, name, 'variant.yaml');
  if (!existsSync(path))
    throw new InputError(
      `unknown variant '${name}'\n  allowed: ${variantNames(folder).join(', ') || 'there is none'}`,
    );
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.patch'));
  const yaml = readYaml(readFileSync(path, 'utf8'), path);
  const { differences, ...variant } = yaml.check(variantSchema);
  return {
    name,
    ...variant,
    declarations: (language) => declarationsOf(yaml, differences, variant.entersAt, language),
    patches: files
      .sort()
      .map((fileName) => ({ fileName, text: readFileSync(join(folder, name, fileName), 'utf8') })),
  };
}

/** The steps whose trees are needed to judge `variant` of a series of `stepCount` steps, ascending. */
export function stepsToJudge({ convictedAt, entersAt }: Variant, stepCount: number): number[] {
  const last = convictedAt ?? stepCount;
  return Array.from({ length: last - entersAt + 2 }, (_, index) => entersAt - 1 + index);
}

/** The verdict over what was found wrong with the trees of a variant, step by step. */
export function variantVerdict(
  { name, title, convictedAt: expectedAt }: Variant,
  steps: readonly { readonly step: number; readonly failures: readonly Failure[] }[],
): VariantVerdict {
  const convicted = steps
    .map(({ step, failures }) => ({
      step,
      failures: failures.filter(({ kind }) => kind !== 'stale declaration'),
    }))
    .find(({ failures }) => failures.length > 0);
  const convictedAt = convicted?.step ?? null;
  return {
    name,
    title,
    convictedAt,
    expectedAt,
    failures: convicted?.failures ?? [],
    asExpected: convictedAt === expectedAt,
  };
}

/** The verdict on a variant that could not be judged. */
export function variantProblem(name: string, problem: string): VariantVerdict {
  return { name, title: '', convictedAt: null, expectedAt: null, failures: [], problem, asExpected: false };
}
