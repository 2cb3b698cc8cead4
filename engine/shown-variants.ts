/** Variants as a reader is shown them: the failure that convicts one with an image that tells both sides apart, and the road of what is lost. */
import { withDetails } from './explain.ts';
import type { Failure } from './failure.ts';
import { explanationHash, variantSteps } from './judge-series.ts';
import type { Project } from './project.ts';
import type { EvidenceStore } from './store.ts';
import type { VariantVerdict } from './variant.ts';

/** The verdicts, the first failure of each with its details. They are looked for once and kept. */
export async function shownVariants(
  project: Project,
  store: EvidenceStore,
  verdicts: readonly VariantVerdict[],
): Promise<VariantVerdict[]> {
  const shown: VariantVerdict[] = [];
  for (const verdict of verdicts) shown.push(await shownVariant(project, store, verdict));
  store.save();
  project.subject.rest?.();
  return shown;
}

async function shownVariant(
  project: Project,
  store: EvidenceStore,
  verdict: VariantVerdict,
): Promise<VariantVerdict> {
  const { name, convictedAt, failures } = verdict;
  const [first, ...others] = failures;
  if (convictedAt === null || first === undefined) return verdict;
  const { subject } = project;
  const step = variantSteps(project, project.series.variants.read(name)).find(
    (one) => one.step === convictedAt,
  );
  if (step === undefined) return verdict;
  const trees = [step.before, step.after].flatMap((tree) => [tree.name, tree.hash]);
  const table = store.table<Failure>('shown-variant', [subject.hash, explanationHash(), ...trees]);
  const key = JSON.stringify(first);
  const known = table.get(key) ?? (await withDetails(subject, step, first));
  table.set(key, known);
  return { ...verdict, failures: [known, ...others] };
}
