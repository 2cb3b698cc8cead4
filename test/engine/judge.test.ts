/**
 * The steps of the series are what their contracts say; and steps that are broken on purpose, declarations that are not
 * so, and variants of real history are found out.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { judgeSteps, type StepTree } from '#engine/judge.ts';
import { judgeVariant, stepsToJudge } from '#engine/judge-variant.ts';
import type { Boot } from '#pmem/run/run.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import type { StepEvidence } from '#engine/evidence.ts';
import { seriesTrees } from '#engine/series/check.ts';
import { type Contract, type Difference, readContracts } from '#engine/contract.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { writeTree } from '#base/tree-files.ts';
import {
  loadTree,
  rootFolder,
  seriesFolders,
  stepCount,
  stepName,
  variantsFolder,
} from '#engine/series/trees.ts';
import { readVariant, variantNames } from '#engine/series/variants.ts';

const scenarios = suiteScenarios();
const folders = seriesFolders();
const contracts = readContracts(folders.patches);
const { trees } = seriesTrees(folders);
const scratch = mkdtempSync(join(rootFolder, '.cache', 'mutants-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The tree of a step as it is. */
async function stepOf(step: number, contract: Contract | undefined = contracts[step - 1]): Promise<StepTree> {
  const base = { step, name: stepName(step), boot: await loadTree(stepName(step)) };
  return contract === undefined ? base : { ...base, contract };
}

/** Loads files as a tree. */
async function load(files: TreeFiles, name: string): Promise<Boot> {
  writeTree(join(scratch, name), files);
  const module = (await import(pathToFileURL(join(scratch, name, 'index.ts')).href)) as { boot: Boot };
  return module.boot;
}

/** The evidence of a step in which `from` stands as `to` in one file, against the true predecessor. */
async function mutated(step: number, file: string, from: string, to: string): Promise<StepEvidence> {
  const files = new Map(trees[step]);
  const text = files.get(file) ?? '';
  expect(text).toContain(from);
  files.set(file, text.replace(from, to));
  const mutant = {
    ...(await stepOf(step)),
    boot: await load(files, `mutant-${step}-${file.replaceAll('/', '-')}-${to.length}`),
  };
  const evidence = judgeSteps([await stepOf(step - 1), mutant], scenarios, step);
  const last = evidence.at(-1);
  if (last === undefined) throw new Error('no evidence');
  return last;
}

describe('the fourteen steps', () => {
  it('should hold their contracts over all scenarios, and keep every promise that was kept before', async () => {
    const steps = await Promise.all(Array.from({ length: stepCount() + 1 }, (_, step) => stepOf(step)));
    const evidence = judgeSteps(steps, scenarios);
    expect(
      evidence.flatMap(({ step, failures }) => failures.map(({ message }) => `${step}: ${message}`)),
    ).toEqual([]);
    const pure = evidence.filter(({ differences }) => differences.length === 0).map(({ step }) => step);
    // memory-and-dax.md 16.13: these steps must be observationally equal to their predecessors.
    expect(pure).toEqual([0, 2, 4, 5, 8, 9, 10]);
    // The promises broken before the series and after it are the standing defects: short copies, inner mappings,
    // mappings from before a new device-mapper table, and mappings of padded pfn devices.
    const unexpected = evidence.at(-1)?.standing.filter((name) => !/^B6|^B14|^B15|^15.1 p/.test(name));
    expect(unexpected).toEqual([]);
    expect(evidence[1]?.standing.some((name) => name.startsWith('B5'))).toBe(true);
  });
});

describe('a step that is broken on purpose', () => {
  const cases: readonly (readonly [what: string, step: number, file: string, from: string, to: string])[] = [
    [
      'a dropped write-back of the head',
      3,
      'arch/x86/lib/usercopy_64.ts',
      'cleanCacheRange(kernel, destination, 1);',
      '',
    ],
    [
      'a write-back of one line only at fsync',
      6,
      'drivers/nvdimm/pmem.ts',
      'wbCachePmem(kernel, address, sizeBytes),',
      'wbCachePmem(kernel, address, Math.min(sizeBytes, 64)),',
    ],
    [
      'a dm flush routed to the wrong member',
      6,
      'drivers/md/dm-stripe.ts',
      'chunk % target.members.length',
      '0',
    ],
    [
      'a flush before the data of a FUA write',
      9,
      'drivers/nvdimm/pmem.ts',
      'if (bio.preflush) nvdimmFlush',
      'if (bio.fua) nvdimmFlush',
    ],
    [
      'a fence less in the flush',
      10,
      'drivers/nvdimm/region_devs.ts',
      '  wmb(kernel);\n  if (region',
      '  if (region',
    ],
  ];
  for (const [what, step, file, from, to] of cases) {
    it(`should be convicted by a small workload with a command to replay it: ${what}`, async () => {
      const { failures } = await mutated(step, file, from, to);
      expect(failures.length).toBeGreaterThan(0);
      const [first] = failures;
      expect(['undeclared difference', 'broken promise']).toContain(first?.kind);
      expect((first?.workload ?? '').split('\n').length).toBeLessThanOrEqual(5);
      expect(first?.replay).toContain(`--before ${stepName(step - 1)}`);
    });
  }
});

describe('a contract', () => {
  it('should fail as stale when it declares what is not so', async () => {
    const invented: Difference = {
      id: 'D2-invented',
      dimension: 'cost',
      relation: 'other',
      when: { operation: ['fsync'] },
      reason: 'nothing of the kind',
    };
    const contract: Contract = { ...contracts[1]!, differences: [invented] };
    const evidence = judgeSteps([await stepOf(1), await stepOf(2, contract)], scenarios, 2).at(-1);
    expect(evidence?.failures).toMatchObject([
      { kind: 'stale declaration', message: expect.stringContaining('D2-invented') },
    ]);
  });

  it('should fail when it leaves out what is so', async () => {
    const contract: Contract = { ...contracts[6]!, differences: [] };
    const evidence = judgeSteps([await stepOf(6), await stepOf(7, contract)], scenarios, 7).at(-1);
    expect(evidence?.failures.map(({ kind }) => kind)).toEqual(['undeclared difference']);
    expect(evidence?.failures[0]?.message).toContain('cost other');
  });
});

describe('the variants', () => {
  for (const name of variantNames(variantsFolder)) {
    const variant = readVariant(variantsFolder, name);
    const where =
      variant.convictedAt === null ? 'not be convicted' : `be convicted at step ${variant.convictedAt}`;
    it(`should ${where}: ${name}`, async () => {
      const judged = await Promise.all(
        stepsToJudge(variant, stepCount()).map(async (step) =>
          step < variant.entersAt
            ? stepOf(step)
            : { ...(await stepOf(step)), name: `${name}@${step}`, boot: await loadTree(`${name}@${step}`) },
        ),
      );
      const verdict = judgeVariant(variant, judged, scenarios);
      expect(verdict).toMatchObject({ convictedAt: variant.convictedAt, asExpected: true });
      for (const { workload } of verdict.failures.slice(0, 1)) {
        expect((workload ?? '').split('\n').length).toBeLessThanOrEqual(4);
      }
    });
  }
});
