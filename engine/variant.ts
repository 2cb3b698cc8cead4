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
import type { Failure, FailureKind } from './failure.ts';
import type { StepEvidence } from './judge.ts';
import type { Dimension } from './subject.ts';

const stepSchema = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(1)),
  v.pipe(v.string(), v.nonEmpty('a step')),
]);

const variantSchema = v.strictObject({
  title: v.string(),
  /** First step whose tree has it: its number, or where steps are commits words of its subject. */
  entersAt: stepSchema,
  /** Steps whose tree has it and at which nothing shows. */
  latentAt: v.optional(v.array(v.number()), []),
  /** Step at which the suite must convict it; null for one that keeps what is promised. */
  convictedAt: v.nullable(stepSchema),
  /** What must convict it: `promise broken`, `result`, or the sort of a dimension such as `images`; anything when absent. */
  convictedBy: v.optional(v.string()),
  /** What judges it when all variants are judged. One that nothing but its own workload judges costs next to nothing. */
  judgedBy: v.optional(v.picklist(['all workloads', 'own workload']), 'all workloads'),
  /** Where the mistake was made or reported, with a date. */
  source: v.optional(v.string(), ''),
  /** Upstream commit that put it right. */
  fixedBy: v.optional(v.string(), ''),
  /** The shortest workload that shows it. */
  workload: v.optional(v.string(), ''),
  /** What it does otherwise at the step where it enters and may do otherwise, as a contract says it (`contract.ts`). */
  differences: v.optional(v.array(differenceSchema), []),
});

type VariantData = v.InferOutput<typeof variantSchema>;

export interface Variant extends Omit<VariantData, 'differences' | 'entersAt' | 'convictedAt'> {
  readonly name: string;
  readonly entersAt: number;
  readonly convictedAt: number | null;
  /** It declares something of its own. */
  readonly isDeclared: boolean;
  /** Its patches, in order. */
  readonly patches: readonly { readonly fileName: string; readonly text: string }[];
  /** Its own declarations. Throws `InputError` for words that are not of `language`, `convictedBy` among them. */
  readonly declarations: (language: Language) => readonly Declaration[];
}

export interface VariantVerdict {
  readonly name: string;
  readonly title: string;
  /** Step at which it was convicted; null for one that was not. */
  readonly convictedAt: number | null;
  /** The gravest sort of difference that convicts it: `promise broken`, `result`, `images`, `cost only`. */
  readonly convictedBy?: string;
  /** Step at which its facts say that it must be. */
  readonly expectedAt: number | null;
  /** What its facts say must convict it, where they do. */
  readonly expectedBy?: string;
  /** It has a contract of its own. */
  readonly isDeclared: boolean;
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

/** How a series names its steps. */
export interface StepNames {
  /** The number of the step that `text` names. Throws `InputError` when there is none. */
  readonly stepNamed: (text: string) => number;
  /** Ids of declarations begin with the number of their step: numbers stay. */
  readonly areNumbered: boolean;
}

/** Steps that have numbers only. */
const NUMBERED: StepNames = { stepNamed: Number, areNumbered: true };

/** The variants of a series. */
export interface Variants {
  /** Absolute; it may not be there. */
  readonly folder: string;
  readonly names: () => string[];
  /** Throws `InputError` as `readVariant` does. */
  readonly read: (name: string) => Variant;
}

/** The variants in `folder` of a series that names its steps in this way. */
export function variantsIn(folder: string, steps: StepNames): Variants {
  return {
    folder,
    names: () => variantNames(folder),
    read: (name) => readVariant(folder, name, steps),
  };
}

/** Reads a variant. Throws `InputError` when there is none of that name, or its data is not as it should be. */
export function readVariant(folder: string, name: string, steps = NUMBERED): Variant {
  const path = join(folder, name, 'variant.yaml');
  if (!existsSync(path))
    throw new InputError(
      `unknown variant '${name}'\n  allowed: ${variantNames(folder).join(', ') || 'there is none'}`,
    );
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.patch'));
  const yaml = readYaml(readFileSync(path, 'utf8'), path);
  const { differences, ...variant } = yaml.check(variantSchema);
  const stepOf = (given: number | string): number => steps.stepNamed(String(given));
  const entersAt = stepOf(variant.entersAt);
  return {
    name,
    ...variant,
    entersAt,
    convictedAt: variant.convictedAt === null ? null : stepOf(variant.convictedAt),
    declarations(language) {
      const { convictedBy } = variant;
      const allowed = sortsOf(language.dimensions);
      if (convictedBy !== undefined && !allowed.includes(convictedBy))
        throw yaml.error(['convictedBy'], `'${convictedBy}' convicts nobody`, allowed.join(', '));
      return declarationsOf(yaml, differences, steps.areNumbered ? entersAt : undefined, language);
    },
    isDeclared: differences.length > 0,
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

/** What was found out about the tree of a variant at one step. */
export type VariantStep = Pick<StepEvidence, 'step' | 'failures' | 'differences'>;

/** Failures that convict: a contract that is stale or not confirmed says nothing of the tree. */
const CONVICTING: readonly FailureKind[] = [
  'does not run',
  'broken promise',
  'wrong result',
  'undeclared difference',
];

/** The verdict over what was found out about the trees of a variant, step by step. */
export function variantVerdict(
  { name, title, convictedAt: expectedAt, convictedBy: expectedBy, isDeclared }: Variant,
  steps: readonly VariantStep[],
  dimensions: readonly Dimension[],
): VariantVerdict {
  const convicted = steps
    .map((step) => ({ ...step, failures: step.failures.filter(({ kind }) => CONVICTING.includes(kind)) }))
    .find(({ failures }) => failures.length > 0);
  const convictedAt = convicted?.step ?? null;
  const convictedBy = convicted && gravestSort(convicted, dimensions);
  return {
    name,
    title,
    convictedAt,
    ...(convictedBy !== undefined && { convictedBy }),
    expectedAt,
    ...(expectedBy !== undefined && { expectedBy }),
    isDeclared,
    failures: convicted?.failures ?? [],
    asExpected: convictedAt === expectedAt && (expectedBy === undefined || convictedBy === expectedBy),
  };
}

const RUNS_NOT = 'does not run';
const PROMISE_BROKEN = 'promise broken';

const sortOf = ({ isResult, sort, name }: Dimension): string => (isResult ? 'result' : (sort ?? name));

/** Everything that may convict a variant, the gravest first. */
function sortsOf(dimensions: readonly Dimension[]): string[] {
  return [...new Set([RUNS_NOT, PROMISE_BROKEN, ...dimensions.map(sortOf)])];
}

/** The gravest of what is wrong. */
function gravestSort({ failures, differences }: VariantStep, dimensions: readonly Dimension[]): string {
  if (failures.some(({ kind }) => kind === 'does not run')) return RUNS_NOT;
  if (failures.some(({ kind }) => kind === 'broken promise')) return PROMISE_BROKEN;
  const undeclared = differences.filter(({ declaredAs }) => declaredAs.length === 0);
  const isSeen = ({ name }: Dimension): boolean => undeclared.some(({ dimension }) => dimension === name);
  const found = dimensions.find((one) => one.isResult && isSeen(one)) ?? dimensions.find(isSeen);
  return found === undefined ? '' : sortOf(found);
}

/** The verdict on a variant that could not be judged. */
export function variantProblem(name: string, problem: string): VariantVerdict {
  return {
    name,
    title: '',
    convictedAt: null,
    expectedAt: null,
    isDeclared: false,
    failures: [],
    problem,
    asExpected: false,
  };
}
