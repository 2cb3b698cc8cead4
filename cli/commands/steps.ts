/** Gathers the evidence of steps and variants for the commands that show it: from the store, or by running. */
import { contractKey, evidenceKey, loadEvidence, sourcesHash, storeEvidence } from '#engine/store.ts';
import { judgeSteps, type StepTree } from '#engine/judge.ts';
import { judgeVariant, stepsToJudge, type VariantVerdict } from '#engine/judge-variant.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import type { StepEvidence } from '#engine/evidence.ts';
import { type Contract, readContracts } from '#engine/contract.ts';
import { readPatches } from '#engine/series/patches.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import { loadTree, seriesFolders, stepCount, stepName, variantsFolder } from '#engine/series/trees.ts';
import { readVariant, variantNames } from '#engine/series/variants.ts';
import type { CliContext } from '../context.ts';

/** The series as the commands show it. */
export interface SeriesFacts {
  readonly contracts: readonly Contract[];
  readonly titles: readonly string[];
}

/** Reads contracts and subjects. */
export function seriesFacts(): SeriesFacts {
  const { patches } = seriesFolders();
  return { contracts: readContracts(patches), titles: readPatches(patches).map(({ subject }) => subject) };
}

/** Shows how far a long run is; nothing where nobody looks. */
export function progressOf(context: CliContext, what: string, total: number): (done: number) => void {
  if (!context.progress) return () => {};
  return (done) =>
    context.writeError(`\r\u001b[K${what} ${done + 1}/${total}${done + 1 === total ? '\r\u001b[K' : ''}`);
}

/** The tree of a step with its contract. */
async function stepTree(name: string, step: number, contracts: readonly Contract[]): Promise<StepTree> {
  const boot = await loadTree(name);
  const contract = contracts[step - 1];
  return contract === undefined ? { step, name, boot } : { step, name, boot, contract };
}

/** What every verdict follows from: both ends, the patches between, the conditions of the contracts, the sources. */
function seriesKey(kind: string, more: readonly string[] = []): string {
  const { before, after, patches } = seriesFolders();
  const ends = [before, after].map((folder) => treeHash(readTree(folder)));
  const texts = readPatches(patches).map(({ text }) => text);
  return evidenceKey([
    kind,
    sourcesHash(),
    ...ends,
    ...texts,
    ...readContracts(patches).map(contractKey),
    ...more,
  ]);
}

/** Evidence from the store, or made and stored. */
export async function evidenceFor<Evidence>(
  kind: string,
  more: readonly string[],
  fresh: boolean,
  make: () => Evidence | Promise<Evidence>,
): Promise<Evidence> {
  const key = seriesKey(kind, more);
  const known = fresh ? undefined : loadEvidence<Evidence>(key);
  if (known !== undefined) return known;
  const evidence = await make();
  storeEvidence(key, evidence);
  return evidence;
}

/** Evidence of the steps `from` to `to`. */
export async function stepEvidence(
  from: number,
  to: number,
  fresh: boolean,
  context: CliContext,
): Promise<StepEvidence[]> {
  return evidenceFor(`steps ${from} to ${to}`, [], fresh, async () => {
    const { contracts } = seriesFacts();
    const steps = [...new Set([0, ...Array.from({ length: to - from + 2 }, (_, index) => from - 1 + index)])];
    const trees = await Promise.all(steps.map((step) => stepTree(stepName(step), step, contracts)));
    const scenarios = suiteScenarios();
    const progress = progressOf(context, `steps ${from} to ${to}: scenario`, scenarios.length);
    return judgeSteps(trees, scenarios, from, progress).filter(({ step }) => step >= from);
  });
}

/** Verdicts on the variants of those names, all by default. */
export async function variantVerdicts(
  only: string | undefined,
  fresh: boolean,
  context: CliContext,
): Promise<VariantVerdict[]> {
  const { contracts } = seriesFacts();
  const names = only === undefined ? variantNames(variantsFolder) : [only];
  const verdicts: VariantVerdict[] = [];
  for (const [index, name] of names.entries()) {
    progressOf(context, 'variant', names.length)(index);
    const variant = readVariant(variantsFolder, name);
    verdicts.push(
      await evidenceFor(`variant ${name}`, [JSON.stringify(variant)], fresh, async () => {
        const trees = stepsToJudge(variant, stepCount()).map((step) =>
          stepTree(step < variant.entersAt ? stepName(step) : `${name}@${step}`, step, contracts),
        );
        return judgeVariant(variant, await Promise.all(trees), suiteScenarios());
      }),
    );
  }
  return verdicts;
}
