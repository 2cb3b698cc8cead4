/** Judges the steps of a series and its variants: gathers evidence, holds it to the contracts, explains what is wrong. */
import { ownHash } from '#base/own-package.ts';
import { hashOfParts } from '#base/hash.ts';
import { InputError } from '#base/input-error.ts';
import { type Evidence, gather, type Pair } from './evidence.ts';
import { explain, explainAsIs } from './explain.ts';
import type { Failure, Group } from './failure.ts';
import { judgeStep, type StepEvidence, type StepToJudge } from './judge.ts';
import { originsAt } from './origin.ts';
import type { Project } from './project.ts';
import { type Share, shareOf } from './share.ts';
import type { EvidenceStore } from './store.ts';
import type { Workload } from './subject.ts';
import {
  stepsToJudge,
  type Variant,
  variantProblem,
  type VariantVerdict,
  variantVerdict,
} from './variant.ts';

export interface JudgeOptions {
  readonly store: EvidenceStore;
  /** Hears of each workload before it is tried. */
  readonly onProgress?: (done: number, total: number) => void;
  /**
   * Only the gravest cause is explained, and not where it comes from; a workload that is the only one is not made shorter. Enough for a
   * variant that is convicted as it must be.
   */
  readonly isBrief?: boolean;
  /** Every workload judges every variant, also those that say that their own will do. */
  readonly isThorough?: boolean;
}

/** Judges the steps `from` to `to`, each against the one before it. */
export async function judgeSteps(
  project: Project,
  from: number,
  to: number,
  options: JudgeOptions,
): Promise<StepEvidence[]> {
  return judgeAll(project, seriesSteps(project, from, to), options);
}

/** The steps `from` to `to` of a series. */
export function seriesSteps(project: Project, from: number, to: number): StepToJudge[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    stepToJudge(project, from + index, ({ series }, step) => series.stepName(step)),
  );
}

/** A step of the series whose trees `nameOf` names. */
function stepToJudge(
  project: Project,
  step: number,
  nameOf: (project: Project, step: number) => string,
): StepToJudge {
  const { series } = project;
  return {
    step,
    before: series.tree(nameOf(project, step - 1)),
    after: series.tree(nameOf(project, step)),
    first: series.tree(series.stepName(0)),
    contract: project.contracts()[step - 1],
    lineage: () => Array.from({ length: step }, (_, earlier) => series.tree(nameOf(project, earlier))),
  };
}

/** Gathers a share of what judging the steps `from` to `to` takes: that of every so manieth workload. */
export async function gatherSteps(
  project: Project,
  from: number,
  to: number,
  options: JudgeOptions & { readonly share: Share },
): Promise<void> {
  const workloads = shareOf(options.share, project.subject.workloads);
  await gatherFor(withWorkloads(project, workloads), seriesSteps(project, from, to), options);
}

/** The same for variants: every so manieth variant; of a single one every so manieth workload. */
export async function gatherVariants(
  project: Project,
  names: readonly string[],
  options: JudgeOptions & { readonly share: Share },
): Promise<void> {
  const { share } = options;
  const isOne = names.length === 1;
  for (const name of isOne ? names : shareOf(share, names))
    await judgingVariant(project, name, options, async (_variant, steps, judging) => {
      const own = isOne ? shareOf(share, judging.subject.workloads) : judging.subject.workloads;
      await gatherFor(withWorkloads(judging, own), steps, options);
    });
}

const withWorkloads = (project: Project, workloads: readonly Workload[]): Project => ({
  ...project,
  subject: { ...project.subject, workloads },
});

/** Gathers what judging `steps` takes. */
function gatherFor(
  { subject }: Project,
  steps: readonly StepToJudge[],
  { store, onProgress }: JudgeOptions,
): Promise<Evidence> {
  const pairs: Pair[] = steps.flatMap((step) => [step, { before: step.first, after: step.after }]);
  return gather({ subject, store, ...(onProgress && { onProgress }) }, [], pairs);
}

/** Judges `steps` by all workloads of the subject. */
async function judgeAll(
  project: Project,
  steps: readonly StepToJudge[],
  options: JudgeOptions,
): Promise<StepEvidence[]> {
  const { store } = options;
  const evidence = await gatherFor(project, steps, options);
  const judged: StepEvidence[] = [];
  for (const step of steps) judged.push(await judgeOne(project, step, evidence, options));
  store.save();
  return judged;
}

