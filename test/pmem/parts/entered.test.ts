/** A tree that says which of its functions a run enters, and what may be believed of a run for it. */
import { describe, expect, it } from 'vitest';
import { onceEach } from '#base/once.ts';
import { readTree } from '#base/tree-files.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { loadTree } from '#pmem/load-tree.ts';
import { loadMarked, partHashes } from '#pmem/parts/entered.ts';
import { sourceParts } from '#pmem/parts/source-parts.ts';
import { treeParts } from '#pmem/parts/tree-parts.ts';
import { digestOfRun } from '#pmem/run/digest.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { stepCount, stepName, treeFolder } from '../../support/project.ts';
import { share } from '../../support/thorough.ts';

const partsOf = onceEach(sourceParts);
const load = onceEach(async (name: string) => {
  const folder = treeFolder(name);
  const parts = treeParts(readTree(folder), partsOf);
  return { ...(await loadMarked(folder, readTree(folder), partsOf)), parts, folder };
});

const TREES = [
  ...Array.from({ length: stepCount + 1 }, (_, step) => stepName(step)),
  'as-posted@3',
  'one-leg@6',
  'cache-off@14',
];

/** Names of the functions that a workload enters. */
async function entered(name: string, text: string): Promise<string[]> {
  const { boot, entered: taken, parts } = await load(name);
  taken();
  runWorkload(boot, parseWorkload(text));
  const hashes = new Set(taken() ?? []);
  return parts.filter(({ hash }) => hashes.has(hash)).map(({ name: part }) => part);
}

describe('a marked tree', () => {
  it('should name what a workload enters, and nothing of another', async () => {
    const write = await entered('after', 'dax write pmem0:/f @3 iov 5');
    expect(write).toContain('arch/x86/lib/usercopy_64.ts:copyUserFlushcache');
    const bio = await entered('after', 'bio write pmem0 @0 512');
    expect(bio).toContain('drivers/nvdimm/pmem.ts:pmemMakeRequest');
    expect(bio).not.toContain('arch/x86/lib/usercopy_64.ts:copyUserFlushcache');
  });

  it('should run as the tree itself does', async () => {
    const { boot, folder } = await load('after');
    const plain = await loadTree(folder);
    for (const { workload } of suiteScenarios().filter((_, index) => index % 20 === 0)) {
      const parsed = parseWorkload(workload);
      expect(digestOfRun(runWorkload(boot, parsed))).toBe(digestOfRun(runWorkload(plain, parsed)));
    }
  });
});

describe('a tree with a kernel of its own', () => {
  it('should have no marks, so that no run stands for it or is stood for by it', async () => {
    const folder = treeFolder('btt-map-first@14');
    const { boot, entered: taken } = await loadMarked(folder, readTree(folder), partsOf);
    runWorkload(boot, parseWorkload('bio write pmem0 @0 512'));
    expect(taken()).toBeUndefined();
    expect(partHashes(readTree(folder), partsOf)).toBeUndefined();
  });
});

describe('a run that entered the same functions as are in another tree', () => {
  it('should give the same there, over all trees of the series', async () => {
    const scenarios = share(
      suiteScenarios().filter((_, index) => index % 9 === 0),
      12,
    );
    let reused = 0;
    for (const { workload } of scenarios) {
      const parsed = parseWorkload(workload);
      const known: { readonly parts: readonly string[]; readonly digest: string }[] = [];
      for (const name of TREES) {
        const { boot, entered: taken, parts } = await load(name);
        const own = new Set(parts.map(({ hash }) => hash));
        const digest = digestOfRun(runWorkload(boot, parsed));
        const entries = taken() ?? [];
        const standIn = known.find((other) => other.parts.every((part) => own.has(part)));
        if (standIn === undefined) known.push({ parts: entries, digest });
        else expect([name, workload, standIn.digest]).toEqual([name, workload, digest]);
        reused += Number(standIn !== undefined);
      }
    }
    // Something was believed without a run, or this test says nothing.
    expect(reused).toBeGreaterThan(scenarios.length);
  });
});