async function judgeOne(
  project: Project,
  step: StepToJudge,
  evidence: Evidence,
  options: JudgeOptions,
): Promise<StepEvidence> {
  const { evidence: plain, groups } = judgeStep(project.subject, step, evidence);
  if (groups.length === 0) return plain;
  const failures = await explained(project, step, groups, options);
  return { ...plain, failures: [...failures, ...plain.failures] };
}

/** The hash of what makes explanations; how they are rendered is no part of it. */
export function explanationHash(): string {
  return hashOfParts([
    ownHash('engine/explain.ts'),
    ownHash('engine/failure.ts'),
    ownHash('engine/origin.ts'),
    ownHash('engine/shrink.ts'),
    ownHash('engine/timeline/road.ts'),
  ]);
}

/** Explanations are kept too: shrinking takes hundreds of tries. */
async function explained(
  { subject }: Project,
  step: StepToJudge,
  groups: readonly Group[],
  { store, isBrief = false }: JudgeOptions,
): Promise<Failure[]> {
  if (isBrief && subject.workloads.length === 1) return explainAsIs(subject, step, groups);
  const declared = JSON.stringify(step.contract?.differences.map(({ id, shows, when }) => [id, shows, when]));
  const trees = [step.before, step.after].flatMap(({ name, hash }) => [name, hash]);
  const table = store.table<Failure[]>('explained', [
    subject.hash,
    explanationHash(),
    ...trees,
    declared,
    isBrief ? 'brief' : 'full',
  ]);
  const key = JSON.stringify(groups);
  const known = table.get(key);
  if (known !== undefined) return known;
  const failures = isBrief
    ? await explain(subject, step, groups, undefined, 1)
    : await explain(subject, step, groups, originsAt(subject, step, groups));
  table.set(key, failures);
  return failures;
}

/**
 * The verdicts on the variants of these names. One that cannot be judged fails alone. Everything is tried before anything
 * is explained: counting lines makes the engine of JavaScript forget what it had optimised.
 */
export async function judgeVariants(
  project: Project,
  names: readonly string[],
  options: JudgeOptions,
): Promise<VariantVerdict[]> {
  for (const name of names)
    await judgingVariant(project, name, options, async (_variant, steps, judging) =>
      gatherFor(judging, steps, options),
    );
  const verdicts: VariantVerdict[] = [];
  for (const name of names)
    verdicts.push(
      await judgingVariant(project, name, options, async (variant, steps, judging) => {
        const { dimensions } = project.subject;
        const judged = await judgeAll(judging, steps, { ...options, isBrief: true });
        const brief = variantVerdict(variant, judged, dimensions);
        if (brief.asExpected) return brief;
        return variantVerdict(variant, await judgeAll(judging, steps, options), dimensions);
      }),
    );
  return verdicts;
}

/** Judges one variant; one that cannot be judged is told of as such. */
async function judgingVariant<Result>(
  project: Project,
  name: string,
  options: JudgeOptions,
  judge: (variant: Variant, steps: StepToJudge[], judging: Project) => Promise<Result>,
): Promise<Result | VariantVerdict> {
  try {
    const variant = project.series.variants.read(name);
    const isThorough = options.isThorough === true || variant.judgedBy === 'all workloads';
    const judging = withOwnWorkload(project, variant, isThorough);
    return await judge(variant, variantSteps(project, variant), judging);
  } catch (error) {
    if (error instanceof InputError) return variantProblem(name, error.message);
    throw error;
  }
}

/** The same project with the workload that shows the variant, beside all others or alone. */
function withOwnWorkload(project: Project, { name, workload }: Variant, isThorough: boolean): Project {
  const { workloads } = project.subject;
  const own = { name: `variant ${name}`, text: workload };
  const isKnown = workloads.some(({ text }) => text === own.text);
  const all = isKnown ? workloads : [...workloads, own];
  return { ...project, subject: { ...project.subject, workloads: isThorough ? all : [own] } };
}

/** The steps of a variant; the contract of the one at which it enters also allows what the variant declares. */
export function variantSteps(project: Project, variant: Variant): StepToJudge[] {
  const [, ...steps] = stepsToJudge(variant, project.series.stepCount);
  return steps.map((step) => {
    const judged = stepToJudge(project, step, ({ series }, at) =>
      at < variant.entersAt ? series.stepName(at) : `${variant.name}@${at}`,
    );
    const { contract } = judged;
    if (contract === undefined || step !== variant.entersAt) return judged;
    const differences = [...contract.differences, ...variant.declarations(project.subject)];
    return { ...judged, contract: { ...contract, differences } };
  });
}
